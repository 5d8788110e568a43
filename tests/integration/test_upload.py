"""The uploader over real connections: whatever the server does, the file is there bit for bit, or refused."""

import asyncio
import random
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from medusa.errors import PartRefused, StreamedTotalRefused, UploadError
from medusa.kept import Uploaded
from medusa.model import Frame
from medusa.telegram.lane import open_lane
from medusa.telegram.mtproto.session import Patience
from medusa.telegram.transport import GuardedTransport
from medusa.upload.pool import Pool
from medusa.upload.uploader import Uploader
from tests.dc.client import bot_client
from tests.dc.datacenter import DataCenter
from tests.dc.faults import Fault

SIZE = 9 * 1024 * 1024 + 4321
HEAD = 600_000


IMPATIENT = Patience(silence=0.5, answer=0.7, ping=0.2, look=0.05)
"""Notices in a moment what takes seconds in production."""


class Uplink:
    """A bot that has logged in, and its uploader."""

    def __init__(self, dc: DataCenter, pool: Pool) -> None:
        self.dc = dc
        self.pool = pool
        self.uploader = Uploader(pool, max_parts=4000)
        self.body = random.Random(5).randbytes(SIZE)

    async def frames(self) -> AsyncIterator[Frame]:
        for offset in range(0, SIZE, 100_000):
            yield Frame(offset, self.body[offset : offset + 100_000])
        self.body = b"the index" + self.body[9:]
        yield Frame(0, b"the index")

    async def upload(self) -> Uploaded:
        return await self.uploader.upload(self.frames(), head_window=HEAD, on_acknowledged=lambda size: None)

    def arrived(self, uploaded: Uploaded) -> bool:
        """Whether the server has exactly the body."""
        content = self.dc.core.storage.transfers[self._key(uploaded)].content
        data = b"".join(content.part(index) for index in sorted(content.sizes))
        return sha256(data).digest() == sha256(self.body).digest()

    def _key(self, uploaded: Uploaded) -> tuple[int, int]:
        return next(key for key in self.dc.core.storage.transfers if uploaded.file_id in key)


@asynccontextmanager
async def uplink() -> AsyncIterator[Uplink]:
    """A data centre, a bot in it, and nothing left open afterwards."""
    async with DataCenter() as dc:
        client = bot_client(dc, dc.bot(), protocol_factory=GuardedTransport)
        await client.start()
        pool = Pool(lambda: open_lane(client, IMPATIENT), lanes=3)
        try:
            yield Uplink(dc, pool)
        finally:
            await pool.close()
            await client.stop()


async def test_a_stream_arrives_over_several_media_connections() -> None:
    async with uplink() as link:
        assert link.arrived(await link.upload())
        assert len(link.dc.connections(media=True)) == 3
        await link.pool.close()


FAULTS: dict[str, Callable[[DataCenter], Fault]] = {
    "a flood wait": lambda dc: dc.faults.flood_wait(1, method="upload.*", after=3),
    "a premium flood wait": lambda dc: dc.faults.flood_premium_wait(1, after=3, times=2),
    "a server error": lambda dc: dc.faults.error(500, "RPC_CALL_FAIL", method="upload.*", after=2, times=3),
    "a time-out error": lambda dc: dc.faults.error(503, "Timeout", method="upload.*", after=2, times=3),
    "false": lambda dc: dc.faults.answer_false(after=2, times=3),
    "a dropped connection": lambda dc: dc.faults.drop(method="upload.*", after=2, times=2),
    "a connection dropped after the part": lambda dc: dc.faults.drop(
        method="upload.*", executed=True, after=2, times=2
    ),
    "a connection dropped at the last part": lambda dc: dc.faults.drop(method="upload.*", part=18),
    "a stalled connection": lambda dc: dc.faults.stall(method="upload.*", after=2, times=2),
    "a lost answer and a stall": lambda dc: dc.faults.stall(method="upload.*", part=18),
    "a lost answer": lambda dc: dc.faults.lose_reply(method="upload.*", after=5, times=2),
    "late answers": lambda dc: dc.faults.delay(0.2, method="upload.*", times=None),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_the_file_arrives_in_spite_of(fault: str) -> None:
    async with uplink() as link:
        programmed = FAULTS[fault](link.dc)
        assert link.arrived(await link.upload())
        assert programmed.fired


async def test_refused_streams_are_told_apart_and_can_be_spooled(tmp_path: Path) -> None:
    async with uplink() as link:
        link.dc.faults.refuse_streams()
        with pytest.raises(StreamedTotalRefused):
            await link.upload()
        uploaded = await link.uploader.upload_spooled(
            link.frames(),
            directory=tmp_path,
            on_acknowledged=lambda size: None,
        )
        assert link.arrived(uploaded)


async def test_a_refusal_ends_the_upload_with_the_reason() -> None:
    async with uplink() as link:
        link.dc.faults.error(400, "FILE_PART_INVALID", method="upload.*", after=4)
        with pytest.raises(PartRefused) as caught:
            await link.upload()
        assert "FILE_PART_INVALID" in caught.value.detail
        assert isinstance(caught.value, UploadError)


@pytest.mark.parametrize("after", [0, 1, 7, 15])
async def test_cancelling_leaves_no_connection_and_no_task(after: int) -> None:
    async with uplink() as link:
        reached = asyncio.Event()
        acknowledged = 0

        def count(size: int) -> None:
            nonlocal acknowledged
            acknowledged += 1
            if acknowledged >= after:
                reached.set()

        upload = asyncio.create_task(
            link.uploader.upload(link.frames(), head_window=HEAD, on_acknowledged=count)
        )
        if after:
            await reached.wait()
        upload.cancel()
        with pytest.raises(asyncio.CancelledError):
            await upload
        await link.pool.close()
        await asyncio.gather(*(one.gone.wait() for one in link.dc.connections(media=True)))
        while _running("Link.serve") > 1:
            await asyncio.sleep(0)
        ours = ("_Sender", "Pool", "Lanes", "MediaLane", "open_lane", "MediaSession")
        assert not any(_running(name) for name in ours)
        assert not [thread for thread in threading.enumerate() if thread.name == "parts"]


def _running(what: str) -> int:
    """Tasks in a coroutine of this name; one connection, the main one, has each of Pyrogram's once."""
    names = (getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks())
    return sum(what in name for name in names)
