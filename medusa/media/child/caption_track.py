"""A track of subtitles in a file that is being muxed: each text in its place among the pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from av.container import OutputContainer
from av.packet import Packet
from av.subtitles.stream import SubtitleStream

from medusa.media.child import captions
from medusa.media.child.captions import Cue
from medusa.media.containers import Container

_TICK = Fraction(1, 1000)
# What the encoders want to know although nothing is encoded: they write the head of the track from it.
_HEADER = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, \
MarginR, MarginV, Encoding
Style: Default,Arial,16,&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


@dataclass(frozen=True)
class Captions:
    """Subtitles of a stream, which may become several files."""

    cues: Sequence[Cue]
    """Without overlaps; times from the beginning of the stream."""
    language: str
    """ISO 639-2."""
    name: str

    def track(self, target: OutputContainer, container: Container, origin: Fraction) -> "CaptionTrack":
        """A track with what is shown from `origin` on, in seconds; to be made before the first packet."""
        return CaptionTrack(self, target, container, round(origin / _TICK))


class CaptionTrack:
    """Writes its texts while the file is written."""

    def __init__(self, what: Captions, target: OutputContainer, container: Container, origin: int) -> None:
        """`origin`: milliseconds of the stream at which this file begins."""
        self._target = target
        self._is_mp4 = container is not Container.MKV
        self._origin = origin
        self._waiting = captions.part(what.cues, origin)[::-1]
        self._stream = target.add_stream("mov_text" if self._is_mp4 else "subrip")
        assert isinstance(self._stream, SubtitleStream)
        self._stream.codec_context.subtitle_header = _HEADER
        self._stream.codec_context.time_base = self._stream.time_base = _TICK
        self._stream.metadata["language"] = what.language
        if what.name:
            self._stream.metadata["title"] = what.name

    def write_until(self, time: float) -> None:
        """Write what is shown until then, in seconds of the stream. Raises av.FFmpegError."""
        until = time * 1000 - self._origin
        while self._waiting and self._waiting[-1].start <= until:
            self._target.mux_one(self._packet(self._waiting.pop()))

    def _packet(self, cue: Cue) -> "Packet[Any]":
        text = cue.text.encode()
        # https://developer.apple.com/documentation/quicktime-file-format/subtitle_sample_data
        packet: Packet[Any] = Packet(len(text).to_bytes(2, "big") + text if self._is_mp4 else text)
        packet.time_base = _TICK
        packet.pts = packet.dts = cue.start
        packet.duration = cue.end - cue.start
        packet.is_keyframe = True
        packet.stream = self._stream
        return packet
