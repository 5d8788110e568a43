"""REMUX and MUX: the tracks of one or two streams into one file, as they are, in one pass."""

from collections.abc import Iterable, Sequence

import av
from av.container import InputContainer, OutputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from medusa.errors import IndexTooSmall, MediaUnreadable
from medusa.media.child import describe
from medusa.media.child.describe import Source
from medusa.media.child.lanes import Lane, choose_tracks, merged, starts_of
from medusa.media.child.output import Output
from medusa.media.child.summary import Summary
from medusa.media.child.thumbnail import Watcher
from medusa.media.containers import Container

_MUXERS = {
    Container.MP4: "mp4",
    Container.M4A: "ipod",
    Container.MKV: "matroska",
    Container.MP3: "mp3",
    Container.OGG: "ogg",
    Container.FLAC: "flac",
}
_MP4_SLACK = 256
"""`ftyp` before the reservation, the heads of `free` and `mdat` behind it."""
_MKV_SLACK = 64 * 1024
"""The head of the file and of its tracks, with the codecs' parameters, around the reservation."""
_CHUNK = "500000"
"""Microseconds of one track in a row: fewer chunks to list in the index, and still both tracks at hand."""


def remux(files: Sequence[Source], output: Output, container: Container, *, sound_only: bool) -> Summary:
    """Write tracks of `files` to `output`: of one file all, of two the first's picture and the other's sound.

    Raises MediaUnreadable, IndexTooSmall, av.FFmpegError, and what the files raise.
    """
    inputs = [describe.open_media(file) for file in files]
    chosen = choose_tracks(inputs, sound_only=sound_only)
    target = _open_target(output, container, chosen)
    lanes = _lanes(inputs, chosen, target, container)
    watcher = Watcher()
    room = output.window if container in (Container.MP4, Container.M4A) else None
    for number, packet in merged(inputs, chosen):
        if isinstance(packet.stream, VideoStream):
            watcher.look_at(packet.stream, packet)
        if lanes[number, packet.stream.index].place(packet):
            target.mux_one(packet)
            _check_room(lanes.values(), room)
    for file in files:
        file.finish()
    size = _close(target, output)
    return _summary(size, [lane for lane in lanes.values() if not lane.is_empty], inputs[0], watcher)


def _open_target(output: Output, container: Container, chosen: Sequence[Sequence[Stream]]) -> OutputContainer:
    codecs = {stream.codec_context.codec.canonical_name for streams in chosen for stream in streams}
    name = _MUXERS[container]
    if name == "ipod" and not codecs <= {"aac", "alac"}:
        name = "mp4"  # which takes more
    options = {"chunk_duration": _CHUNK, "flush_packets": "0"}
    if container is Container.MKV:
        options["reserve_index_space"] = str(max(1, output.window - _MKV_SLACK))
    elif container.is_rewritten:
        options["moov_size"] = str(max(1, output.window - _MP4_SLACK))
    elif container is Container.MP3:
        options["write_xing"] = "0"
    return av.open(output, "w", name, options=options)


def _lanes(
    inputs: Sequence[InputContainer],
    chosen: Sequence[Sequence[Stream]],
    target: OutputContainer,
    container: Container,
) -> dict[tuple[int, int], Lane]:
    """For each input's number and stream's index."""
    starts = starts_of(inputs)
    lanes = {}
    for number, streams in enumerate(chosen):
        for stream in streams:
            try:
                # `opaque`: without it PyAV wants an encoder of the same name.
                copy = target.add_stream_from_template(stream, opaque=True)
            except ValueError as error:
                raise MediaUnreadable(detail=str(error)) from error
            if stream.codec_context.codec.canonical_name == "hevc" and container is Container.MP4:
                copy.codec_context.codec_tag = "hvc1"  # the only name that Apple's players know
            jumps = inputs[number].format.name == "mpegts"
            lanes[number, stream.index] = Lane(stream, copy, starts[number], jumps=jumps)
    return lanes


def _check_room(lanes: Iterable[Lane], room: int | None) -> None:
    """Not to find out at the end of some gigabytes."""
    if room is not None and (needed := sum(lane.index_size for lane in lanes)) > room:
        raise IndexTooSmall(detail=f"{needed} bytes needed so far, {room} kept")


def _close(target: OutputContainer, output: Output) -> int:
    """Write the index. The size of the file."""
    try:
        target.close()
    except av.ArgumentError as error:
        raise IndexTooSmall(detail=f"{output.window} bytes kept; {error}") from error
    size = output.finish()
    if not size:
        raise MediaUnreadable(detail="no packets")
    return size


def _summary(size: int, lanes: Sequence[Lane], source: InputContainer, watcher: Watcher) -> Summary:
    seen = describe.describe_container(source, whole=False)
    shows = any(lane.source.type == "video" for lane in lanes)
    width, height = watcher.upright(seen.width, seen.height) if shows else (None, None)
    return Summary(
        size=size,
        duration=max(lane.end for lane in lanes) - min(lane.start for lane in lanes) or None,
        width=width,
        height=height,
        title=seen.title,
        performer=seen.performer,
        thumbnail=watcher.best,
    )
