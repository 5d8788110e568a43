"""What a source offers, put together and in order: which formats would give a person what they want. Pure."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from medusa.media import containers
from medusa.media.containers import UNKNOWN
from medusa.model import Format, Kind, Media
from medusa.wishes import Wish

_CODEC_RANK = {"h264": 3, UNKNOWN: 3, "hevc": 2, "vp9": 1, "av1": 1}
"""Every Telegram client plays H.264; an unknown codec is most often just that."""


class Rendition(NamedTuple):
    """One way to get what a person wants."""

    main: Format
    audio: Format | None = None
    """The sound, where it comes apart from the picture."""

    @property
    def formats(self) -> tuple[Format, ...]:
        """One, or the picture's and the sound's."""
        return (self.main,) if self.audio is None else (self.main, self.audio)

    @property
    def is_exact(self) -> bool:
        """Whether the source said exactly how large it is."""
        return all(f.size is not None and f.size_is_exact for f in self.formats)

    def size(self, duration: float | None) -> int | None:
        """Bytes of all its formats, estimated where the source does not say; None: no telling."""
        sizes = [_size(f, duration) for f in self.formats]
        return None if None in sizes else sum(size for size in sizes if size is not None)


def renditions(media: Media, wish: Wish, codecs: Collection[str] = ()) -> list[Rendition]:
    """Everything that fits the wish, best first; where nothing is low enough, the lowest first.

    `codecs`: families of those that are wanted; where one of them is there alone, it is the best sound.
    """

    def is_other(rendition: Rendition) -> bool:
        main = rendition.main
        return main.video_codec is not None or containers.family(main.audio_codec) not in codecs

    if media.kind is not Kind.VIDEO:
        return sorted((Rendition(f) for f in reversed(media.formats)), key=is_other)
    if wish.audio_only:
        muxed = (f for f in sorted(media.formats, key=_area) if f.video_codec and f.audio_codec)
        return sorted((Rendition(f) for f in (*_sounds(media), *muxed)), key=is_other)
    return _pictures(media, wish.max_height)


def _pictures(media: Media, max_height: int | None) -> list[Rendition]:
    sounds = list(_sounds(media))
    pictures = [_with_sound(f, sounds) for f in media.formats if f.video_codec is not None]
    ranked = sorted(pictures, key=_rank, reverse=True)
    low = [r for r in ranked if max_height is None or (r.main.height or 0) <= max_height]
    return low or ranked[::-1]


def _with_sound(picture: Format, sounds: list[Format]) -> Rendition:
    """The picture, with a sound of its own where it has none or may have none.

    An HLS master without CODECS does not say that its variants are silent; where it lists renditions of the
    sound, they are (RFC 8216, 4.3.4.1).
    """
    is_hls = picture.protocol.startswith("m3u8")
    if picture.audio_codec is None:
        fitting = sounds
    elif picture.audio_codec == UNKNOWN and is_hls:
        fitting = [sound for sound in sounds if sound.protocol.startswith("m3u8")]
    else:
        fitting = []
    return Rendition(picture, fitting[0] if fitting else None)


def _sounds(media: Media) -> Iterator[Format]:
    """Formats without a picture: AAC first, for it plays everywhere; then in the site's order, best first."""
    sounds = [f for f in reversed(media.formats) if f.video_codec is None and f.audio_codec is not None]
    yield from sorted(sounds, key=lambda f: containers.family(f.audio_codec) not in ("aac", "mp3", UNKNOWN))


def _rank(rendition: Rendition) -> tuple[float, ...]:
    main = rendition.main
    codec = containers.family(main.video_codec) or ""
    simple = 0 if rendition.audio else 2 if main.protocol in ("http", "https") else 1
    return (main.height or 0, _CODEC_RANK.get(codec, 0), simple, main.fps or 0, main.bitrate or 0)


def _area(format_: Format) -> tuple[int, float]:
    return (format_.height or 0, format_.bitrate or 0)


def _size(format_: Format, duration: float | None) -> int | None:
    if format_.size is not None:
        return format_.size
    return round(format_.bitrate * 125 * duration) if format_.bitrate and duration else None
