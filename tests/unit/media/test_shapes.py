"""What becomes of the media: sound in another form, a part of it, another name, a plain file."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import MediaUnreadable, WrongArgument
from medusa.media import names
from medusa.media.choose import choose
from medusa.media.identity import fingerprint, made_by
from medusa.model import Format, Kind, Media, Method, Plan
from medusa.wishes import AudioFormat, Section, Shape, Wish

SIZE = 2_000_000_000
BEST = Wish()
SOUND = Wish(audio_only=True)
FILM = Format(
    id="film",
    protocol="https",
    container="mp4",
    video_codec="avc1.64001f",
    audio_codec="mp4a.40.2",
    height=720,
    size=60_000_000,
    size_is_exact=True,
    ranges=True,
)
AAC = Format(id="aac", protocol="https", container="m4a", audio_codec="mp4a.40.2", bitrate=128.0)
OPUS = Format(id="opus", protocol="https", container="webm", audio_codec="opus", bitrate=160.0)
SONG = Format(id="0", protocol="https", container="mp3", audio_codec="mp3", bitrate=320.0)


def media(*formats: Format, kind: Kind = Kind.VIDEO, **fields: object) -> Media:
    values: dict[str, object] = {
        "url": "https://example.org/",
        "title": "A walk",
        "source": "example.org",
        "kind": kind,
        "formats": formats,
        "duration": 100.0,
    }
    return Media.model_validate(values | fields)


PAGE = media(OPUS, AAC, FILM)
DIRECT = media(SONG, kind=Kind.AUDIO, mime="audio/mpeg")
ARCHIVE = media(
    FILM.evolve(container="unknown_video"), kind=Kind.DOCUMENT, title="a.tar.gz", mime="application/gzip"
)


def plan(found: Media, wish: Wish = BEST, **shape: Any) -> Plan:
    return choose(found, wish, Shape.model_validate(shape), max_size=SIZE)


# --- sound ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "source", "name", "mime", "rate"),
    [
        (AudioFormat.MP3, "aac", "A walk.mp3", "audio/mpeg", 160_000),
        (AudioFormat.M4A, "aac", "A walk.m4a", "audio/mp4", 160_000),
        (AudioFormat.OPUS, "opus", "A walk.opus", "audio/ogg", 128_000),
    ],
)
def test_sound_comes_in_the_form_that_is_wanted(
    form: AudioFormat, source: str, name: str, mime: str, rate: int
) -> None:
    """And from the source that has it already, where there is one."""
    found = plan(PAGE, SOUND, audio_format=form)
    assert (found.method, found.kind, found.format_ids) == (Method.ENCODE, Kind.AUDIO, (source,))
    assert (found.file_name, found.mime, found.bit_rate) == (name, mime, rate)
    assert found.sound_only
    assert (found.head_window > 200_000) is (form is not AudioFormat.OPUS)


def test_how_large_it_will_be() -> None:
    assert plan(PAGE, SOUND, audio_format=AudioFormat.MP3).size == 160_000 // 8 * 100
    assert plan(PAGE, SOUND, audio_format=AudioFormat.M4A).size == 128_000 // 8 * 100
    assert plan(PAGE.evolve(duration=None), SOUND, audio_format=AudioFormat.MP3).size is None
    assert plan(media(FILM), SOUND, audio_format=AudioFormat.MP3).quality == "192 kbit/s"


def test_a_video_stays_a_video() -> None:
    assert plan(PAGE, audio_format=AudioFormat.MP3) == plan(PAGE)


def test_a_file_that_is_of_that_form_is_left_alone() -> None:
    assert plan(DIRECT, audio_format=AudioFormat.MP3) == plan(DIRECT)
    assert plan(DIRECT, audio_format=AudioFormat.MP3).method is Method.PASS
    assert plan(DIRECT, audio_format=AudioFormat.OPUS).method is Method.ENCODE
    # On a page it has no tags of its own.
    assert plan(DIRECT.evolve(mime=None), audio_format=AudioFormat.MP3).method is Method.ENCODE


def test_a_document_has_no_sound() -> None:
    assert plan(ARCHIVE, SOUND, audio_format=AudioFormat.MP3) == plan(ARCHIVE)


# --- sections ---------------------------------------------------------------------------------------


def test_a_part_of_a_film() -> None:
    found = plan(PAGE, section=Section(start=20, end=45))
    assert (found.method, found.section) == (Method.REMUX, Section(start=20, end=45))
    assert (found.size, found.size_is_exact) == (15_000_000, False)
    assert found.head_window > 0
    assert found.head_window < plan(PAGE, section=Section(start=1)).head_window


@pytest.mark.parametrize(
    "section", [Section(), Section(end=100), Section(start=0, end=1e6), Section(start=-5)]
)
def test_the_whole_is_no_part(section: Section) -> None:
    assert plan(PAGE, section=section) == plan(PAGE)


def test_an_end_behind_the_end_is_the_end() -> None:
    assert plan(PAGE, section=Section(start=90, end=200)).section == Section(start=90)


@pytest.mark.parametrize(
    ("found", "section", "sentence"),
    [
        (PAGE, Section(start=100), "only 1:40 long"),
        (PAGE, Section(start=9, end=9), "end after its start"),
        (PAGE.evolve(duration=None), Section(start=9, end=3), "end after its start"),
        (ARCHIVE, Section(start=9), "neither video nor sound"),
    ],
)
def test_a_part_that_there_is_not(found: Media, section: Section, sentence: str) -> None:
    with pytest.raises(WrongArgument, match=sentence):
        plan(found, section=section)


@pytest.mark.parametrize(
    "changes", [{"container": "avi"}, {"index_is_late": True, "ranges": False}], ids=["AVI", "late index"]
)
def test_what_cannot_be_taken_apart_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(MediaUnreadable, match="cannot take a part"):
        plan(media(FILM.evolve(**changes)), section=Section(start=9))


@pytest.mark.parametrize(
    ("container", "codec", "method", "name"),
    [
        ("mp3", "mp3", Method.ENCODE, "A walk.mp3"),
        ("m4a", "mp4a.40.2", Method.ENCODE, "A walk.m4a"),
        ("wav", "pcm_s16le", Method.ENCODE, "A walk.m4a"),
        ("ogg", "vorbis", Method.REMUX, "A walk.ogg"),
        ("flac", "flac", Method.REMUX, "A walk.m4a"),
    ],
)
def test_a_part_of_a_song(container: str, codec: str, method: Method, name: str) -> None:
    song = media(SONG.evolve(container=container, audio_codec=codec), kind=Kind.AUDIO)
    found = plan(song, section=Section(start=10, end=20))
    assert (found.method, found.file_name, found.kind) == (method, name, Kind.AUDIO)


# --- names and kinds --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "name"),
    [
        ({"name": "Sea"}, "Sea.mp4"),
        ({"name": "Sea.mp4"}, "Sea.mp4"),
        ({"name": "Sea.MP4"}, "Sea.mp4"),
        ({"name": "Sea.avi"}, "Sea.mp4"),
        ({"name": "Mr. Robot.S01"}, "Mr. Robot.S01.mp4"),
        ({"name": "Vol.2"}, "Vol.2.mp4"),
        ({"name": " \u202e "}, "A walk.mp4"),
        ({"name": "../a/b"}, "_a_b.mp4"),
        ({"prefix": "[M] "}, "[M] A walk.mp4"),
        ({"suffix": " @me"}, "A walk @me.mp4"),
        ({"prefix": "a/", "suffix": "/b\n"}, "a_A walk_b.mp4"),
        ({"name": "x" * 300, "suffix": " (HD)"}, "x" * 111 + " (HD).mp4"),
    ],
)
def test_names_of_media(shape: dict[str, str], name: str) -> None:
    assert plan(PAGE, BEST, **shape).file_name == name


@pytest.mark.parametrize(
    ("shape", "name"),
    [
        ({"name": "b"}, "b.tar.gz"),
        ({"name": "b.zip"}, "b.zip"),
        ({"name": "b.tar.xz"}, "b.tar.xz"),
        ({"prefix": "p ", "suffix": " s"}, "p a s.tar.gz"),
    ],
)
def test_names_of_documents(shape: dict[str, str], name: str) -> None:
    assert plan(ARCHIVE, BEST, **shape).file_name == name


def test_who_plays_is_in_front_of_what_but_not_of_a_new_name() -> None:
    assert plan(DIRECT.evolve(performer="Ann")).file_name == "Ann - A walk.mp3"
    assert plan(DIRECT.evolve(performer="Ann"), name="Sea").file_name == "Sea.mp3"


def test_a_plain_file_is_as_good_as_a_video() -> None:
    for found in (PAGE, media(FILM.evolve(protocol="m3u8_native")), DIRECT):
        assert plan(found, as_document=True) == plan(found).evolve(kind=Kind.DOCUMENT)
    assert plan(PAGE, SOUND, as_document=True, audio_format=AudioFormat.MP3).method is Method.ENCODE


# --- all of them ------------------------------------------------------------------------------------

SHAPES: list[dict[str, Any]] = [
    {},
    {"as_document": True},
    {"section": Section(start=1)},
    {"section": Section(start=1, end=2)},
    {"section": Section(end=2)},
    {"name": "b"},
    {"prefix": "b"},
    {"suffix": "b"},
    *({"audio_format": form} for form in AudioFormat),
    {"audio_format": AudioFormat.MP3, "section": Section(start=1)},
]


def test_other_shapes_are_other_files() -> None:
    plans = [plan(PAGE, SOUND, **shape) for shape in SHAPES]
    assert len({fingerprint(PAGE, one) for one in plans}) == len(SHAPES)
    # Of one download; names and kinds are no bytes.
    made = [
        made_by(one) for one, shape in zip(plans, SHAPES, strict=True) if not {*shape} & {"name", "prefix"}
    ]
    assert len(set(made)) == len(made) - 2
    louder = plans[-1].evolve(bit_rate=64_000)
    assert fingerprint(PAGE, louder) != fingerprint(PAGE, plans[-1])
    assert made_by(louder) != made_by(plans[-1])


def test_whose_song_it_is_is_in_its_tags() -> None:
    made = plan(PAGE, SOUND, audio_format=AudioFormat.MP3, name="Sea")
    assert fingerprint(PAGE, made) != fingerprint(PAGE.evolve(performer="Ann"), made)


sections = st.builds(
    Section,
    start=st.floats(-10, 300, allow_nan=False),
    end=st.none() | st.floats(-10, 300, allow_nan=False),
)
odd = st.text(max_size=400) | st.sampled_from(
    ["../..", "a\x00b", "\u202egpj.exe", "👩\u200d👧" * 90, "漢" * 300, ".", "a.mp4", "a.", "con.tar.gz", " "]
)
shapes = st.builds(
    Shape,
    as_document=st.booleans(),
    audio_format=st.none() | st.sampled_from(AudioFormat),
    section=st.none() | sections,
    name=st.none() | odd,
    prefix=odd,
    suffix=odd,
)
offers = st.sampled_from([PAGE, DIRECT, ARCHIVE, media(FILM), media(OPUS, kind=Kind.AUDIO, duration=None)])


@given(offers, st.booleans(), shapes, odd, st.sampled_from([10**6, SIZE]))
def test_every_shape_leads_to_a_plan_or_a_sentence(
    found: Media, audio_only: bool, shape: Shape, title: str, max_size: int
) -> None:
    found = found.evolve(title=title)
    try:
        made = choose(found, Wish(audio_only=audio_only), shape, max_size=max_size)
    except WrongArgument:
        assert shape.section is not None
        return
    name = made.file_name
    assert 0 < len(name) <= names.LONGEST
    assert len(name.encode()) <= names.LONGEST_BYTES
    assert not set(name) & set('/\\:\x00\n\r"<>|?*')
    assert not name.startswith(".")
    assert not any(unicodedata.category(c).startswith("C") for c in name if c != "\u200d")
    if found.kind is not Kind.DOCUMENT:
        assert name.rpartition(".")[2] in ("mp4", "mp3", "m4a", "opus", "ogg", "webm")
    assert made.max_size == max_size
    assert (made.bit_rate is not None) is (made.method is Method.ENCODE)
    if shape.as_document:
        assert made.kind is Kind.DOCUMENT
    if made.section is not None:
        assert made.method is not Method.PASS
