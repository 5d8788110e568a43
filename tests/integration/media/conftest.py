"""The media site, and a Source that may reach it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from medusa.media.nursery import Nursery
from medusa.media.order import Patience
from medusa.media.source import Source
from tests.site import Site

IMPATIENT = Patience(silence=0.8, retries=2, pause=0.01)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as site:
        yield site


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Of the shipped yt-dlp, for all tests."""
    nursery = Nursery()
    yield nursery
    asyncio.run(nursery.aclose())


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Where jobs have their directories."""
    return tmp_path / "jobs"


@pytest.fixture
def source(base: Path, site: Site, nursery: Nursery) -> Source:
    return Source(base, nursery, allow=[site.allow], patience=IMPATIENT)
