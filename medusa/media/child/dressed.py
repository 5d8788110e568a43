"""Output containers, and how tags and covers get into each of them."""

import io
from fractions import Fraction

import av
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Disposition, Stream

from medusa.media.child.output import Output
from medusa.media.child.tags import Tags
from medusa.media.containers import Container

_MUXERS = {
    Container.MP4: "mp4",
    Container.M4A: "ipod",
    Container.MKV: "matroska",
    Container.MP3: "mp3",
    Container.OGG: "ogg",
    Container.OPUS: "opus",
    Container.FLAC: "flac",
}
_MP4_SLACK = 256
"""`ftyp` before the reservation, the heads of `free` and `mdat` behind it."""
_MKV_SLACK = 64 * 1024
"""The head of the file and of its tracks, with the codecs' parameters, around the reservation."""
_CHUNK = "500000"
"""Microseconds of one track in a row: fewer chunks to list in the index, and still both tracks at hand."""
_SECOND = "1000000"


def open_target(
    output: Output, container: Container, codecs: set[str], tags: Tags | None = None
) -> OutputContainer:
    """A muxer for these codecs, by libavcodec's names. Raises av.FFmpegError."""
    name = _MUXERS[container]
    options = {"chunk_duration": _CHUNK, "flush_packets": "0"}
    if container is Container.M4A and (tags is not None or not codecs <= {"aac", "alac"}):
        name = "mp4"  # which takes more: other codecs, and pictures
    if container is Container.MKV:
        options["reserve_index_space"] = str(max(1, output.window - _MKV_SLACK))
    elif container.is_rewritten:
        options["moov_size"] = str(max(1, output.window - _MP4_SLACK))
    elif container is Container.MP3:
        options["write_xing"] = "1" if output.window else "0"
    if tags is not None:
        options |= _as_dressed(output, container, tags)
    return av.open(output, "w", name, options=options)


def _as_dressed(output: Output, container: Container, tags: Tags) -> dict[str, str]:
    """The options of a muxer for a file with these tags."""
    # The same bytes each time, or else no upload could go on where it was.
    options = {"fflags": "+bitexact"}
    if container is Container.MP3:
        output.preface(tags.id3())
        options |= {"id3v2_version": "0", "write_id3v1": "0"}
    elif container is Container.M4A:
        # A cover is a track with one packet; nothing waits for its next.
        options |= {"brand": "M4A ", "max_interleave_delta": _SECOND}
    return options


def head_size(container: Container, tags: Tags) -> int:
    """Bytes that tags take at the head of a file, besides its head window; of an M4A they are inside."""
    if container is Container.MP3:
        return len(tags.id3())
    return (
        sum(len(key) + len(text) for key, text in tags.comments().items())
        if container is Container.OPUS
        else 0
    )


def dress(target: OutputContainer, container: Container, stream: Stream, tags: Tags) -> None:
    """Give the file of this stream its tags. Raises av.FFmpegError."""
    if container is Container.OPUS:
        stream.metadata.update(tags.comments())
    elif container is Container.M4A:
        target.metadata.update(tags.texts)
        if tags.cover:
            _attach(target, tags.cover)


def _attach(target: OutputContainer, cover: bytes) -> None:
    with av.open(io.BytesIO(cover), "r", "mjpeg") as picture:
        track = target.add_stream_from_template(picture.streams.video[0], opaque=True)
    track.disposition = Disposition.attached_pic
    packet: Packet[Stream] = Packet(cover)
    packet.stream, packet.is_keyframe = track, True
    packet.pts, packet.dts, packet.time_base = 0, 0, Fraction(1, 90_000)
    target.mux_one(packet)
