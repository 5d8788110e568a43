"""Which downloads have the same files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.media.choose import choose
from medusa.media.identity import fingerprint
from medusa.model import Format, Kind, Media, Plan
from medusa.wishes import Look, Thumbnail, Wish

SIZE = 2**31


def video(height: int, size: int = 5_000_000) -> Format:
    return Format(
        id=str(height),
        protocol="https",
        container="mp4",
        video_codec="avc1.4d401e",
        audio_codec="mp4a.40.2",
        height=height,
        size=size,
        size_is_exact=True,
        ranges=True,
    )


FILM = Media(
    url="https://example.org/film",
    title="Film",
    source="Example",
    kind=Kind.VIDEO,
    formats=(video(720), video(1080)),
    duration=60,
    recipe=b"signed",
)


def print_of(media: Media, height: int = 720, **changes: object) -> str:
    plan = choose(media, Wish(max_height=height), max_size=SIZE)
    return fingerprint(media, plan.evolve(**changes))


def test_who_wants_the_same_of_the_same_page_gets_the_same_files() -> None:
    again = FILM.evolve(recipe=b"signed later", formats=(video(360), video(720), video(1080)))
    assert print_of(again) == print_of(FILM)


@pytest.mark.parametrize(
    "other",
    [
        FILM.evolve(url="https://example.org/other"),
        FILM.evolve(title="Film, second cut"),
        FILM.evolve(duration=61),
        FILM.evolve(formats=(video(720, size=5_000_001), video(1080))),
    ],
)
def test_another_media_has_other_files(other: Media) -> None:
    assert print_of(other) != print_of(FILM)


def test_another_plan_makes_other_files() -> None:
    known = {
        print_of(FILM),
        print_of(FILM, 1080),
        print_of(FILM, kind=Kind.DOCUMENT),
        print_of(FILM, max_size=SIZE // 2),
        print_of(FILM, file_name="other.mp4"),
    }
    assert len(known) == 5


def test_where_the_index_goes_does_not_matter() -> None:
    assert print_of(FILM, head_window=99) == print_of(FILM)


@given(st.text(), st.text())
def test_any_title_will_do(one: str, other: str) -> None:
    same = print_of(FILM.evolve(title=one)) == print_of(FILM.evolve(title=other))
    plans = [choose(FILM.evolve(title=title), Wish(), max_size=SIZE) for title in (one, other)]
    assert all(isinstance(plan, Plan) for plan in plans)
    assert same == (one.encode("utf-8", "replace") == other.encode("utf-8", "replace"))


def test_what_cookies_have_opened_is_for_one_person_alone() -> None:
    prints = [print_of(FILM.evolve(private_to=person)) for person in (None, 5, 6)]
    assert len(set(prints)) == 3
    assert print_of(FILM.evolve(private_to=5)) == prints[1]


def test_a_file_with_another_thumbnail_is_another_one() -> None:
    looks = [
        Look(),
        Look(thumbnail=Thumbnail.NONE),
        Look(thumbnail=Thumbnail.OWN, picture="a"),
        Look(thumbnail=Thumbnail.OWN, picture="b"),
    ]
    plan = choose(FILM, Wish(), max_size=SIZE)
    assert len({fingerprint(FILM, plan, look) for look in looks}) == len(looks)
    captioned = fingerprint(FILM, plan, Look(caption="{title}", picture="a"))
    assert captioned == fingerprint(FILM, plan), "captions are made anew"
