"""The playlist of a broadcast: what it says, and what of it is new each time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import MediaUnreadable, ProtectedMedia
from medusa.media.child import broadcast
from medusa.media.child.broadcast import BEHIND, Follower, Key, Part, Playlist, Segment

URL = "https://cdn.example.org/live/index.m3u8?token=1"


def playlist(first: int, count: int, *, seconds: float = 2.0, is_over: bool = False) -> Playlist:
    segments = (Segment(number, Part(f"{number}.ts"), seconds) for number in range(first, first + count))
    return Playlist(tuple(segments), seconds, is_over)


def numbers(follower: Follower, now: Playlist) -> list[int]:
    return [segment.number for segment in follower.fresh(now)]


def test_what_a_playlist_says() -> None:
    text = """#EXTM3U
#EXT-X-TARGETDURATION:6
#EXT-X-MEDIA-SEQUENCE:41
#EXT-X-MAP:URI="init.mp4",BYTERANGE="720@0"
#EXT-X-KEY:METHOD=AES-128,URI="/key?a,b",IV=0x0F
#EXTINF:5.96,a title, with commas
#EXT-X-BYTERANGE:1000@720
all.mp4
#EXT-X-BYTERANGE:500
#EXTINF:6
all.mp4

#EXT-X-KEY:METHOD=NONE
#EXT-X-DISCONTINUITY
# a remark
#EXT-X-GAP
#EXTINF:4,
https://elsewhere.example.org/x.ts
#EXT-X-ENDLIST
"""
    head = Part("https://cdn.example.org/live/init.mp4", 0, 720)
    key = Key("https://cdn.example.org/key?a,b", bytes(15) + b"\x0f")
    whole = "https://cdn.example.org/live/all.mp4"
    assert broadcast.read(text, URL) == Playlist(
        (
            Segment(41, Part(whole, 720, 1720), 5.96, key, head),
            Segment(42, Part(whole, 1720, 2220), 6.0, key, head),
            Segment(43, Part("https://elsewhere.example.org/x.ts"), 4.0, None, head, is_missing=True),
        ),
        6.0,
        is_over=True,
    )


@pytest.mark.parametrize(
    ("tag", "error"),
    [
        ('METHOD=SAMPLE-AES,URI="k"', MediaUnreadable),
        ('METHOD=AES-128,URI="skd://k"', ProtectedMedia),
        ('METHOD=AES-128,URI="k",KEYFORMAT="com.microsoft.playready"', ProtectedMedia),
        ('METHOD=AES-128,URI="k",IV=0xQQ', MediaUnreadable),
        ("METHOD=AES-128", MediaUnreadable),
    ],
)
def test_what_cannot_be_read_is_refused(tag: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        broadcast.read(f"#EXTM3U\n#EXT-X-KEY:{tag}\n#EXTINF:1,\na.ts\n", URL)


def test_a_page_is_no_playlist() -> None:
    with pytest.raises(MediaUnreadable):
        broadcast.read("<html>", URL)


@given(st.text(st.sampled_from('#EXT-XMAPKEYINFGB:=",@.0123456789\n \rURIt')))
def test_no_playlist_breaks_it(text: str) -> None:
    try:
        found = broadcast.read("#EXTM3U\n" + text, URL)
    except (MediaUnreadable, ProtectedMedia):
        return
    assert all(0 <= segment.seconds <= broadcast.LONGEST_SEGMENT for segment in found.segments)
    assert [s.number for s in found.segments] == sorted(s.number for s in found.segments)


def test_it_begins_near_the_end() -> None:
    follower = Follower()
    assert numbers(follower, playlist(100, 10)) == [107, 108, 109]
    assert numbers(follower, playlist(100, 10)) == []
    assert numbers(follower, playlist(102, 10)) == [110, 111]
    assert follower.missed == 0


def test_what_slid_out_of_the_window_is_counted() -> None:
    follower = Follower()
    numbers(follower, playlist(0, 4))
    assert numbers(follower, playlist(7, 4)) == [7, 8, 9, 10]
    assert follower.missed == 3


def test_a_broadcaster_who_counts_anew_and_a_copy_that_is_old() -> None:
    follower = Follower()
    numbers(follower, playlist(1000, 4))
    assert numbers(follower, playlist(999, 4)) == []
    assert numbers(follower, playlist(0, 4)) == [0, 1, 2, 3]


def test_it_ends_when_it_is_long_enough() -> None:
    follower = Follower(limit=9.0)
    assert numbers(follower, playlist(0, 3)) == [0, 1, 2]
    assert numbers(follower, playlist(1, 8)) == [3, 4]
    assert follower.is_full
    assert follower.taken == 10.0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 8)), min_size=1, max_size=30))
def test_every_segment_comes_once_and_in_order(steps: list[tuple[int, int]]) -> None:
    follower, first, taken = Follower(), 0, []
    last = 0
    for slid, count in steps:
        first += slid
        last = max(last, first + count)
        taken += numbers(follower, playlist(first, last - first))
    assert taken == sorted(set(taken))
    assert taken[-1] == last - 1
    assert taken[-1] - taken[0] + 1 == len(taken) + follower.missed
    assert taken[0] >= steps[0][0] + steps[0][1] - BEHIND


@pytest.mark.parametrize(
    ("target", "had_news", "seconds"),
    [(6.0, True, 6.0), (6.0, False, 3.0), (0.0, False, 0.1), (999.0, True, 30.0)],
)
def test_when_it_is_read_again(target: float, had_news: bool, seconds: float) -> None:
    assert broadcast.pause(Playlist((), target, is_over=False), had_news=had_news) == seconds
