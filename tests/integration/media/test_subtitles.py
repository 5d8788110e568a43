"""Subtitles from the site: listed, kept in the video, and as a file of their own."""

import pytest

from medusa.errors import SubtitlesLost
from medusa.media import subtitles
from medusa.media.choose import choose
from medusa.media.source import Source
from medusa.model import Media, Plan
from medusa.wishes import Section, Shape, Subtitles, Wish
from tests.integration.media.fetching import LARGEST, probe, stream, stream_cut
from tests.site import Site
from tests.site.inspect import inspect
from tests.site.inspect import subtitles as said

EN = [(1.0, 1.5, "A walk by the sea & back."), (4.0, 2.0, "Two lines\nat once.")]
DE_SRT = """1
00:00:01,000 --> 00:00:02,500
Ein Spaziergang am Meer.

2
00:00:04,000 --> 00:00:06,000
Schön & gut.

"""


def planned(media: Media, language: str, *, as_file: bool = False, section: Section | None = None) -> Plan:
    shape = Shape(subtitles=Subtitles(language=language, as_file=as_file), section=section)
    return choose(media, Wish(), shape, max_size=LARGEST)


async def test_the_page_tells_which_there_are(site: Site, source: Source) -> None:
    media = await probe(source, site.url("subtitles"))
    assert [(s.language, s.is_automatic) for s in media.subtitles] == [
        ("en-GB", False),
        ("de", False),
        ("fr", False),
    ]


@pytest.mark.parametrize("name", ["subtitles", "hls-subtitles"])
async def test_kept_in_the_video(site: Site, source: Source, name: str) -> None:
    media = await probe(source, site.url(name))
    fetched = await stream(source, media, planned(media, "en"))
    language, texts = said(fetched.data)
    assert (language, texts) == ("eng", EN)
    report = inspect(fetched.data)
    assert report.md5s == site.track_md5(name)
    assert report.is_faststart
    assert report.errors == 0
    assert report.seeks


async def test_a_part_has_its_own(site: Site, source: Source) -> None:
    media = await probe(source, site.url("subtitles"))
    fetched = await stream(source, media, planned(media, "en", section=Section(start=4.0, end=8.0)))
    assert said(fetched.data)[1] == [(0.0, 2.0, EN[1][2])]


async def test_each_piece_has_its_own(site: Site, source: Source) -> None:
    media = await probe(source, site.url("subtitles"))
    plan = planned(media, "en").evolve(head_window=30_000, max_size=150_000)
    pieces = (await stream_cut(source, media, plan)).files
    assert len(pieces) > 1
    heard, begins = [], 0.0
    for piece in pieces:
        heard += [(begins + start, text) for start, _, text in said(piece)[1]]
        begins += inspect(piece).duration or 0.0
    assert [text for _, text in dict.fromkeys(heard)] == [text for _, _, text in EN]
    assert [start for start, _ in heard] == pytest.approx([start for start, _, _ in EN], abs=0.1)


async def test_as_a_file(site: Site, source: Source) -> None:
    media = await probe(source, site.url("subtitles"))
    text = subtitles.file_of(planned(media, "de", as_file=True), media, None)
    assert text is not None
    fetched = await stream(source, media, text)
    assert fetched.data.decode() == DE_SRT
    assert fetched.summary.size == len(fetched.data)


async def test_the_site_has_lost_them(site: Site, source: Source) -> None:
    media = await probe(source, site.url("subtitles"))
    with pytest.raises(SubtitlesLost):
        await stream(source, media, planned(media, "fr"))
