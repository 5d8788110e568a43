"""One file that a muxer writes from tracks as they are."""

from collections.abc import Sequence
from fractions import Fraction

import av
from av.container import OutputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from medusa.errors import IndexTooSmall, MediaUnreadable
from medusa.media.child import dressed
from medusa.media.child.caption_track import Captions
from medusa.media.child.describe import Description
from medusa.media.child.lanes import Lane, Placed
from medusa.media.child.output import Output
from medusa.media.child.summary import Summary
from medusa.media.child.tags import Tags
from medusa.media.child.thumbnail import Watcher
from medusa.media.containers import Container


class MuxedFile:
    """A file on its way: packets in, frames out through its Output."""

    def __init__(
        self,
        output: Output,
        container: Container,
        lanes: Sequence[Lane],
        origin: Fraction = Fraction(0),
        *,
        tags: Tags | None = None,
        captions: Captions | None = None,
    ) -> None:
        """`origin`: seconds of the stream's timeline at which this file begins. `tags`: of sound alone.

        Raises MediaUnreadable, av.FFmpegError.
        """
        self._output = output
        codecs = {lane.source.codec_context.codec.canonical_name for lane in lanes}
        self._target = dressed.open_target(output, container, codecs, tags)
        self._tracks = [_Track(lane, self._target, container, origin) for lane in lanes]
        self.head = 0
        """Bytes of tags in front of the packets, besides the head window."""
        if tags is not None:
            dressed.dress(self._target, container, self._tracks[0].copy, tags)
            self.head = dressed.head_size(container, tags)
        self._captions = captions.track(self._target, container, origin) if captions else None
        self._watcher = Watcher()

    def write(self, placed: Placed) -> None:
        """Append a packet. Raises IndexTooSmall, av.FFmpegError."""
        if isinstance(placed.lane.source, VideoStream):
            self._watcher.look_at(placed.lane.source, placed.packet)
        if self._captions is not None:
            self._captions.write_until(placed.time)
        self._tracks[placed.lane.number].take(placed)
        self._target.mux_one(placed.packet)

    def close(self, seen: Description) -> Summary:
        """Write the index and deliver what is left; `seen` tells what the source says of itself.

        Raises IndexTooSmall, MediaUnreadable for a file without packets.
        """
        try:
            self._target.close()
        except av.ArgumentError as error:
            raise IndexTooSmall(detail=f"{self._output.window} bytes kept; {error}") from error
        size = self._output.finish()
        if not size:
            raise MediaUnreadable(detail="no packets")
        tracks = [track for track in self._tracks if not track.is_empty]
        shows = any(track.is_picture for track in tracks)
        width, height = self._watcher.upright(seen.width, seen.height) if shows else (None, None)
        return Summary(
            size=size,
            duration=max(track.end for track in tracks) - min(track.start for track in tracks) or None,
            width=width,
            height=height,
            title=seen.title,
            performer=seen.performer,
            thumbnail=self._watcher.best,
        )


class _Track:
    """One lane's track in this file."""

    def __init__(self, lane: Lane, target: OutputContainer, container: Container, origin: Fraction) -> None:
        assert lane.source.time_base is not None
        self.is_picture = lane.is_picture
        self.copy = _copy(lane.source, target, container)
        self._time_base = lane.source.time_base
        # Ticks of that, for there are millions of packets.
        self._shift = round(origin / self._time_base)
        self._start: int | None = None
        self._end = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing came."""
        return self._start is None

    @property
    def start(self) -> float:
        """Seconds at which the first picture or sound starts."""
        return float((self._start or 0) * self._time_base)

    @property
    def end(self) -> float:
        """Seconds at which the last one ends."""
        return float(self._end * self._time_base)

    def take(self, placed: Placed) -> None:
        """Make the packet one of this track."""
        packet = placed.packet
        assert packet.pts is not None
        assert packet.dts is not None
        start = packet.pts - self._shift
        packet.pts, packet.dts, packet.stream = start, packet.dts - self._shift, self.copy
        self._start = start if self._start is None else min(self._start, start)
        self._end = max(self._end, start + (packet.duration or 0))


def _copy(source: Stream, target: OutputContainer, container: Container) -> Stream:
    try:
        # `opaque`: without it PyAV wants an encoder of the same name.
        copy = target.add_stream_from_template(source, opaque=True)
    except ValueError as error:
        raise MediaUnreadable(detail=str(error)) from error
    if source.codec_context.codec.canonical_name == "hevc" and container is Container.MP4:
        copy.codec_context.codec_tag = "hvc1"  # the only name that Apple's players know
    return copy
