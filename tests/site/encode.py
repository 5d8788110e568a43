"""Media out of nothing: encoded once, then wrapped in every container that the site serves. Deterministic."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

FPS = 25
SAMPLE_RATE = 44100
_AAC_FRAME = 1024


@dataclass(frozen=True)
class Clip:
    """What to encode."""

    seconds: int = 10
    width: int = 320
    height: int = 180
    video: str | None = "libx264"
    audio: str | None = "aac"
    noise: bool = False
    """Pictures that do not compress: a large file from a short clip."""
    layout: str = "stereo"
    group: int = FPS * 2
    """Pictures from one key frame to the next, at the most."""


def encode(path: Path, clip: Clip, *, container: str = "mp4", tags: dict[str, str] | None = None) -> None:
    """Write the clip to a file."""
    with av.open(str(path), "w", format=container) as target:
        target.metadata.update(tags or {})
        video = _add_video(target, clip) if clip.video else None
        audio = _add_audio(target, clip) if clip.audio else None
        sounds = _sounds(clip) if audio else iter(())
        for number in range(clip.seconds * FPS):
            if video:
                target.mux(video.encode(_picture(clip, number)))
            while audio and (sound := next(sounds, None)) is not None:
                target.mux(audio.encode(sound))
                if sound.pts is not None and sound.pts / SAMPLE_RATE > (number + 1) / FPS:
                    break
        for stream in (video, audio):
            if stream:
                target.mux(stream.encode(None))


def wrap(
    source: Path,
    target: Path,
    container: str,
    *,
    options: dict[str, str] | None = None,
    kinds: Sequence[str] = ("video", "audio"),
    repeat: int = 1,
    turn: int = 0,
) -> None:
    """The tracks of `source`, as they are, in another container; `repeat` times in a row.

    `turn`: degrees by which players turn the picture, as a telephone writes it.
    """
    with av.open(str(target), "w", format=container, options=options or {}) as out:
        with av.open(str(source)) as first:
            copies = {
                s.index: out.add_stream_from_template(s, opaque=True)
                for s in first.streams
                if s.type in kinds
            }
            for copy in copies.values():
                if turn and isinstance(copy, VideoStream):
                    copy.set_display_rotation(turn)
            # Longer than any track, for a track must not overlap with its next round.
            length = (first.duration or 0) + av.time_base // 5
        for round_ in range(repeat):
            for packet in _packets(source, round_ * length):
                if packet.stream.index in copies:
                    packet.stream = copies[packet.stream.index]
                    out.mux(packet)


def picture(path: Path, width: int = 640, height: int = 360) -> None:
    """A JPEG or PNG, as a site shows it for a video."""
    frame = _picture(Clip(width=width, height=height), 7)
    codec, pixels = ("png", "rgb24") if path.suffix == ".png" else ("mjpeg", "yuvj420p")
    with av.open(str(path), "w", format="image2", options={"update": "1"}) as target:
        stream = target.add_stream(codec, rate=1)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, pixels
        target.mux(stream.encode(frame.reformat(format=pixels)))
        target.mux(stream.encode(None))


def _packets(source: Path, shift: int) -> Iterator["Packet[Stream]"]:
    with av.open(str(source)) as container:
        for packet in container.demux():
            if packet.size and packet.dts is not None and packet.pts is not None:
                ticks = round(shift / (packet.time_base * av.time_base))
                packet.pts, packet.dts = packet.pts + ticks, packet.dts + ticks
                yield packet


def _add_video(target: OutputContainer, clip: Clip) -> VideoStream:
    options = {"preset": "veryfast", "threads": "1"} if clip.video == "libx264" else {"threads": "1"}
    if clip.noise:
        options |= {"qp": "4"}
    if clip.video in ("libvpx", "libvpx-vp9"):
        options |= {"deadline": "realtime", "cpu-used": "8"}
    stream = target.add_stream(str(clip.video), rate=FPS, options=options)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height, stream.pix_fmt = clip.width, clip.height, "yuv420p"
    stream.codec_context.gop_size = clip.group
    stream.codec_context.max_b_frames = 2
    return stream


def _add_audio(target: OutputContainer, clip: Clip) -> AudioStream:
    rate = 48000 if clip.audio == "libopus" else SAMPLE_RATE
    stream = target.add_stream(str(clip.audio), rate=rate)
    assert isinstance(stream, AudioStream)
    stream.layout = clip.layout
    return stream


def _picture(clip: Clip, number: int) -> VideoFrame:
    width, height = clip.width, clip.height
    pixels: NDArray[np.uint8]
    if clip.noise:
        pixels = np.random.default_rng(number).integers(0, 255, (height * 3 // 2, width), dtype=np.uint8)
    else:
        pixels = np.full((height * 3 // 2, width), 96, np.uint8)
        pixels[:height] = (np.add.outer(np.arange(height), np.arange(width)) + number * 3) % 256
    frame = VideoFrame.from_ndarray(pixels, format="yuv420p")
    frame.pts = number
    frame.time_base = Fraction(1, FPS)
    return frame


def _sounds(clip: Clip) -> Iterator[AudioFrame]:
    """A tone, frame by frame."""
    rate = 48000 if clip.audio == "libopus" else SAMPLE_RATE
    for start in range(0, clip.seconds * rate, _AAC_FRAME):
        times = (start + np.arange(_AAC_FRAME)) / rate
        tone = (np.sin(2 * np.pi * 440 * times) * 8000).astype(np.int16)
        frame = AudioFrame.from_ndarray(np.repeat(tone, 2).reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        yield frame
