"""From what a source offers and what a person wants to what will be fetched. Pure."""

from medusa.errors import MediaUnreadable
from medusa.media import containers, excerpt, naming, photos, pieces, recording, reservation, sound, subtitles
from medusa.media.containers import UNKNOWN, Container
from medusa.media.renditions import Rendition, renditions
from medusa.model import Choice, Format, Kind, Media, Method, Plan
from medusa.wishes import AudioFormat, Section, Shape, Wish

_MP4_FILES = frozenset({"mp4", "m4v", "m4a"})
_REWRAPPED = frozenset({"mov", "webm", "mkv", "flv", "ts"})
"""Files whose tracks are put into an MP4 where the codecs allow, so that Telegram plays them in the chat."""
_SOUND_FILES = {"mp3": "mp3", "ogg": "vorbis", "oga": "vorbis", "opus": "opus", "flac": "flac", "aac": "aac"}
"""Files of sound that can be cut between any two packets, and the codec that each most often has."""
_FORM_OF_PART = {"mp3": Container.MP3, "m4a": Container.M4A, "wav": Container.M4A}
"""What a part of a sound file becomes, so that it keeps the tags; a WAV has no packets to copy."""
_AS_IT_IS = Shape()
_FORMAT_NAMES = {AudioFormat.MP3: "MP3", AudioFormat.M4A: "M4A", AudioFormat.OPUS: "Opus"}
_ANY_SIZE = 2**62
FASTEST = 5_000_000
"""Bytes a second: 40 Mbit/s, more than any site streams to everybody."""


def question(media: Media, wish: Wish | None) -> tuple[Choice, ...]:
    """What the person has to choose from: a quality, or how much of a broadcast; none: nothing is open."""
    if media.is_live:
        return () if wish is not None and wish.recording is not None else recording.lengths(wish or Wish())
    return choices(media) if wish is None else ()


def choices(media: Media) -> tuple[Choice, ...]:
    """The buttons of the quality question: each height, best first, then sound alone, as it is or encoded.

    None where fewer than two heights exist: then there is nothing to ask.
    """
    heights = {f.height for f in media.formats if f.height and f.video_codec is not None}
    if media.kind is not Kind.VIDEO or len(heights) < 2:
        return ()
    wishes = [Wish(max_height=height) for height in sorted(heights, reverse=True)]
    pictures = [_choice(media, wish) for wish in wishes]
    has_sound = any(f.audio_codec is not None for f in media.formats)
    return (*pictures, *(_sounds(media) if has_sound else ()))


def choose(media: Media, wish: Wish, shape: Shape = _AS_IT_IS, *, max_size: int) -> Plan:
    """The best rendition that fits the wish, in its shape and in files of at most `max_size` bytes.

    What is larger is cut, and what may be larger is rewritten where it can be, for then each piece plays.
    Raises MediaUnreadable when there is nothing of the kind, WrongArgument when there is no such section.
    """
    section = None if wish.recording else excerpt.section_of(media, shape.section)
    if wish.recording is not None:
        part = recording.expected(media, wish.recording)
    else:
        part = media if section is None else excerpt.of(media, section)
    form = form_of(media, wish, shape, section)
    wanted = renditions(part, wish, sound.CODECS[form] if form else frozenset())
    if not wanted:
        raise MediaUnreadable("This media has no sound." if wish.audio_only else None, detail="no rendition")
    best = wanted[0]
    container = form or target(best, part, wish)
    is_cut = section is not None or may_exceed(best, part, max_size)
    if form is None and (is_cut or subtitles.are_kept(media, wish, shape)):
        container = _target_of_pieces(best.main, part, container)
    if container is None and section is not None:
        raise MediaUnreadable(excerpt.REFUSAL, detail=f"a section of {best.main.container}")
    plan = plan_for(best, part, wish, container).evolve(max_size=max_size, section=section)
    if form is not None:
        plan = _encoded(plan, best.main, part, form)
    if media.kind is Kind.DOCUMENT:
        return photos.as_photo(
            _shaped(plan, best.main, media, shape, container), best.main, as_document=shape.as_document
        )
    plan = recording.planned(_shaped(plan, best.main, media, shape, container), wish.recording)
    return subtitles.with_subtitles(plan, media, shape.subtitles)


