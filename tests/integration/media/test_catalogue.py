"""Which sites the bot knows, asked of a media child; and plugins that are broken."""

from pathlib import Path

import pytest

from medusa.errors import BadLink
from medusa.media.catalogue import Catalogue
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from tests.integration.media.conftest import IMPATIENT
from tests.integration.media.fetching import fetch
from tests.site import Site
from tests.site.extractors import BROKEN, WORKING, install


async def test_what_was_added_is_listed_with_what_is_broken(
    base: Path, tmp_path: Path, nursery: Nursery
) -> None:
    plugins = install(tmp_path / "plugins")
    before = sorted(plugins.rglob("*"))
    found = await Catalogue(base, nursery, plugins=plugins).survey("http://127.0.0.1:99/shelf")
    assert sorted(one.name for one in found.custom) == sorted(WORKING)
    assert sorted(one.file.removesuffix(".py") for one in found.broken) == sorted(BROKEN)
    assert "RuntimeError: not today" in {one.problem for one in found.broken}
    assert (found.match, found.match_is_custom) == ("Shelf", True)
    assert sorted(plugins.rglob("*")) == before, "the child may write nowhere but at home"
    assert list(base.iterdir()) == []


@pytest.mark.parametrize(
    ("link", "match"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "Youtube"),
        ("https://docs.google.com/document/d/1AbCdEfGhIjKlMnOpQrStUvWxYz_-0123/edit", "GoogleDrive"),
        ("https://example.org/film.mp4", ""),
    ],
)
async def test_the_site_of_a_link_is_named(base: Path, link: str, match: str, nursery: Nursery) -> None:
    found = await Catalogue(base, nursery).survey(link)
    assert (found.match, found.match_is_custom, found.custom, found.broken) == (match, False, (), ())
    assert found.built_in > 1000


async def test_what_is_no_link_is_not_asked_for(base: Path, nursery: Nursery) -> None:
    with pytest.raises(BadLink):
        await Catalogue(base, nursery).survey("file:///etc/passwd")


async def test_broken_plugins_break_nothing_else(
    site: Site, base: Path, tmp_path: Path, nursery: Nursery
) -> None:
    plugins = install(tmp_path / "plugins")
    source = Source(base, nursery, allow=[site.allow], plugins=plugins, patience=IMPATIENT)
    got = await fetch(source, site.url("page-video"))
    assert got.report().md5s == site.track_md5("page-video")


async def test_a_plugin_beside_the_directory_is_not_loaded(
    base: Path, tmp_path: Path, nursery: Nursery
) -> None:
    install(tmp_path / "others")
    (tmp_path / "plugins").mkdir()
    assert (await Catalogue(base, nursery, plugins=tmp_path / "plugins").survey()).custom == ()


async def test_who_changes_a_built_in_site_is_listed_too(
    base: Path, tmp_path: Path, nursery: Nursery
) -> None:
    place = tmp_path / "plugins" / "mine" / "yt_dlp_plugins" / "extractor"
    place.mkdir(parents=True)
    (place / "changed.py").write_text(
        "from yt_dlp.extractor.googledrive import GoogleDriveIE\n"
        "class _MineIE(GoogleDriveIE, plugin_name='mine'):\n    pass\n"
    )
    found = await Catalogue(base, nursery, plugins=tmp_path / "plugins").survey()
    assert [(one.name, one.file) for one in found.custom] == [("GoogleDrive+mine", "changed.py")]
