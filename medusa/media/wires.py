"""What connects the bot with a media child: four sockets, each used in one direction."""

import asyncio
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress

from medusa.errors import MediaChildDied

_BUFFER = 512 * 1024
"""Bytes of records that wait here; more stays in the socket, and the child with it."""


class Child:
    """A media child, seen from the bot's ends of its wires."""

    def __init__(
        self, streams: Sequence[tuple[asyncio.StreamReader, asyncio.StreamWriter]], ytdlp: str
    ) -> None:
        """`ytdlp`: the directory of the yt-dlp that it runs; empty: the shipped one."""
        self.ytdlp = ytdlp
        self.pid = 0
        """Known when it is born."""
        self.orders = streams[0][1]
        self.records, self.log, self._news = (reader for reader, _ in streams[1:])
        self._writers = [writer for _, writer in streams]
        self._end: asyncio.Future[int] | None = None

    async def born(self) -> None:
        """Wait until it is there. Raises MediaChildDied, or EOFError when its mother has ended."""
        word, rest = await self._heard()
        if not word:
            raise EOFError
        if word != "born":
            raise MediaChildDied(detail=f"a media child was not born: {rest}")
        self.pid = int(rest)
        self._end = asyncio.ensure_future(self._ended())

    async def wait(self) -> int:
        """Its exit code; the negative number of the signal that ended it."""
        assert self._end is not None, "it was not born"
        return await asyncio.shield(self._end)

    async def close(self) -> None:
        """Cut the wires, when it has ended or was never born."""
        if self._end is not None:
            await self._end
        for writer in self._writers:
            writer.close()
        for writer in self._writers:
            with suppress(OSError):
                await writer.wait_closed()

    async def _ended(self) -> int:
        word, rest = await self._heard()
        # Without a word from their mother, her children have ended with her.
        return int(rest) if word == "ended" else -signal.SIGKILL

    async def _heard(self) -> tuple[str, str]:
        word, _, rest = (await self._news.readline()).decode().strip().partition(" ")
        return word, rest


async def lay(ytdlp: str) -> tuple[Child, list[socket.socket]]:
    """A child that is still to be born, and the ends that it gets: orders, records, log, news."""
    pairs = [socket.socketpair() for _ in range(4)]
    streams = [await asyncio.open_unix_connection(sock=ours, limit=_BUFFER) for ours, _ in pairs]
    return Child(streams, ytdlp), [theirs for _, theirs in pairs]
