"""One media child at work, seen from the bot: what it delivers, what it reports, how it ends."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple

from loguru import logger

from medusa import errors
from medusa.errors import MediaChildDied, MedusaError
from medusa.media import order, records
from medusa.media.budget import Budget
from medusa.media.group import Group
from medusa.media.order import Order, StreamOrder
from medusa.media.proxy import PolicyProxy
from medusa.media.records import BadRecord, Type
from medusa.media.wires import Child

_LINE = 4096
_LAST_WORDS = 2000
_LOG_SECONDS = 1.0
"""For the rest of the log of a child that has ended; another process may keep it open."""


class Record(NamedTuple):
    """A DATA, PIECE or SUMMARY record with its payload."""

    type: Type
    offset: int
    payload: bytes


class Job:
    """A running media child."""

    def __init__(self, child: Child, proxy: PolicyProxy) -> None:
        self.pid = child.pid
        self.ytdlp = child.ytdlp
        self.progress: dict[str, tuple[int, int | None]] = {}
        """For each format: bytes received, and of how many."""
        self.exit_code: int | None = None
        """How the child ended; None: it still runs, or was ended."""
        self._log: deque[str] = deque(maxlen=5)
        self._log_is_over = asyncio.Event()
        self._child = child
        self._proxy = proxy

    def finish(self) -> None:
        """Let a recording end with what there is; others know their end themselves."""
        self._child.orders.close()

    async def records(self) -> AsyncIterator[Record]:
        """What the child delivers, the summary last; ends only when the child ended well.

        Raises what the child reported, MediaChildDied when it could not report, and PrivateAddress instead of
        either when the proxy refused a request: that is the cause, whatever was made of it.
        """
        try:
            async for record in self._records():
                yield record
        except MedusaError as error:
            raise (self._proxy.refused or error) from error

    async def _records(self) -> AsyncIterator[Record]:
        complete = False
        try:
            while (record := await self._next()) is not None:
                if complete:
                    raise BadRecord("a record behind the summary")
                if record.type is Type.ERROR:
                    raise reported(records.decode_json(record.payload))
                complete = record.type is Type.SUMMARY
                yield record
        except (BadRecord, asyncio.IncompleteReadError) as error:
            raise self._died(str(error)) from error
        code = self.exit_code = await self._child.wait()
        if code != 0 or not complete:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOG_SECONDS):
                    await self._log_is_over.wait()
            raise self._died(f"signal {-code}" if code < 0 else f"exit code {code}")

    async def _next(self) -> Record | None:
        first = await self._child.records.read(1)
        if not first:
            return None
        head = records.decode_head(first + await self._child.records.readexactly(records.HEADER.size - 1))
        return Record(head.type, head.offset, await self._child.records.readexactly(head.length))

    @property
    def last_words(self) -> str:
        """The last line that it has written of its own accord; of a crash that is what was wrong."""
        return self._log[-1] if self._log else ""

    def _died(self, how: str) -> MediaChildDied:
        return MediaChildDied(detail=f"{how}; {' | '.join(self._log)[-_LAST_WORDS:]}")

    async def read_log(self) -> None:
        """Take in the child's standard error, to its end. Nothing in it is trusted."""
        rest = b""
        while block := await self._child.log.read(_LINE):
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                self._note(line)
            rest = rest[:_LINE]
        self._log_is_over.set()

    def _note(self, line: bytes) -> None:
        with suppress(ValueError, KeyError, TypeError):
            report = records.decode_json(line)
            total = report["total"]
            self.progress[str(report["format"])] = (
                int(report["received"]),
                None if total is None else int(total),
            )
            return
        text = line.decode("utf-8", "replace").rstrip()
        self._log.append(text)
        logger.debug("media child {}: {}", self.pid, text)


def reported(report: dict[str, Any]) -> MedusaError:
    """The error that a child reports by its class name. Raises BadRecord when there is no such class."""
    kind = getattr(errors, str(report.get("error")), None)
    if not (isinstance(kind, type) and issubclass(kind, MedusaError)):
        raise BadRecord(f"an unknown error {report.get('error')!r}")
    try:
        return kind(report.get("sentence"), detail=str(report.get("detail")))
    except (TypeError, ValueError) as error:
        raise BadRecord(f"an error that takes other arguments: {kind.__name__}") from error


@asynccontextmanager
async def media_child(
    group: Group,
    order_for: Callable[[str], Order],
    recipe: bytes = b"",
    *,
    allow: Sequence[str] = (),
    budget: Budget | None = None,
) -> AsyncIterator[Job]:
    """The group's child at work on `order_for(proxy_url)`; all gone afterwards.

    `allow`, `budget`: see PolicyProxy.
    """
    async with PolicyProxy(allow, budget=budget) as proxy:
        log: asyncio.Task[None] | None = None
        try:
            async with group as child:
                job = Job(child, proxy)
                log = asyncio.ensure_future(job.read_log())
                work = order_for(proxy.url)
                await _give(child, order.send(order.encode(work, recipe)))
                if not (isinstance(work, StreamOrder) and work.is_recording):
                    job.finish()
                yield job
        finally:
            if log is not None:  # it ends with the group
                await log


async def _give(child: Child, data: bytes) -> None:
    # A child that does not read is dead, and that shows in its records.
    with suppress(BrokenPipeError, ConnectionResetError):
        child.orders.write(data)
        await child.orders.drain()