def form_of(media: Media, wish: Wish, shape: Shape, section: Section | None) -> Container | None:
    """What sound alone is to be made into; None: it stays what it is, as does all that has a picture."""
    if media.kind is Kind.DOCUMENT or (media.kind is Kind.VIDEO and not wish.audio_only):
        return None
    if shape.audio_format is None:
        kinds = {one.container for one in media.formats}
        return _FORM_OF_PART.get(kinds.pop()) if section and len(kinds) == 1 else None
    form = Container(shape.audio_format.value)
    return None if section is None and _is_file_of(media, form) else form


def _is_file_of(media: Media, form: Container) -> bool:
    """Whether the link leads to a file of this form, which then has the tags of who made it."""
    return media.mime is not None and all(
        one.container == form and containers.family(one.audio_codec) in sound.CODECS[form]
        for one in media.formats
    )


def _encoded(plan: Plan, main: Format, media: Media, form: Container) -> Plan:
    """Sound in another form; it stays as it is where its codec is the one that belongs there."""
    rate = sound.bit_rate(form, main.bitrate and main.bitrate * 1000 if main.video_codec is None else None)
    is_copy = main.video_codec is None and containers.family(main.audio_codec) in sound.CODECS[form]
    size = plan.size if is_copy else round(rate / 8 * media.duration) if media.duration else None
    return plan.evolve(
        method=Method.ENCODE,
        bit_rate=rate,
        size=size,
        size_is_exact=False,
        head_window=_encoded_window(plan, form),
        quality=plan.quality if is_copy else f"{rate // 1000} kbit/s",
    )


def _encoded_window(plan: Plan, form: Container) -> int:
    """Room at the head for the cover, and for what tells players how long it is."""
    if form is Container.M4A:
        return plan.head_window + sound.LARGEST_COVER
    return reservation.MP3 if form is Container.MP3 else 0


def _shaped(plan: Plan, main: Format, media: Media, shape: Shape, container: Container | None) -> Plan:
    """With the name and the kind that the person wants."""
    extension = container.value if container else main.container
    plan = plan.evolve(
        file_name=naming.name_of(media, shape, extension, plan.kind),
        kind=Kind.DOCUMENT if shape.as_document else plan.kind,
    )
    if pieces.is_larger(plan):
        # Each file has the window, but only its share of the index.
        return plan.evolve(head_window=min(plan.head_window, reservation.CAP))
    return plan


def may_exceed(rendition: Rendition, media: Media, max_size: int) -> bool:
    """Whether it may turn out larger than one file.

    Where nobody says how large a file is, one that is too short for `max_size` bytes at FASTEST is taken to
    fit: most are small, and nothing beats passing them on as they are. Should it be larger even so, it is cut
    by bytes: less handy for the person, but nothing is lost.
    """
    size = rendition.size(media.duration)
    if size is None:
        return not media.duration or media.duration * FASTEST > max_size
    return pieces.may_exceed(size, max_size, is_exact=rendition.is_exact)


def plan_for(rendition: Rendition, media: Media, wish: Wish, container: Container | None) -> Plan:
    """What becomes of this rendition in this container; None: it is passed on."""
    kind = _kind(rendition.main, media, wish, container)
    return Plan(
        method=_method(rendition, container),
        format_ids=tuple(f.id for f in rendition.formats),
        kind=kind,
        file_name="",
        mime=container.mime if container else _mime(rendition.main, media, kind),
        head_window=_head_window(rendition, media, container),
        size=rendition.size(media.duration),
        size_is_exact=container is None and rendition.is_exact,
        quality=_quality(rendition.main, kind),
        sound_only=kind is Kind.AUDIO,
    )


def target(rendition: Rendition, media: Media, wish: Wish) -> Container | None:
    """The container that the tracks are put into; None: the file is passed on as it is."""
    main = rendition.main
    video, audio = containers.family(main.video_codec), containers.family(main.audio_codec)
    if rendition.audio is not None:
        return containers.for_video(video, containers.family(rendition.audio.audio_codec))
    if media.kind is Kind.DOCUMENT:
        return None
    if wish.audio_only and media.kind is Kind.VIDEO and video is not None:
        return containers.for_audio(audio)
    if main.protocol in ("http", "https"):
        return _target_of_file(main, video, audio)
    return containers.for_audio(audio) if video is None else containers.for_video(video, audio)


