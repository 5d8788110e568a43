"""Texts that become files, and lists of what a link leads to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.batch_text import read
from medusa.model import Kind, Media
from medusa.playlist import Entry, Playlist
from medusa.text import CAPTION_LIMIT, LONGEST_STEM, LONGEST_STEM_BYTES, file_name, utf16_length
from medusa.views import texts
from tests.unit.test_views import Strict, shown

names = st.text(max_size=80) | st.sampled_from(
    ["../../etc/passwd", "a\\b:c*?", "\u202egpj.exe", "🎬" * 200, "...", "CON", "a\nb", "\ud800"]
)


@given(names)
def test_a_name_is_one_that_every_system_takes(stem: str) -> None:
    name = file_name(stem, "txt")
    kept = name.removesuffix(".txt")
    assert kept.strip(" .") == kept != ""
    assert not set(name) & set('/\\:*?"<>|\n\u202e')
    assert len(kept) <= LONGEST_STEM
    assert len(name.encode()) <= LONGEST_STEM_BYTES + 4


@pytest.mark.parametrize(
    ("answer", "name"),
    [("/d", "txt_file"), ("", "txt_file"), (" /d ", "txt_file"), ("notes", "notes"), ("notes.TXT", "notes")],
)
def test_the_name_of_a_text(answer: str, name: str) -> None:
    assert texts.text_file("hello", answer) == (f"{name}.txt", "hello\n", "text/plain")


titles = names | st.sampled_from(["Visit https://x.org now", "a: b", "# remark", "1:20-3:45 | x"])
urls = st.integers(0, 999).map(lambda number: f"https://example.org/watch?v={number}&list=a_B-c")
playlists = st.builds(
    Playlist,
    url=urls,
    title=titles,
    source=st.just("site"),
    entries=st.lists(st.builds(Entry, url=urls, title=titles), max_size=5).map(tuple),
    is_cut=st.booleans(),
)


@given(playlists)
async def test_a_playlist_is_a_list_that_a_batch_takes(playlist: Playlist) -> None:
    file = texts.playlist_file(playlist)
    assert file.name.endswith(".txt")
    listing = read(file.text)
    assert [entry.url for entry in listing.entries] == [entry.url for entry in playlist.entries]
    assert listing.bad == ()
    for view in (texts.playlist_caption(playlist), texts.listed(playlist).text):
        Strict(view)
        assert utf16_length(await shown(view)) <= CAPTION_LIMIT


def test_one_video_is_a_list_too() -> None:
    media = Media(url="https://e.org/1", title="Film", source="e", kind=Kind.VIDEO, formats=())
    assert texts.playlist_file(media) == ("Film.txt", "Film: https://e.org/1\n", "text/plain")


@given(names, st.lists(st.sampled_from(["https://e.org/1", "nothing", "A: https://e.org/2"]), min_size=1))
async def test_the_caption_of_a_page_fits(name: str, lines: list[str]) -> None:
    listing = read("\n".join(lines * 30))
    caption = texts.page_caption(name, listing)
    Strict(caption)
    assert utf16_length(await shown(caption)) <= CAPTION_LIMIT
    assert texts.page_file(name, listing).mime == "text/html"
