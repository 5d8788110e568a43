"""A MongoDB that outlives the bot, and that a test may stop and start; and a line to it that can be held."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from medusa.storage.embedded import embedded_mongod


class Database:
    """A mongod of its own while the context is open; where it was stopped meanwhile, with what it had."""

    def __init__(self, directory: Path) -> None:
        """`directory`: where its data are. A short path, because the socket lies there too."""
        self._directory = directory
        self._running = AsyncExitStack()
        self.uri = ""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start mongod, on the data and at the address of before; returns when it answers."""
        uri = await self._running.enter_async_context(embedded_mongod(self._directory))
        if self.uri not in ("", uri):
            raise ValueError(f"{self._directory} is too long for a socket: its address has changed")
        self.uri = uri

    async def stop(self) -> None:
        """Stop mongod, in order; nothing happens when it is stopped."""
        await self._running.aclose()


@asynccontextmanager
async def database() -> AsyncIterator[Database]:
    """A database in a directory of its own, which goes with it."""
    with tempfile.TemporaryDirectory(prefix="db-") as directory:
        async with Database(Path(directory)) as made:
            yield made


class HeldLine:
    """A way to a database that lets everything through, until it is told to hold something back."""

    def __init__(self, database: Database) -> None:
        self._socket = unquote(database.uri.removeprefix("mongodb://"))
        self._words = b""
        self._lines: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self.holds = asyncio.Event()
        """Something is held back."""
        self.pause = 0.0
        """Seconds before each answer goes on its way."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        # Closed, not cancelled: in Python 3.11 a cancelled handler of a stream leaves its transport open.
        for writer in self._writers:
            writer.close()
        await asyncio.gather(*self._lines, return_exceptions=True)

    @property
    def uri(self) -> str:
        """What takes the place of the database's own."""
        return f"mongodb://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/?directConnection=true"

    def hold(self, command: str, collection: str) -> None:
        """From now on, these commands never arrive, nor what follows them on their connection."""
        # As BSON has it: a string's name, its length, itself.
        size = (len(collection) + 1).to_bytes(4, "little")
        self._words = b"\x02" + command.encode() + b"\0" + size + collection.encode() + b"\0"

    def release(self) -> None:
        """Let everything through that comes from now on."""
        self._words = b""

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.current_task()
        assert line is not None
        self._lines.add(line)
        line.add_done_callback(self._lines.discard)
        self._writers.add(writer)
        there, back = await asyncio.open_unix_connection(self._socket)
        answers = asyncio.create_task(self._pass_on(there, writer))
        try:
            while data := await reader.read(1 << 20):
                if self._words and self._words in data:
                    self.holds.set()
                    await reader.read()  # until whoever sent it is gone
                    return
                back.write(data)
        finally:
            answers.cancel()
            await asyncio.wait([answers])
            back.close()
            writer.close()
            self._writers.discard(writer)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 20):
            await asyncio.sleep(self.pause)
            writer.write(data)
