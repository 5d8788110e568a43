"""The site as a process of its own, seen from the one that started it."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.site.server import url_of


class RemoteSite:
    """A media site in another process, while its context is open."""

    base: str
    """URL of the site, without a slash at the end."""
    allow: str
    """The entry of FETCH_ALLOW that opens the site, and nothing else."""

    def __init__(self) -> None:
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        root = Path(__file__).parents[2]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.site", cwd=root, stdout=PIPE
        )
        assert self._process.stdout is not None
        hello = json.loads(await self._process.stdout.readline())
        self.base, self.allow = hello["url"], hello["allow"]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.terminate()
        await self._process.wait()

    def url(self, name: str, **faults: object) -> str:
        """The link of a source, as `Site.url` makes it."""
        return url_of(self.base, name, **faults)
