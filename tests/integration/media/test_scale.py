"""The one-pass MP4 with sources that are long or large."""

import io
import os
from pathlib import Path
from typing import cast

import av
import psutil
import pytest
from av.packet import Packet
from av.stream import Stream

from medusa.errors import IndexTooSmall
from medusa.media import reservation
from medusa.media.choose import choose
from medusa.media.nursery import Nursery
from medusa.media.pieces import are_playable
from medusa.media.source import Source
from medusa.wishes import Wish
from tests.integration.media.fetching import probe
from tests.integration.media.remuxing import remux
from tests.site import Site
from tests.site.library import Library
from tests.site.reel import Reel, wind

HOUR = 3600


def index_size(head: bytes) -> int:
    """Bytes of the `moov`."""
    at = head.index(b"moov") - 4
    return int.from_bytes(head[at : at + 4], "big")


@pytest.fixture(scope="module")
def clip() -> Path:
    return Library().file("tiny.mp4")


# --- long -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reel", "fps"),
    [
        (Reel(pictures=20 * 60 * 60), 60.0),
        (Reel(pictures=20 * 60 * 60, jitter=True), 60.0),
        (Reel(pictures=20 * 60 * 60), None),
        (Reel(pictures=20 * 60 * 24, fps=24), 24.0),
        (Reel(pictures=20 * 60 * 60, has_pictures=False), None),
    ],
    ids=["regular", "irregular", "of unknown rate", "24 fps", "sound alone"],
)
def test_the_index_fits_what_is_kept_for_it(
    tmp_path: Path, clip: Path, reel: Reel, fps: float | None
) -> None:
    """Twenty minutes; the index grows with the time."""
    wind(clip, tmp_path / "film.mp4", reel)
    window = reservation.mp4(20 * 60, fps=fps, has_video=reel.has_pictures)
    (head,), _ = remux(tmp_path / "film.mp4", window, keep=window)
    assert window / 6 < index_size(head) < window


@pytest.mark.slow
@pytest.mark.parametrize("jitter", [False, True], ids=["regular", "irregular"])
def test_three_hours_at_sixty_pictures_a_second(tmp_path: Path, clip: Path, jitter: bool) -> None:
    wind(clip, tmp_path / "film.mp4", Reel(pictures=3 * HOUR * 60, jitter=jitter))
    window = reservation.mp4(3 * HOUR, fps=60)
    assert window == reservation.CAP
    (head,), (ended,) = remux(tmp_path / "film.mp4", window, keep=window)
    assert window / 2.5 < index_size(head) < window
    assert ended.summary.duration == pytest.approx(3 * HOUR, abs=0.1)


def test_too_little_room_costs_one_retry(tmp_path: Path, clip: Path) -> None:
    wind(clip, tmp_path / "film.mp4", Reel(pictures=5 * 60 * 60, jitter=True))
    window = 300_000
    with pytest.raises(IndexTooSmall):
        remux(tmp_path / "film.mp4", window, keep=window)
    (head,), _ = remux(tmp_path / "film.mp4", window * 2, keep=window * 2)
    assert window < index_size(head) < window * 2


# --- large ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_offsets_of_more_than_four_gigabytes(tmp_path: Path, clip: Path) -> None:
    source = tmp_path / "film.mp4"
    huge(clip, source, count=300, size=15_000_000)
    (head,), (ended,) = remux(source, 70_000, keep=200_000)
    assert ended.summary.size > 2**32
    at = head.index(b"mdat")
    assert int.from_bytes(head[at - 4 : at], "big") == 1
    assert int.from_bytes(head[at + 4 : at + 12], "big") == ended.summary.size - at + 4
    assert b"co64" in head[:70_000]
    made = tmp_path / "made.mp4"
    made.write_bytes(head)
    os.truncate(made, ended.summary.size)
    with av.open(str(made), "r") as container:
        sizes = [packet.size for packet in container.demux() if packet.size]
        assert sizes == [15_000_000] * 300
        assert container.streams.video[0].index_entries[-1].pos > 2**32


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "?ranges=0"], ids=["rewritten", "cut by bytes"])
async def test_two_gigabytes_in_files_of_one(
    tmp_path: Path, clip: Path, query: str, nursery: Nursery
) -> None:
    """In real numbers, through a media child, whose memory does not grow."""
    limit = 1_000_000_000
    huge(clip, tmp_path / "film.mp4", count=2100, size=1_000_000)
    sizes: list[int] = []
    memory: list[int] = []
    async with Site(Library(tmp_path)) as site:
        source = Source(tmp_path / "jobs", nursery, allow=[site.allow])
        media = await probe(source, site.url(f"film.mp4{query}"))
        plan = choose(media, Wish(), max_size=limit)
        async with source.open(media, plan) as arriving:
            child = psutil.Process(arriving.pid)
            async for file in arriving.files():
                memory.extend([child.memory_info().rss async for _ in file])
                sizes.append(file.summary.size)
    assert are_playable(plan) is (query == "")
    assert len(sizes) == 3
    assert all(limit * 0.93 < size <= limit for size in sizes[:-1])
    early, late = memory[: len(memory) // 4], memory[len(memory) // 4 :]
    assert max(late) < max(early) + 8_000_000 < 120_000_000


def huge(clip: Path, target: Path, *, count: int, size: int) -> None:
    """An MP4 of key frames that are filled up with zeros, which take no room on the disk."""
    with (
        Sparse(target) as file,
        av.open(str(clip), "r") as source,
        av.open(file, "w", format="mp4") as out,
    ):
        picture = next(packet for packet in source.demux(video=0) if packet.is_keyframe)
        copy = out.add_stream_from_template(source.streams.video[0], opaque=True)
        filler = size - picture.size - 4
        body = bytes(picture) + filler.to_bytes(4, "big") + b"\x0c" + bytes(filler - 1)
        for number in range(count):
            packet: Packet[Stream] = Packet(body)
            packet.stream, packet.time_base, packet.is_keyframe = copy, picture.time_base, True
            packet.pts = packet.dts = number * 512
            out.mux_one(packet)


class Sparse(io.FileIO):
    """A file that leaves out blocks of zeros."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "w+")

    def write(self, data: object) -> int:
        """At the current position."""
        block = bytes(cast(bytes, data))
        if block.count(0) == len(block):
            self.seek(len(block), 1)
            return len(block)
        return super().write(block)
