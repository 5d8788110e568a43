"""Codecs and the containers that hold them. Pure."""

from enum import StrEnum

UNKNOWN = "unknown"

_FAMILIES = {
    "avc": "h264",
    "h264": "h264",
    "x264": "h264",
    "hev": "hevc",
    "hvc": "hevc",
    "h265": "hevc",
    "dvh": "hevc",
    "av01": "av1",
    "av1": "av1",
    "vp9": "vp9",
    "vp09": "vp9",
    "vp8": "vp8",
    "vp08": "vp8",
    "mp4a.40.34": "mp3",
    "mp4a.6b": "mp3",
    "mp4a.69": "mp3",
    "mp4a": "aac",
    "aac": "aac",
    "mp3": "mp3",
    "ec-3": "eac3",
    "eac3": "eac3",
    "ac-3": "ac3",
    "ac3": "ac3",
    "opus": "opus",
    "vorbis": "vorbis",
    "flac": "flac",
    "fla": "flac",
    "alac": "alac",
    "mpeg4": "mpeg4",
    "mp4v": "mpeg4",
}
MP4_VIDEO = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4"})
MP4_AUDIO = frozenset({"aac", "mp3", "opus", "ac3", "eac3", "flac", "alac"})


class Container(StrEnum):
    """What a remuxed file is; the value is its extension."""

    MP4 = "mp4"
    M4A = "m4a"
    MKV = "mkv"
    MP3 = "mp3"
    OGG = "ogg"
    OPUS = "opus"
    FLAC = "flac"

    @property
    def mime(self) -> str:
        """Its MIME type."""
        return _MIMES[self]

    @property
    def lists_all(self) -> bool:
        """Whether its index lists every packet, and not key frames only, or nothing."""
        return self in (Container.MP4, Container.M4A)

    @property
    def is_rewritten(self) -> bool:
        """Whether its head is written again when the stream is over."""
        return self in (Container.MP4, Container.M4A, Container.MKV)


_MIMES = {
    Container.MP4: "video/mp4",
    Container.M4A: "audio/mp4",
    Container.MKV: "video/x-matroska",
    Container.MP3: "audio/mpeg",
    Container.OGG: "audio/ogg",
    Container.OPUS: "audio/ogg",
    Container.FLAC: "audio/flac",
}
_OF_EXTENSION = {
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/x-wav",
    "aac": "audio/aac",
}


def family(codec: str | None) -> str | None:
    """The codec behind a name like `avc1.64001f`; None is no track, "unknown" stays unknown."""
    if codec is None or codec == UNKNOWN:
        return codec
    name = codec.lower()
    longest_first = sorted(_FAMILIES, key=len, reverse=True)
    return next((_FAMILIES[prefix] for prefix in longest_first if name.startswith(prefix)), name)


def for_video(video: str | None, audio: str | None) -> Container:
    """The container for these codec families: MP4 unless one is known not to fit."""
    fits = video in (None, UNKNOWN, *MP4_VIDEO) and audio in (None, UNKNOWN, *MP4_AUDIO)
    return Container.MP4 if fits else Container.MKV


def for_audio(audio: str | None) -> Container:
    """The container that players expect for this codec family."""
    match audio:
        case "mp3":
            return Container.MP3
        case "opus" | "vorbis":
            return Container.OGG
        case "flac":
            return Container.FLAC
        case _:
            return Container.M4A


def mime_of(extension: str) -> str:
    """The MIME type that goes with a file extension."""
    return _OF_EXTENSION.get(extension.lower(), "application/octet-stream")