def _target_of_file(main: Format, video: str | None, audio: str | None) -> Container | None:
    """The same for a file on a web server, fetched whole."""
    extension = main.container.removesuffix("_dash")
    if extension in _MP4_FILES:
        is_dash = extension != main.container
        if not (is_dash or main.is_fragmented or (main.index_is_late and main.ranges)):
            return None
        return Container.M4A if video is None else containers.for_video(video, audio)
    if extension not in _REWRAPPED or UNKNOWN in (video, audio):
        return None
    if video is None:
        return containers.for_audio(audio)
    return Container.MP4 if containers.for_video(video, audio) is Container.MP4 else None


def _target_of_pieces(main: Format, media: Media, container: Container | None) -> Container | None:
    """The container of something that may have to be cut; None: it can only be cut by bytes.

    An AVI keeps its pictures' order to itself, a WAV has no packets, and an MP4 whose index comes last cannot
    be read on the way: those are passed on.
    """
    if container is None and media.kind is not Kind.DOCUMENT:
        container = _container_that_holds(main)
    # A FLAC says in its head, and in each frame, where in the whole recording it is.
    return Container.M4A if container is Container.FLAC else container


def _container_that_holds(main: Format) -> Container | None:
    extension = main.container
    video, audio = containers.family(main.video_codec), containers.family(main.audio_codec)
    if extension in _MP4_FILES:
        if main.index_is_late and not main.ranges:
            return None
        return Container.M4A if video is None else containers.for_video(video, audio)
    if extension in _REWRAPPED:
        # Whatever it is, Matroska has a name for it.
        return Container.MKV if UNKNOWN in (video, audio) else containers.for_video(video, audio)
    if extension in _SOUND_FILES and video is None:
        return containers.for_audio(_SOUND_FILES[extension] if audio in (None, UNKNOWN) else audio)
    return None


def _choice(media: Media, wish: Wish) -> Choice:
    best = renditions(media, wish)[0]
    return Choice(label=f"{wish.max_height}p", wish=wish, size=best.size(media.duration))


def _sounds(media: Media) -> tuple[Choice, ...]:
    wish = Wish(audio_only=True)
    as_it_is = Choice(label="Audio only", wish=wish, size=renditions(media, wish)[0].size(media.duration))
    encoded = [
        Choice(
            label=_FORMAT_NAMES[form],
            wish=wish,
            size=choose(media, wish, Shape(audio_format=form), max_size=_ANY_SIZE).size,
            audio_format=form,
        )
        for form in AudioFormat
    ]
    return (as_it_is, *encoded)


def _method(rendition: Rendition, container: Container | None) -> Method:
    if container is None:
        return Method.PASS
    return Method.REMUX if rendition.audio is None else Method.MUX


def _kind(main: Format, media: Media, wish: Wish, container: Container | None) -> Kind:
    if media.kind is not Kind.VIDEO:
        return media.kind
    if wish.audio_only or main.video_codec is None:
        return Kind.AUDIO
    plays = container is Container.MP4 if container else main.container in (*_MP4_FILES, "mov")
    return Kind.VIDEO if plays else Kind.DOCUMENT


def _mime(main: Format, media: Media, kind: Kind) -> str:
    return media.mime if kind is Kind.DOCUMENT and media.mime else containers.mime_of(main.container)


def _head_window(rendition: Rendition, media: Media, container: Container | None) -> int:
    if container is None or not container.is_rewritten:
        return 0
    if container is Container.MKV:
        return reservation.matroska(media.duration)
    main = rendition.main
    index = None if main.is_fragmented or rendition.audio else main.index_size
    has_video = container is Container.MP4
    return reservation.mp4(media.duration, fps=main.fps, has_video=has_video, source_index=index)


def _quality(main: Format, kind: Kind) -> str:
    if kind is Kind.AUDIO:
        return f"{main.bitrate:.0f} kbit/s" if main.bitrate and main.video_codec is None else ""
    if kind is Kind.DOCUMENT or not main.height:
        return ""
    return f"{main.height}p" + (f"{main.fps:.0f}" if main.fps and main.fps >= 50 else "")
