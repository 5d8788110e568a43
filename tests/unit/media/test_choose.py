"""From what a source offers to a plan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import MediaUnreadable
from medusa.media import reservation
from medusa.media.choose import choices, choose
from medusa.media.containers import UNKNOWN
from medusa.model import Format, Kind, Media, Method, Plan
from medusa.wishes import AudioFormat, Wish

GIGABYTE = 1_000_000_000
BEST = Wish()
SOUND = Wish(audio_only=True)


def format_(id_: str, **fields: object) -> Format:
    values: dict[str, object] = {
        "id": id_,
        "protocol": "https",
        "container": "mp4",
        "video_codec": "avc1.64001f",
        "audio_codec": "mp4a.40.2",
    }
    return Format.model_validate(values | fields)


def media(*formats: Format, kind: Kind = Kind.VIDEO, **fields: object) -> Media:
    values: dict[str, object] = {
        "url": "https://example.org/",
        "title": "A walk",
        "source": "example.org",
        "kind": kind,
        "formats": formats,
        "duration": 60.0,
    }
    return Media.model_validate(values | fields)


def plan(found: Media, wish: Wish = BEST, max_size: int = GIGABYTE) -> Plan:
    return choose(found, wish, max_size=max_size)


PICTURE = format_("v", audio_codec=None, height=1080, protocol="http_dash_segments", container="mp4_dash")
SOUND_ONLY = format_("a", video_codec=None, protocol="http_dash_segments", container="m4a_dash")


def test_a_good_file_is_passed_on() -> None:
    found = plan(media(format_("1", size=5000, size_is_exact=True, height=720, fps=50.0)))
    assert (found.method, found.format_ids, found.head_window) == (Method.PASS, ("1",), 0)
    assert (found.kind, found.file_name, found.mime, found.quality) == (
        Kind.VIDEO,
        "A walk.mp4",
        "video/mp4",
        "720p50",
    )
    assert (found.size, found.size_is_exact) == (5000, True)


@pytest.mark.parametrize(
    ("fields", "method", "name"),
    [
        ({"index_is_late": True, "ranges": True}, Method.REMUX, "A walk.mp4"),
        ({"index_is_late": True}, Method.PASS, "A walk.mp4"),
        ({"is_fragmented": True}, Method.REMUX, "A walk.mp4"),
        ({"container": "mp4_dash"}, Method.REMUX, "A walk.mp4"),
        ({"protocol": "m3u8_native"}, Method.REMUX, "A walk.mp4"),
        (
            {"protocol": "m3u8_native", "video_codec": UNKNOWN, "audio_codec": UNKNOWN},
            Method.REMUX,
            "A walk.mp4",
        ),
        (
            {"protocol": "m3u8_native", "video_codec": "vp8", "audio_codec": "vorbis"},
            Method.REMUX,
            "A walk.mkv",
        ),
        ({"container": "webm", "video_codec": "vp9", "audio_codec": "opus"}, Method.REMUX, "A walk.mp4"),
        ({"container": "webm", "video_codec": "vp8", "audio_codec": "opus"}, Method.PASS, "A walk.webm"),
        ({"container": "mkv", "video_codec": UNKNOWN}, Method.PASS, "A walk.mkv"),
        ({"container": "ts"}, Method.REMUX, "A walk.mp4"),
        ({"container": "avi"}, Method.PASS, "A walk.avi"),
    ],
)
def test_what_telegram_would_not_play_is_rewrapped_where_it_can_be(
    fields: dict[str, object], method: Method, name: str
) -> None:
    found = plan(media(format_("1", **fields)))
    assert (found.method, found.file_name) == (method, name)
    assert (found.head_window > 0) is (method is Method.REMUX)
    assert (found.kind is Kind.VIDEO) is name.endswith("mp4")


def test_picture_and_sound_that_come_apart_are_put_together() -> None:
    found = plan(media(SOUND_ONLY, PICTURE))
    assert (found.method, found.format_ids, found.file_name) == (Method.MUX, ("v", "a"), "A walk.mp4")


def test_an_hls_variant_that_may_be_silent_gets_the_sound_that_is_listed() -> None:
    variant = format_("v", protocol="m3u8_native", video_codec=UNKNOWN, audio_codec=UNKNOWN)
    listed = format_("a", protocol="m3u8_native", video_codec=None, audio_codec=UNKNOWN)
    assert plan(media(listed, variant)).format_ids == ("v", "a")
    elsewhere = listed.evolve(protocol="https")
    assert plan(media(elsewhere, variant)).format_ids == ("v",)


def test_a_silent_film_is_a_film() -> None:
    assert plan(media(PICTURE)).format_ids == ("v",)


@pytest.mark.parametrize(
    ("height", "id_"), [(None, "1080"), (1080, "1080"), (800, "720"), (360, "360"), (100, "360")]
)
def test_the_best_that_fits_the_wish_else_the_lowest(height: int | None, id_: str) -> None:
    found = media(*(format_(str(h), height=h) for h in (720, 1080, 360)))
    assert plan(found, Wish(max_height=height)).format_ids == (id_,)


def test_of_equal_heights_the_one_that_everybody_can_play() -> None:
    found = media(format_("hevc", height=720, video_codec="hvc1"), format_("h264", height=720, fps=25.0))
    assert plan(found).format_ids == ("h264",)


def test_of_equal_pictures_the_one_in_one_piece() -> None:
    one = format_("b", height=1080)
    assert plan(media(SOUND_ONLY, one, PICTURE)).format_ids == ("b",)


def test_the_best_is_taken_however_large_it_is() -> None:
    large = format_("L", height=1080, size=2 * GIGABYTE, size_is_exact=True)
    small = format_("S", height=360, size=GIGABYTE // 2, size_is_exact=True)
    made = plan(media(small, large))
    assert (made.format_ids, made.max_size) == (("L",), GIGABYTE)
    assert plan(media(small, large), Wish(max_height=400)).method is Method.PASS


@pytest.mark.parametrize(
    ("fields", "duration", "method"),
    [
        ({"size": GIGABYTE, "size_is_exact": True}, 60.0, Method.PASS),
        ({"size": GIGABYTE + 1, "size_is_exact": True}, 60.0, Method.REMUX),
        ({"size": GIGABYTE * 3 // 4}, 60.0, Method.PASS),
        ({"size": GIGABYTE}, 60.0, Method.REMUX),
        ({"bitrate": 8000.0}, 60.0, Method.PASS),
        ({"bitrate": 8000.0}, 6000.0, Method.REMUX),
        ({}, 60.0, Method.PASS),
        ({}, 6000.0, Method.REMUX),
        ({}, None, Method.REMUX),
    ],
)
def test_what_may_be_larger_than_a_file_is_not_passed_on(
    fields: dict[str, object], duration: float | None, method: Method
) -> None:
    made = plan(media(format_("1", **fields), duration=duration))
    assert (made.method, made.file_name) == (method, "A walk.mp4")
    assert (made.head_window > 0) is (method is Method.REMUX)


@pytest.mark.parametrize(
    ("fields", "method", "name", "kind"),
    [
        ({}, Method.REMUX, "A walk.mp4", Kind.VIDEO),
        ({"video_codec": UNKNOWN}, Method.REMUX, "A walk.mp4", Kind.VIDEO),
        ({"index_is_late": True}, Method.PASS, "A walk.mp4", Kind.VIDEO),
        ({"container": "webm", "video_codec": "vp8"}, Method.REMUX, "A walk.mkv", Kind.DOCUMENT),
        ({"container": "mkv", "video_codec": UNKNOWN}, Method.REMUX, "A walk.mkv", Kind.DOCUMENT),
        ({"container": "avi"}, Method.PASS, "A walk.avi", Kind.DOCUMENT),
        ({"container": "m4a", "video_codec": None}, Method.REMUX, "A walk.m4a", Kind.AUDIO),
        (
            {"container": "mp3", "video_codec": None, "audio_codec": "mp3"},
            Method.REMUX,
            "A walk.mp3",
            Kind.AUDIO,
        ),
        (
            {"container": "ogg", "video_codec": None, "audio_codec": UNKNOWN},
            Method.REMUX,
            "A walk.ogg",
            Kind.AUDIO,
        ),
        (
            {"container": "flac", "video_codec": None, "audio_codec": "flac"},
            Method.REMUX,
            "A walk.m4a",
            Kind.AUDIO,
        ),
        (
            {"container": "wav", "video_codec": None, "audio_codec": UNKNOWN},
            Method.PASS,
            "A walk.wav",
            Kind.AUDIO,
        ),
    ],
)
def test_what_is_larger_than_a_file_is_rewritten_where_it_can_be(
    fields: dict[str, object], method: Method, name: str, kind: Kind
) -> None:
    video = fields.get("video_codec", "") is not None
    found = media(
        format_("1", size=3 * GIGABYTE, size_is_exact=True, **fields),
        kind=Kind.VIDEO if video else Kind.AUDIO,
    )
    made = plan(found)
    assert (made.method, made.file_name, made.kind) == (method, name, kind)


def test_a_large_document_is_passed_on() -> None:
    file = format_("0", container="mp4", size=3 * GIGABYTE, size_is_exact=True)
    made = plan(media(file, kind=Kind.DOCUMENT, title="a.mp4", mime="video/mp4"))
    assert (made.method, made.file_name) == (Method.PASS, "a.mp4")


def test_each_file_of_several_has_no_more_room_for_its_index_than_a_long_one() -> None:
    """Ten hours at 60 pictures a second list 40 MB, but not in one file of three."""
    day = format_("1", protocol="m3u8_native", fps=60.0, bitrate=600.0)
    whole = media(day, duration=36_000.0)
    assert plan(whole, max_size=4 * GIGABYTE).head_window > reservation.CAP
    assert plan(whole, max_size=GIGABYTE).head_window == reservation.CAP


@pytest.mark.parametrize(
    ("codec", "name", "mime"),
    [
        ("mp4a.40.2", "A walk.m4a", "audio/mp4"),
        ("mp4a.40.34", "A walk.mp3", "audio/mpeg"),
        ("opus", "A walk.ogg", "audio/ogg"),
        ("flac", "A walk.flac", "audio/flac"),
        (UNKNOWN, "A walk.m4a", "audio/mp4"),
    ],
)
def test_sound_alone_goes_into_what_players_expect(codec: str, name: str, mime: str) -> None:
    found = plan(media(format_("1", audio_codec=codec)), SOUND)
    assert (found.method, found.kind, found.file_name, found.mime) == (Method.REMUX, Kind.AUDIO, name, mime)


def test_sound_alone_comes_from_sound_alone() -> None:
    assert plan(media(SOUND_ONLY, PICTURE), SOUND).format_ids == ("a",)
    ready = format_("m", video_codec=None, container="m4a", bitrate=128.0)
    found = plan(media(ready, PICTURE, performer="Nobody"), SOUND)
    assert (found.method, found.file_name, found.quality) == (
        Method.PASS,
        "Nobody - A walk.m4a",
        "128 kbit/s",
    )


def test_a_silent_film_has_no_sound_to_send() -> None:
    with pytest.raises(MediaUnreadable, match="no sound"):
        plan(media(PICTURE), SOUND)


def test_a_document_stays_what_it_is() -> None:
    file = format_("0", container="unknown_video", video_codec=UNKNOWN, audio_codec=UNKNOWN)
    found = plan(media(file, kind=Kind.DOCUMENT, title="a/b.tar.gz", mime="application/gzip"), SOUND)
    assert (found.method, found.file_name, found.mime) == (Method.PASS, "a_b.tar.gz", "application/gzip")


def test_the_question_offers_each_height_and_the_sound() -> None:
    found = media(*(format_(str(h), height=h, bitrate=float(h)) for h in (360, 720, 1080)), SOUND_ONLY)
    buttons = choices(found)
    sounds = ["Audio only", "MP3", "M4A", "Opus"]
    assert [button.label for button in buttons] == ["1080p", "720p", "360p", *sounds]
    assert [button.wish.max_height for button in buttons] == [1080, 720, 360, *[None] * 4]
    assert [button.audio_format for button in buttons[-4:]] == [None, *AudioFormat]
    assert all(button.wish.audio_only for button in buttons[-4:])
    assert buttons[-3].size == 60 * 192_000 // 8, "no more than it will be encoded with"
    assert buttons[0].size == 1080 * 125 * 60


@pytest.mark.parametrize("found", [media(format_("1", height=720)), media(SOUND_ONLY, kind=Kind.AUDIO)])
def test_where_there_is_one_answer_nobody_is_asked(found: Media) -> None:
    assert choices(found) == ()


codecs = st.sampled_from([None, UNKNOWN, "avc1.4d401e", "vp9", "vp8", "av01.0.05M.08", "hev1"])
sounds = st.sampled_from([None, UNKNOWN, "mp4a.40.2", "opus", "vorbis", "ac-3"])
formats = st.builds(
    Format,
    id=st.uuids().map(str),
    protocol=st.sampled_from(["https", "http", "m3u8_native", "http_dash_segments"]),
    container=st.sampled_from(["mp4", "webm", "m4a", "mp4_dash", "webm_dash", "mov", "mp3", "ts"]),
    video_codec=codecs,
    audio_codec=sounds,
    height=st.none() | st.sampled_from([144, 360, 720, 1080, 2160]),
    size=st.none() | st.integers(1, 4 * GIGABYTE),
    size_is_exact=st.booleans(),
    is_fragmented=st.booleans(),
    index_is_late=st.booleans(),
    ranges=st.booleans(),
).filter(lambda f: f.video_codec is not None or f.audio_codec is not None)
wishes = st.builds(Wish, max_height=st.none() | st.integers(100, 2200), audio_only=st.booleans())


@given(st.lists(formats, min_size=1, max_size=8), wishes, st.none() | st.floats(1, 50_000))
def test_every_plan_can_be_carried_out(offered: list[Format], wish: Wish, duration: float | None) -> None:
    found = media(*offered, duration=duration)
    try:
        made = plan(found, wish)
    except MediaUnreadable:
        return
    ids = [f.id for f in offered]
    assert set(made.format_ids) <= set(ids)
    assert len(made.format_ids) == (2 if made.method is Method.MUX else 1)
    assert made.head_window <= 64 * 1024 * 1024
    assert made.head_window == 0 or made.method is not Method.PASS
    assert made.file_name.isprintable()
    assert made.max_size == GIGABYTE


@given(st.lists(formats, min_size=1, max_size=8))
def test_every_button_leads_to_a_plan(offered: list[Format]) -> None:
    found = media(*offered)
    for button in choices(found):
        assert choose(found, button.wish, max_size=2**62)
