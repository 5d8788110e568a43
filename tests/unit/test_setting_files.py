"""A value may come from a file, and whatever is wrong with that has its sentence."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.config import Settings, load_settings, problems, typos
from medusa.errors import SettingsError
from medusa.setting_files import LARGEST, Given, read_files
from medusa.setting_types import unquoted
from tests.unit.test_config import HASH, TOKEN, settings

VALUES = st.text(st.characters(codec="utf-8")).filter(
    lambda text: bool(unquoted(text)) and text[-1] not in "\r\n" and text[0] != "\ufeff"
)


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A directory without config.env and an environment without our variables."""
    for name in Settings.model_fields:
        for variable in (name.upper(), f"{name.upper()}_FILE"):
            monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_setting_may_come_from_a_file(empty: Path) -> None:
    texts = {
        "API_ID": "12345\n",
        "API_HASH": f"{HASH}\r\n",
        "BOT_TOKEN": f"\ufeff{TOKEN}",
        "LOG_CHANNELS": "-1001\n-1002\n",
        "PUBLIC": "true\n",
        "DATA_DIR": "/srv/medusa\n",
    }
    for variable, text in texts.items():
        (empty / variable).write_text(text, newline="")
    with pytest.MonkeyPatch.context() as patch:
        for variable in texts:
            patch.setenv(f"{variable}_FILE", str(empty / variable))
        found = load_settings()
    assert (found.api_id, found.api_hash.get_secret_value(), found.public) == (12345, HASH, True)
    assert found.bot_token.get_secret_value() == TOKEN
    assert (found.log_channels, found.data_dir) == ((-1001, -1002), Path("/srv/medusa"))


def test_the_settings_file_may_name_files_too(empty: Path) -> None:
    (empty / "token").write_text(TOKEN + "\n")
    (empty / "config.env").write_text(f"API_ID=1\nAPI_HASH={HASH}\nBOT_TOKEN_FILE='token'\nOWNER_FILE=\n")
    assert load_settings().bot_token.get_secret_value() == TOKEN
    assert typos() == ()


def test_a_name_that_is_nearly_one_gets_a_hint(empty: Path) -> None:
    (empty / "config.env").write_text("BOT_TOKN_FILE=token\n")
    assert typos() == ("config.env has BOT_TOKN_FILE, which I do not know. Did you mean BOT_TOKEN_FILE?",)


def test_a_value_and_a_file_for_it_are_one_too_many(empty: Path) -> None:
    (empty / "token").write_text(TOKEN)
    sentence = "BOT_TOKEN and BOT_TOKEN_FILE are both set. Keep one."
    with pytest.raises(SettingsError) as caught:
        settings(BOT_TOKEN_FILE="token")
    assert caught.value.sentence == sentence
    (empty / "config.env").write_text("BOT_TOKEN=wrong\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("bot_token_file", "token")
        assert problems(API_ID="1", API_HASH=HASH) == {"BOT_TOKEN_FILE": sentence}


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("./nothing", "does not exist"),
        ("./folder", "is a directory, not a file"),
        ("./empty", "is empty"),
        ("./blank", "is empty"),
        ("./quotes", "is empty"),
        ("./binary", "holds no text"),
        ("./large", "is larger than 64 KiB"),
        ("./pipe", "is no regular file"),
        ("./empty/token", "does not exist"),
        ("./" + "x" * 300, "cannot be read: file name too long"),
    ],
)
def test_a_file_that_is_no_value_has_its_sentence(empty: Path, path: str, reason: str) -> None:
    (empty / "folder").mkdir()
    (empty / "empty").touch()
    (empty / "blank").write_text(" \n\n")
    (empty / "quotes").write_text('""\n')
    (empty / "binary").write_bytes(b"\xff\xfe")
    (empty / "large").write_bytes(b"1" * (LARGEST + 1))
    os.mkfifo(empty / "pipe")
    found = read_files(["owner"], {"owner_file": path})
    assert found == Given({}, {"OWNER_FILE": f'OWNER_FILE: "{path}" {reason}.'})


def test_a_required_value_whose_file_is_missing_has_one_sentence() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOT_TOKEN_FILE", "/run/secrets/bot_token")
        found = problems(API_ID="1", API_HASH=HASH)
    assert found == {"BOT_TOKEN_FILE": 'BOT_TOKEN_FILE: "/run/secrets/bot_token" does not exist.'}


@pytest.mark.parametrize("secret", [TOKEN, HASH, "mongodb://u:pass-word@host/"])
def test_a_secret_in_place_of_a_path_is_not_shown(secret: str) -> None:
    sentence = read_files(["bot_token"], {"bot_token_file": secret}).wrong["BOT_TOKEN_FILE"]
    assert "does not exist" in sentence
    assert not any(piece in sentence for piece in (TOKEN[-32:], HASH[4:], "pass-word"))


def test_a_wrong_value_of_a_file_is_told_like_any_other(empty: Path) -> None:
    (empty / "token").write_text("hush-hush")
    with pytest.raises(SettingsError) as caught:
        settings(BOT_TOKEN="", BOT_TOKEN_FILE="token")
    assert caught.value.sentence.startswith("BOT_TOKEN: what was given (not shown) is not a token")


def test_no_setting_is_the_file_of_another() -> None:
    assert not {f"{name}_file" for name in Settings.model_fields} & set(Settings.model_fields)


@given(VALUES, st.sampled_from(["\n", "\r\n"]))
def test_any_text_comes_back_without_the_end_of_its_line(text: str, end: str) -> None:
    Path("value").write_text(text + end, newline="")
    assert read_files(["owner"], {"owner_file": "value"}) == Given({"owner": text}, {})


@given(
    st.dictionaries(
        st.sampled_from(["owner", "owner_file", "public", "public_file", "path"]),
        st.sampled_from(["", " ", "''", "there", "nowhere"]),
    )
)
def test_what_names_a_file_is_read_or_refused_and_nothing_else(variables: dict[str, str]) -> None:
    Path("there").write_text("7")
    found = read_files(["owner", "public"], variables)
    for name in ("owner", "public"):
        own, path = (variables.get(variable, "").strip(" '") for variable in (name, f"{name}_file"))
        assert (name in found.texts) == (path == "there" and not own)
        assert (f"{name.upper()}_FILE" in found.wrong) == (path == "nowhere" or bool(path and own))
