"""An owner's options of yt-dlp: what is allowed comes through as yt-dlp has it, nothing else does."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.source_options import LARGEST, WrongOptions, checked, read_options

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
NAMES = ["extractor_args", "impersonate", "geo_bypass", "geo_bypass_country", "geo_bypass_ip_block"]


def test_what_is_allowed() -> None:
    given = {
        "extractor_args": {
            "YouTube": {"player-client": ["web", "mweb"], "po_token": "web.gvs+ABC"},
            "youtubepot-bgutilhttp": {"base_url": ["http://127.0.0.1:4416"]},
        },
        "impersonate": "Chrome-131:macos-14",
        "geo_bypass": True,
        "geo_bypass_country": "de",
        "geo_bypass_ip_block": "93.184.0.0/16",
        "sleep_interval_requests": 0.5,
        "age_limit": 18,
    }
    assert checked(given) == {
        **given,
        "extractor_args": {
            "youtube": {"player_client": ["web", "mweb"], "po_token": ["web.gvs+ABC"]},
            "youtubepot-bgutilhttp": {"base_url": ["http://127.0.0.1:4416"]},
        },
        "impersonate": "chrome-131:macos-14",
        "geo_bypass_country": "DE",
    }


@pytest.mark.parametrize(
    "name",
    [
        *("exec", "exec_cmd", "postprocessors", "paths", "outtmpl", "proxy", "geo_verification_proxy"),
        *(
            "cookiefile",
            "cookiesfrombrowser",
            "plugin_dirs",
            "allow_unplayable_formats",
            "external_downloader",
        ),
        *("config_locations", "cachedir", "enable_file_urls", "remote_components", "logger"),
        *("source_address", "nocheckcertificate", "http_headers", "ffmpeg_location", "usenetrc", "netrc_cmd"),
    ],
)
def test_what_is_not(name: str) -> None:
    with pytest.raises(WrongOptions, match=f"^without {name}: allowed are extractor_args, "):
        checked({"geo_bypass": True, name: "x"})


@pytest.mark.parametrize(
    "values",
    [
        *([], "x", None, {"geo_bypass": "yes"}, {"impersonate": "chrome; rm"}, {"impersonate": ["chrome"]}),
        *({"geo_bypass_country": "Germany"}, {"geo_bypass_ip_block": "::/0"}, {"age_limit": True}),
        *({"sleep_interval_requests": 11}, {"sleep_interval_requests": float("nan")}, {"extractor_args": []}),
        *({"extractor_args": {"a": []}}, {"extractor_args": {"a": {"b": [1]}}}, {"extractor_args": {"": {}}}),
        {"extractor_args": {"a": {"b": "new\nline"}}},
    ],
)
def test_nonsense(values: Any) -> None:
    with pytest.raises(WrongOptions):
        checked(values)


@given(JSON | st.dictionaries(st.sampled_from(NAMES), JSON))
def test_whatever_is_given_is_refused_or_plain(values: Any) -> None:
    try:
        found = checked(values)
    except WrongOptions:
        return
    assert json.loads(json.dumps(found)) == found
    assert checked(found) == found


def test_files(tmp_path: Path) -> None:
    toml, other = tmp_path / "o.toml", tmp_path / "o.json"
    toml.write_text('impersonate = "chrome"\n[extractor_args.youtube]\nplayer_client = ["web"]\n')
    other.write_text('{"impersonate": "chrome", "extractor_args": {"youtube": {"player_client": ["web"]}}}')
    assert read_options(toml) == read_options(other)
    for content in ("{", "[" * 50_000, "\xff", "x" * (LARGEST + 1)):
        other.write_text(content, "latin-1")
        with pytest.raises(WrongOptions, match="a file of"):
            read_options(other)
    with pytest.raises(WrongOptions, match="can be read"):
        read_options(tmp_path / "none")
