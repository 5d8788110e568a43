"""A data centre in another process, with the manners of the one in-process, but awaited."""

import asyncio
import itertools
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.dc.codec import dump_line, load_line, load_seen
from tests.dc.datacenter import Endpoint
from tests.dc.remote_chats import RemoteBot, RemoteChannel, RemoteChat, RemotePerson
from tests.dc.seen import Seen

_LINE = 256 * 1024 * 1024  # a document travels in one line


class RemoteError(Exception):
    """A command failed there; `kind` is the name of the exception."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{kind}: {text}")
        self.kind = kind


class RemoteDataCenter:
    """`async with RemoteDataCenter("--discard") as dc`: arguments are those of `python -m tests.dc`."""

    address: tuple[str, int]
    media_address: tuple[str, int]
    key_file: Path

    def __init__(self, *arguments: str) -> None:
        self._chats: dict[str, RemoteChat] = {}
        self._early: dict[str, list[Seen]] = {}
        self._arguments = arguments
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        root = Path(__file__).parents[2]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.dc", *self._arguments, cwd=root, stdin=PIPE, stdout=PIPE, limit=_LINE
        )
        assert self._process.stdout is not None
        hello = load_line(await self._process.stdout.readline())
        self.address, self.media_address = tuple(hello["address"]), tuple(hello["media_address"])
        self.key_file = Path(hello["key"])
        self._reading = asyncio.create_task(self._read(self._process.stdout))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(ConnectionError):
            self._process.stdin.write(b'{"do":"stop"}\n')
            self._process.stdin.close()
        await self._process.wait()
        if self._reading is not None:
            await self._reading

    @property
    def endpoint(self) -> Endpoint:
        """What a client needs to know to connect."""
        return Endpoint(*self.address, self.key_file.read_bytes())

    async def ask(self, do: str, **fields: Any) -> Any:
        """Send a command and return its answer. Raises RemoteError."""
        assert self._process is not None
        assert self._process.stdin is not None
        number = next(self._numbers)
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._process.stdin.write((dump_line({"id": number, "do": do, **fields}) + "\n").encode())
        await self._process.stdin.drain()
        return await future

    async def bot(
        self, name: str = "Medusa", *, username: str = "medusa_bot", token: str | None = None
    ) -> RemoteBot:
        """A new bot."""
        return RemoteBot(**await self.ask("bot", name=name, username=username, token=token))

    async def person(self, name: str, *, username: str | None = None, premium: bool = False) -> RemotePerson:
        """A new human."""
        answer = await self.ask("person", name=name, username=username, premium=premium)
        person = RemotePerson(self, answer["chat"], name)
        self.adopt(person)
        return person

    async def channel(
        self,
        title: str,
        *,
        admins: Iterable[RemoteBot | RemotePerson] = (),
        members: Iterable[RemoteBot | RemotePerson] = (),
        rights: dict[str, bool] | None = None,
        **settings: Any,
    ) -> RemoteChannel:
        """A new channel. `settings` are username, broadcast, protected."""
        answer = await self.ask(
            "channel",
            title=title,
            admins=[one.id for one in admins],
            members=[one.id for one in members],
            rights=rights,
            **settings,
        )
        channel = RemoteChannel(self, answer["chat"], title)
        self.adopt(channel)
        return channel

    async def fault(self, what: str, *values: Any, **selectors: Any) -> int:
        """Programme a fault by the name of a method of Faults; returns its number."""
        number: int = await self.ask("fault", what=what, values=values, **selectors)
        return number

    async def fired(self, fault: int) -> int:
        """How often a fault has struck."""
        count: int = (await self.ask("faults"))[fault]["fired"]
        return count

    async def set_line(self, *, latency: float = 0.0, bandwidth: float | None = None) -> None:
        """Latency and bandwidth from now on."""
        await self.ask("line", latency=latency, bandwidth=bandwidth)

    async def drop(self, *, media: bool | None = None) -> int:
        """Break open connections, all or those of one address; returns how many."""
        count: int = await self.ask("cut", what="drop", media=media)
        return count

    async def stall(self, *, media: bool | None = None) -> int:
        """Stop reading from open connections; returns how many."""
        count: int = await self.ask("cut", what="stall", media=media)
        return count

    async def file(self, file_id: int, save_as: Path | None = None) -> dict[str, Any]:
        """size, sha256, tree_sha256 and arrivals of a file; its bytes go to `save_as`."""
        answer: dict[str, Any] = await self.ask("file", file_id=file_id, save_as=save_as and str(save_as))
        return answer

    async def stats(self) -> dict[str, Any]:
        """Counters."""
        answer: dict[str, Any] = await self.ask("stats")
        return answer

    async def take_violations(self) -> list[str]:
        """Violations so far; they are forgotten."""
        answer: list[str] = await self.ask("take_violations")
        return answer

    async def session_string(self, person: RemotePerson) -> str:
        """A Pyrogram session string of `person`."""
        answer: str = await self.ask("session_string", person=person.id)
        return answer

    async def check(self) -> None:
        """Raise AssertionError when a rule was broken, a method was unknown or a handler there failed."""
        try:
            await self.ask("check")
        except RemoteError as error:
            raise AssertionError(str(error)) from None

    def adopt(self, chat: RemoteChat) -> None:
        """Have `chat` hear of what is seen in it, also of what was seen before it was known here."""
        self._chats[chat.key] = chat
        for seen in self._early.pop(chat.key, []):
            chat.add_state(seen)

    def _tell(self, key: str, seen: Seen) -> None:
        if key in self._chats:
            self._chats[key].add_state(seen)
        else:
            self._early.setdefault(key, []).append(seen)

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while text := await stream.readline():
            line = load_line(text)
            if "seen" in line:
                self._tell(line["chat"], load_seen(line["seen"]))
                continue
            if "action" in line:
                self._chats[line["chat"]].add_action(line["action"])
                continue
            future = self._waiting.pop(line["id"])
            if "error" in line:
                future.set_exception(RemoteError(line["kind"], line["error"]))
            else:
                future.set_result(line["ok"])
        for future in self._waiting.values():
            future.set_exception(RemoteError("EOF", "the data centre is gone"))
