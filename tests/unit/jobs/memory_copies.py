"""Log copies and log channels in memory, with the meaning that jobs/store.py gives them."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Collection
from datetime import UTC, datetime

from medusa.log_channel import LogChannel, Tally
from medusa.model import CopyState, Download, LogCopy, State


class MemoryCopies(ABC):
    """A CopyStore, on the downloads of whoever inherits it."""

    downloads: dict[str, Download]

    async def due_copy(
        self, channel_id: int, now: datetime, retry_at: datetime
    ) -> tuple[Download, LogCopy] | None:
        await self._call("due_copy")
        due = [(d, c) for d, c in self._pending({channel_id}) if c.next_try and c.next_try <= now]
        if not due:
            return None
        download, copy = min(due, key=lambda pair: pair[0].created)
        self._put(download.id, copy.evolve(next_try=retry_at))
        self._put_off(download.id, copy, retry_at)
        return download, copy

    async def next_copy_time(self, channels: Collection[int] | None = None) -> datetime | None:
        await self._call("next_copy_time")
        return min((c.next_try for _, c in self._pending(channels) if c.next_try), default=None)

    async def put_copy(self, job: str, copy: LogCopy) -> None:
        await self._call("put_copy")
        self._put(job, copy)
        self._put_off(job, copy, copy.next_try or datetime.now(UTC))

    async def tallies(self) -> dict[int, Tally]:
        await self._call("tallies")
        return {
            channel: tally
            for channel in {copy.channel_id for _, copy in self._all()}
            if (tally := self._tally(channel)) != Tally()
        }

    async def queue_copies(self, channel_id: int, last: int | None = None) -> int:
        await self._call("queue_copies")
        done = [
            d for d in self.downloads.values() if d.state is State.DONE and any(m.message_id for m in d.sent)
        ]
        newest = sorted(done, key=lambda d: d.created, reverse=True)
        return self._queue(channel_id, newest[:last])

    async def take_over(self, lost: Collection[int], backup: int, since: datetime) -> int:
        await self._call("take_over")
        waiting = {d.id: d for d, c in self._pending(lost) if c.next_try and d.created >= since}
        return self._queue(backup, list(waiting.values()))

    async def retry_failed(self, channels: Collection[int]) -> None:
        await self._call("retry_failed")
        now = datetime.now(UTC)
        for download, copy in self._all():
            if copy.state is CopyState.FAILED and copy.channel_id in channels:
                fresh = copy.evolve(state=CopyState.PENDING, next_try=now, attempts=0, error=None)
                self._put(download.id, fresh)

    async def end_strays(self, channels: Collection[int], error: str) -> None:
        await self._call("end_strays")
        for download, copy in self._pending(None):
            if copy.channel_id not in channels:
                self._put(download.id, copy.evolve(state=CopyState.FAILED, next_try=None, error=error))

    def copy(self, job: str, channel: int, number: int = 1) -> LogCopy:
        key = (channel, number)
        (found,) = [c for c in self.downloads[job].log_copies if (c.channel_id, c.number) == key]
        return found

    def _all(self) -> list[tuple[Download, LogCopy]]:
        return [(download, copy) for download in self.downloads.values() for copy in download.log_copies]

    def _pending(self, channels: Collection[int] | None) -> list[tuple[Download, LogCopy]]:
        return [
            (download, copy)
            for download, copy in self._all()
            if copy.state is CopyState.PENDING and (channels is None or copy.channel_id in channels)
        ]

    def _tally(self, channel: int) -> Tally:
        states = [copy.state for _, copy in self._all() if copy.channel_id == channel]
        return Tally(states.count(CopyState.PENDING), states.count(CopyState.FAILED))

    def _queue(self, channel_id: int, downloads: list[Download]) -> int:
        now = datetime.now(UTC)
        lacking = [d for d in downloads if all(c.channel_id != channel_id for c in d.log_copies)]
        for download in lacking:
            added = [
                LogCopy(channel_id=channel_id, number=number, next_try=now)
                for number, _ in enumerate(download.sent, 1)
            ]
            self._write(download.id, (*download.log_copies, *added))
        return len(lacking)

    def _put(self, job: str, copy: LogCopy) -> None:
        copies = self.downloads[job].log_copies
        key = (copy.channel_id, copy.number)
        self._write(job, tuple(copy if (c.channel_id, c.number) == key else c for c in copies))

    def _put_off(self, job: str, copy: LogCopy, until: datetime) -> None:
        """Let the others that wait for the same channel wait until then."""
        for other in self.downloads[job].log_copies:
            same_channel = other.channel_id == copy.channel_id and other.number != copy.number
            if same_channel and other.state is CopyState.PENDING:
                self._put(job, other.evolve(next_try=until))

    def _write(self, job: str, copies: tuple[LogCopy, ...]) -> None:
        self.downloads[job] = self.downloads[job].evolve(log_copies=copies)

    @abstractmethod
    async def _call(self, method: str) -> None:
        """Take a turn of the loop, as if there were a server."""


class MemoryChannels:
    """A ChannelStore."""

    def __init__(self, *channels: LogChannel) -> None:
        self.kept = {channel.id: channel for channel in channels}

    def __getitem__(self, channel_id: int) -> LogChannel:
        return self.kept[channel_id]

    async def log_channels(self) -> list[LogChannel]:
        await asyncio.sleep(0)
        return sorted(self.kept.values(), key=lambda channel: channel.backup)

    async def note_log_channel(self, channel_id: int, **changes: object) -> None:
        await asyncio.sleep(0)
        if channel_id in self.kept:
            self.kept[channel_id] = self.kept[channel_id].evolve(**changes)
