"""One stage for all tests of a file: the bot as a process, in its world."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.stage import Stage


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    """A bot with two log channels."""
    async with Stage() as stage:
        yield stage
