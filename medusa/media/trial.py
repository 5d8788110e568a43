"""A release of yt-dlp is tried before it is used: it has to load, and to fetch a sample."""

import asyncio
from pathlib import Path

from medusa.errors import MediaChildDied, ReleaseBroken, SourceError
from medusa.media import sample
from medusa.media.catalogue import Catalogue
from medusa.media.choose import choose
from medusa.media.engine import Engine
from medusa.media.nursery import Nursery
from medusa.media.order import Patience
from medusa.media.sample import sample_site
from medusa.media.source import Source
from medusa.model import Media, Summary
from medusa.release import is_same
from medusa.text import one_line
from medusa.wishes import Wish

SECONDS = 120.0
"""For all of it; a slow machine needs 20."""
_PATIENCE = Patience(silence=20.0, retries=1)
_LONGEST = 200
"""Characters of what was wrong."""


class Trial:
    """Tries releases in media children, like those of links."""

    def __init__(self, jobs: Path, *, seconds: float = SECONDS) -> None:
        """`jobs`: where media children get their private directories."""
        self._jobs = jobs
        self._seconds = seconds

    async def run(self, version: str, directory: Path) -> None:
        """Return when the release in this directory, an absolute path, works. Raises ReleaseBroken."""
        nursery = Nursery(Engine())
        nursery.engine.use(version, str(directory))
        try:
            async with asyncio.timeout(self._seconds), sample_site() as site:
                await self._load(version, nursery)
                source = Source(self._jobs, nursery, allow=[site], patience=_PATIENCE)
                data, _ = await _fetched(source, f"http://{site}{sample.PAGE}")
                _check(data == sample.FILE, version, "the sample arrived damaged")
                _, summary = await _fetched(source, f"http://{site}{sample.LIST}")
                whole = summary.duration is not None and abs(summary.duration - sample.SECONDS) < 0.2
                _check(whole, version, "the sample in fragments arrived damaged")
        except TimeoutError as error:
            raise _broken(version, f"it was not ready in {self._seconds:.0f} s") from error
        except MediaChildDied as error:
            raise _broken(version, error.detail.rpartition(" | ")[2]) from error
        except SourceError as error:
            raise _broken(version, error.sentence, error.detail) from error
        finally:
            await nursery.aclose()

    async def _load(self, version: str, nursery: Nursery) -> None:
        said = (await Catalogue(self._jobs, nursery).survey()).version
        _check(is_same(said, version), version, f"it says that it is {said}")


def _broken(version: str, why: str, detail: str = "") -> ReleaseBroken:
    reason = one_line(why)[:_LONGEST].rstrip(". ")
    return ReleaseBroken(f"yt-dlp {version} does not work here: {reason}.", detail=detail, version=version)


def _check(is_well: bool, version: str, otherwise: str) -> None:
    if not is_well:
        raise _broken(version, otherwise)


async def _fetched(source: Source, url: str) -> tuple[bytes, Summary]:
    """The file behind a link, as the bot gets it."""
    media = await source.probe(url)
    if not isinstance(media, Media):
        raise MediaChildDied(detail="a list in the place of the sample")
    data = bytearray()
    async with source.open(media, choose(media, Wish(), max_size=2**31)) as stream:
        file = await anext(stream.files())
        async for offset, block in file:
            data[offset : offset + len(block)] = block
        return bytes(data), file.summary
