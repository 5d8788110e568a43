"""Which subtitles a person gets."""

import pytest

from medusa.media import subtitles
from medusa.media.choose import choose
from medusa.model import Format, Kind, Media, Method, Subtitle
from medusa.wishes import Section, Shape, Subtitles, Wish

OFFERED = (
    Subtitle(language="en"),
    Subtitle(language="en-GB"),
    Subtitle(language="pt-BR"),
    Subtitle(language="de", is_automatic=True),
    Subtitle(language="de-CH"),
    Subtitle(language="fr", is_automatic=True),
)
FORMAT = Format(id="1", protocol="https", container="mp4", video_codec="h264", audio_codec="aac", height=180)
MEDIA = Media(
    duration=60,
    url="https://example.org",
    title="A walk",
    source="x",
    kind=Kind.VIDEO,
    formats=(FORMAT,),
    subtitles=OFFERED,
)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("en", "en"),
        ("EN_gb", "en-GB"),
        ("en-US", "en"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("de", "de-CH"),  # what people wrote
        ("fr-CA", "fr"),
        ("it", None),
        ("", None),
    ],
)
def test_the_nearest(wanted: str, found: str | None) -> None:
    nearest = subtitles.nearest(OFFERED, wanted)
    assert (nearest and nearest.language) == found


def test_kept_in_the_video() -> None:
    plan = choose(MEDIA, Wish(), Shape(subtitles=Subtitles(language="pt")), max_size=2**31)
    assert (plan.subtitles, plan.method) == (OFFERED[2], Method.REMUX)
    assert plan.head_window > choose(MEDIA, Wish(), Shape(), max_size=2**31).head_window
    assert subtitles.file_of(plan, MEDIA, None) is None


def test_as_a_file() -> None:
    plan = choose(MEDIA, Wish(), Shape(subtitles=Subtitles(language="pt", as_file=True)), max_size=2**31)
    assert (plan.subtitles, plan.method) == (None, Method.PASS)
    text = subtitles.file_of(plan, MEDIA, None)
    assert text is not None
    assert (text.file_name, text.kind, text.format_ids) == ("A walk.pt-BR.srt", Kind.DOCUMENT, ("pt-BR",))


@pytest.mark.parametrize("as_file", [True, False])
def test_none_where_there_is_nothing_to_read(as_file: bool) -> None:
    shape = Shape(subtitles=Subtitles(language="en", as_file=as_file))
    for media, wish in ((MEDIA, Wish(audio_only=True)), (MEDIA.evolve(subtitles=()), Wish())):
        plan = choose(media, wish, shape, max_size=2**31)
        assert (plan.subtitles, plan.subtitle_file) == (None, None)


def test_what_can_only_be_passed_on_gets_a_file() -> None:
    late = MEDIA.evolve(formats=(FORMAT.evolve(index_is_late=True),))
    plan = choose(late, Wish(), Shape(subtitles=Subtitles(language="en")), max_size=2**31)
    assert (plan.method, plan.subtitles, plan.subtitle_file) == (Method.PASS, None, OFFERED[0])


@pytest.mark.parametrize(
    ("section", "seconds", "start"),
    [
        (Section(start=5, end=8), 4.0, 4.0),  # from the key frame before
        (Section(start=5, end=8), 2.9, 5.0),
        (Section(start=5, end=8), 99.0, 0.0),
        (Section(start=50), 12.0, 48.0),  # of sixty seconds
        (Section(start=5, end=8), None, 5.0),
    ],
)
def test_a_part_has_the_texts_of_what_it_really_is(
    section: Section, seconds: float | None, start: float
) -> None:
    shape = Shape(subtitles=Subtitles(language="en", as_file=True), section=section)
    text = subtitles.file_of(choose(MEDIA, Wish(), shape, max_size=2**31), MEDIA, seconds)
    assert text is not None
    assert text.section == section.evolve(start=start)
