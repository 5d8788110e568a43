"""The muxer without a media child: from files on the disk to files in memory."""

import io
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import cast

from medusa.media.child import encode as encoding
from medusa.media.child import mux
from medusa.media.child.cutting import Cutter
from medusa.media.child.delivery import Delivery
from medusa.media.child.output import Output
from medusa.media.child.summary import Ended
from medusa.media.child.tags import Tags
from medusa.media.child.tracks import open_tracks
from medusa.media.containers import Container


class Stored(io.FileIO):
    """A source on the disk."""

    begins = 0.0

    @property
    def size(self) -> int:
        """Bytes."""
        return Path(str(self.name)).stat().st_size

    def finish(self) -> None:
        """Nothing can fail any more."""


class Collector:
    """Takes what would go through the pipe, and keeps so much of the head of each file."""

    def __init__(self, keep: int) -> None:
        self.files: list[bytearray] = []
        self._keep = keep

    def open(self, window: int) -> Output:
        """Another file."""
        self.files.append(bytearray())
        return Output(cast(Delivery, self), window)

    def data(self, offset: int, data: bytes) -> None:
        kept = data[: max(0, self._keep - offset)]
        self.files[-1][offset : offset + len(kept)] = kept


def remux(
    sources: Path | Sequence[Path],
    window: int,
    container: Container = Container.MP4,
    *,
    keep: int = 2**40,
    max_size: int | None = None,
    sound_only: bool = False,
) -> tuple[list[bytes], list[Ended]]:
    """The files that are made of them, or the first `keep` bytes of each, and what was said of them."""
    collector = Collector(keep)
    with ExitStack() as stack:
        paths = [sources] if isinstance(sources, Path) else sources
        files = [stack.enter_context(Stored(path)) for path in paths]
        cutter = Cutter(max_size, window)
        tracks = open_tracks(files, sound_only=sound_only, lists_all=container.lists_all)
        ended = list(mux.remux(tracks, collector.open, container, cutter))
    return [bytes(data) for data in collector.files], ended


def encode(
    source: Path, container: Container, tags: Tags, *, bit_rate: int = 192_000, window: int = 300_000
) -> bytes:
    """Its sound, encoded into one file."""
    collector = Collector(2**40)
    with Stored(source) as file:
        tracks = open_tracks([file], sound_only=True, lists_all=container.lists_all)
        cutter = Cutter(None, 0 if container is Container.OPUS else window)
        (ended,) = encoding.encode(tracks, collector.open, container, cutter, tags, bit_rate=bit_rate)
    assert ended.summary.size == len(collector.files[0])
    return bytes(collector.files[0])
