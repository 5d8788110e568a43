"""Links that lead to many: pages with several videos, feeds, lists within lists. Real yt-dlp."""

from pathlib import Path

import pytest

from medusa.errors import BadLink, LoginNeeded, SourceGone
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from medusa.model import Media
from medusa.playlist import Entry, Playlist
from tests.integration.media.conftest import IMPATIENT
from tests.integration.media.fetching import probe
from tests.site import Site
from tests.site.extractors import install
from tests.site.lists import FILMS


async def unfold(source: Source, url: str) -> Playlist:
    """What a link to many leads to."""
    found = await source.probe(url)
    assert isinstance(found, Playlist)
    return found


async def entry_of(source: Source, entry: Entry) -> Media:
    return await probe(source, entry.url, hint=entry.hint)


async def test_each_video_of_a_page_can_be_fetched_by_itself(site: Site, source: Source) -> None:
    page = await unfold(source, site.url("page-three"))
    assert (page.source, page.is_cut, len(page.entries)) == ("127.0.0.1", False, len(FILMS))
    assert not site.requests[FILMS[1]], "nothing is asked for the entries"
    second = await entry_of(source, page.entries[1])
    assert second.formats[0].size == site.original(FILMS[1]).stat().st_size
    assert len({entry.url for entry in page.entries}) == len(FILMS)
    with pytest.raises(SourceGone):
        await source.probe(page.entries[1].url.replace("=2", "=9"))


async def test_a_feed_of_hundreds_is_one_request(site: Site, source: Source) -> None:
    feed = await unfold(source, f"{site.base}/feed.xml?items=500")
    assert (feed.title, len(feed.entries)) == ("The <loud> podcast", 500)
    assert [entry.title for entry in feed.entries[:2]] == ["Episode 1", "Episode 2"]
    assert feed.entries[499].url == f"{site.base}/video.mp4?episode=500"
    assert site.requests == {"feed.xml": 1}
    assert (await entry_of(source, feed.entries[499])).formats


async def test_what_is_too_long_is_cut(site: Site, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("medusa.media.source.MOST_ENTRIES", 20)
    exactly = await unfold(source, f"{site.base}/feed.xml?items=20")
    more = await unfold(source, f"{site.base}/feed.xml?items=21")
    assert [(len(feed.entries), feed.is_cut) for feed in (exactly, more)] == [(20, False), (20, True)]


async def test_a_list_of_one_is_that_one(site: Site, source: Source) -> None:
    media = await probe(source, f"{site.base}/feed.xml?items=1")
    assert media.formats[0].size == site.original("mp4").stat().st_size


async def test_lists_within_a_list_become_one(
    site: Site, base: Path, tmp_path: Path, nursery: Nursery
) -> None:
    source = Source(
        base, nursery, allow=[site.allow], plugins=install(tmp_path / "plugins"), patience=IMPATIENT
    )
    shelf = await unfold(source, f"{site.base}/shelf")
    titles = ["Inner 1", "Inner 2", "Row 1", "Row 2", "Locked", "Hidden", "Direct"]
    assert [entry.title for entry in shelf.entries] == titles
    for entry in shelf.entries[4:]:
        assert (await entry_of(source, entry)).title == entry.title
    locked = shelf.entries[4]
    assert locked.hint
    with pytest.raises(LoginNeeded):
        await source.probe(locked.url)
    with pytest.raises(BadLink):  # what the playlist may say, a person may not
        await source.probe(f"{locked.url}#__youtubedl_smuggle=%7B%22key%22%3A+%22sesame%22%7D")
