"""A mixed load: links of every kind, and the proof that what has arrived is what was there."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.site import Site
from tests.site.inspect import packets

MAX_PARTS = 32
"""Parts that one file may have: 16 MiB, so that the longest film comes in several."""


@dataclass(frozen=True)
class Source:
    """What a link leads to."""

    path: str
    """On the site."""
    original: str
    """The file of the site's library whose bytes, or whose tracks, must arrive."""
    rate: int
    """Bytes a second."""
    is_exact: bool = False
    """It arrives bit for bit; else every packet of every track does, in a new container."""
    is_cut: bool = False
    """It is too large for one file."""


SOURCES = (
    Source("film-8.mp4", "film-8.mp4", 3_000_000, is_exact=True),
    Source("hls-film/index.m3u8", "film-10.mp4", 4_000_000),
    Source("film-8-late.mp4", "film-8-late.mp4", 3_000_000),
    Source("dash-film/index.mpd", "film-10.mp4", 4_000_000),
    Source("long.m4a", "long.m4a", 1_500_000),
    Source("archive.zip", "archive.zip", 400_000, is_exact=True),
    Source("film-20.mp4", "film-20.mp4", 6_000_000, is_cut=True),
)
"""Passed on, put together from HLS, with its index moved, put together from DASH, music, no media, cut."""


@dataclass(frozen=True)
class Link:
    """A link that somebody has sent."""

    person: Person
    message: Seen
    url: str
    """Of no other link the beginning."""
    source: Source

    @property
    def answers(self) -> list[Seen]:
        """The files that answer it."""
        return [seen for seen in self._replies if seen.media is not None]

    @property
    def status(self) -> str:
        """What its status message says last; nothing where there is none."""
        return "".join(seen.text for seen in self._replies if seen.media is None)

    @property
    def is_over(self) -> bool:
        """Its status message says that it was delivered."""
        return self.status.startswith("✅")

    @property
    def _replies(self) -> list[Seen]:
        return [seen for seen in self.person.messages if seen.reply_to == self.message.id]


def mixed(site: Site, count: int, chance: Random) -> Iterator[tuple[str, Source]]:
    """So many links in random order, all kinds equally often, and no two the same."""
    sources = list(itertools.islice(itertools.cycle(SOURCES), count))
    chance.shuffle(sources)
    for number, source in enumerate(sources):
        yield site.url(source.path, copy=number, rate=source.rate), source


def is_whole(source: Source, original: Path, files: Sequence[bytes]) -> bool:
    """Whether these files, in this order, are what was there. Blocking."""
    if source.is_exact:
        return len(files) == 1 and files[0] == original.read_bytes()
    if not files or (len(files) > 1) is not source.is_cut:
        return False
    arrived = [_digests(file) for file in files]
    return all(
        digests == [digest for file in arrived for digest in file.get(kind, ())]
        for kind, digests in _original_digests(original).items()
    )


@lru_cache
def _original_digests(original: Path) -> dict[str, list[str]]:
    return _digests(original.read_bytes())


def _digests(data: bytes) -> dict[str, list[str]]:
    return {kind: [packet.md5 for packet in coded] for kind, coded in packets(data).items()}
