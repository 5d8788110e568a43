"""ENCODE: the sound of a stream, with tags and in one pass; in another codec, or as it is where it has it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from typing import Any, NamedTuple

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.packet import Packet

from medusa.errors import IndexTooSmall, MediaUnreadable
from medusa.media import sound
from medusa.media.child import dressed, mux, ytdl
from medusa.media.child.cutting import Cutter
from medusa.media.child.lanes import Placed
from medusa.media.child.mux import Opener
from medusa.media.child.output import Output
from medusa.media.child.summary import Ended, Summary
from medusa.media.child.tags import Tags
from medusa.media.child.tracks import Tracks
from medusa.media.containers import Container

_ENCODERS = {Container.MP3: "libmp3lame", Container.M4A: "aac", Container.OPUS: "libopus"}
_FORMATS = {Container.MP3: "fltp", Container.M4A: "fltp", Container.OPUS: "flt"}
# LAME takes twice the time at its default, for what nobody hears at this rate.
_OPTIONS = {Container.MP3: {"compression_level": "7"}}
_FORGIVEN = 100
"""Packets in a row that the decoder refuses, two seconds: a broadcast that is cut in has a few."""
_INDEX = 4
"""Bytes of a packet in an M4A's index."""


class Voice(NamedTuple):
    """How sound is encoded."""

    container: Container
    bit_rate: int
    rate: int
    layout: str


def encode(
    tracks: Tracks, open_output: Opener, container: Container, cutter: Cutter, tags: Tags, *, bit_rate: int
) -> Iterator[Ended]:
    """Write the only track; yields at the end of each file that the cutter makes of it.

    `bit_rate`: bits a second, at the most. Raises MediaUnreadable, IndexTooSmall, av.FFmpegError, and what
    the sources raise.
    """
    (lane,) = tracks.lanes
    if lane.source.codec_context.codec.canonical_name in sound.CODECS[container]:
        whole = mux.remux(tracks, open_output, container, cutter, tags=tags)
    else:
        whole = _encoded(tracks, open_output, container, cutter, tags, bit_rate)
    for summary, is_last in whole:
        title, performer = tags.texts.get("title"), tags.texts.get("artist")
        yield Ended(replace(summary, title=title, performer=performer), is_last)


def _encoded(
    tracks: Tracks, open_output: Opener, container: Container, cutter: Cutter, tags: Tags, bit_rate: int
) -> Iterator[Ended]:
    frames = _frames(tracks.packets)
    first = next(frames, None)
    if first is None:
        raise MediaUnreadable(detail="no sound that can be decoded")
    voice = _voice(first, container, bit_rate, tracks.lanes[0].source.codec_context.bit_rate)

    def begin() -> EncodedFile:
        target = EncodedFile(open_output(cutter.window), voice, tags)
        cutter.begin(dressed.head_size(container, tags))
        return target

    target = begin()
    for frame in _alike(chain([first], frames), voice):
        if cutter.is_due():
            yield Ended(target.close(), is_last=False)
            target = begin()
        for size in target.write(frame):
            cutter.take(size, _INDEX if container is Container.M4A else 0)
    tracks.finish()
    yield Ended(target.close(), is_last=True)


class EncodedFile:
    """A file on its way: frames in, bytes out through its Output."""

    def __init__(self, output: Output, voice: Voice, tags: Tags) -> None:
        """Raises av.FFmpegError."""
        self._output = output
        self._rate = voice.rate
        encoder = _ENCODERS[voice.container]
        self._target = dressed.open_target(output, voice.container, {encoder}, tags)
        stream = self._target.add_stream(encoder, rate=voice.rate, options=_OPTIONS.get(voice.container, {}))
        assert isinstance(stream, AudioStream)
        stream.codec_context.layout = voice.layout
        stream.codec_context.format = _FORMATS[voice.container]
        stream.codec_context.bit_rate = voice.bit_rate
        self._stream = stream
        dressed.dress(self._target, voice.container, stream, tags)
        self._samples = 0

    def write(self, frame: AudioFrame) -> Iterator[int]:
        """Append a frame; the sizes of the packets that are written. Raises av.FFmpegError, IndexTooSmall."""
        frame.pts, frame.time_base = self._samples, Fraction(1, self._rate)
        self._samples += frame.samples
        for packet in self._stream.encode(frame):
            self._target.mux_one(packet)
            yield packet.size

    def close(self) -> Summary:
        """Write what the encoder still has, and the index. Raises IndexTooSmall, av.FFmpegError."""
        for packet in self._stream.encode(None):
            self._target.mux_one(packet)
        try:
            self._target.close()
        except av.ArgumentError as error:
            raise IndexTooSmall(detail=f"{self._output.window} bytes kept; {error}") from error
        return Summary(size=self._output.finish(), duration=self._samples / self._rate)


def _voice(frame: AudioFrame, container: Container, most: int, source: int | None) -> Voice:
    rate = sound.sample_rate(frame.sample_rate) if container is not Container.OPUS else 48_000
    channels = min(2, frame.layout.nb_channels)
    bit_rate = sound.of_channels(min(most, sound.bit_rate(container, source)), channels)
    return Voice(container, bit_rate, rate, "stereo" if channels == 2 else "mono")


def _frames(packets: Iterable[Placed]) -> Iterator[AudioFrame]:
    """What is heard. Raises av.FFmpegError where the decoder refuses too much."""
    refused = 0
    decoder = None
    for placed in packets:
        decoder = placed.lane.source.codec_context
        try:
            yield from _decoded(decoder, placed.packet)
            refused = 0
        except av.InvalidDataError as error:
            refused += 1
            if refused > _FORGIVEN:
                raise
            ytdl.say(f"a packet of sound is damaged: {error}")
    if decoder is not None:
        yield from _decoded(decoder, None)


def _decoded(decoder: Any, packet: "Packet[Any] | None") -> list[AudioFrame]:
    frames: list[AudioFrame] = decoder.decode(packet)
    return frames


def _alike(frames: Iterable[AudioFrame], voice: Voice) -> Iterator[AudioFrame]:
    """The sound in one format, rate and layout, though those of a source may change on the way."""
    resampler: AudioResampler | None = None
    kind: tuple[object, ...] = ()
    for frame in frames:
        frame.pts = None  # the sound is what counts; gaps between two pieces of it are none of its business
        if kind != (kind := (frame.format.name, frame.layout.name, frame.sample_rate)):
            yield from _rest(resampler)
            resampler = AudioResampler(_FORMATS[voice.container], voice.layout, voice.rate)
        assert resampler is not None
        yield from resampler.resample(frame)
    yield from _rest(resampler)


def _rest(resampler: AudioResampler | None) -> list[AudioFrame]:
    """What is still in it; one that has nothing to do answers with None."""
    return [frame for frame in resampler.resample(None) if frame is not None] if resampler else []
