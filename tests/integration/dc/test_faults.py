"""Every fault strikes what it selects, as often as it was told, and counts."""

import asyncio
import time
from typing import Any

import pytest
from pyrogram import Client
from pyrogram.errors import (
    FilePartMissing,
    FilePartsInvalid,
    FloodPremiumWait,
    FloodWait,
    InternalServerError,
    RandomIdDuplicate500,
    ServiceUnavailable,
)
from pyrogram.raw.core import TLObject
from pyrogram.raw.functions import Ping
from pyrogram.raw.functions.messages import SendMessage
from pyrogram.raw.types import InputFileBig
from pyrogram.session import Session

from tests.dc import DataCenter, Person
from tests.integration.dc.streaming import PART, media_sessions, new_id, peer_of, save, send_video, stream

FILM = bytes(3 * PART)


async def text(client: Client, ann: Person, message: str) -> SendMessage:
    """A request that can be sent twice."""
    return SendMessage(peer=await peer_of(client, ann.id), message=message, random_id=new_id())


async def send(client: Client, query: TLObject[Any], timeout: float = 5) -> object:
    """Ask once: Client.invoke would repeat."""
    assert isinstance(client.session, Session)
    return await client.session.send(query, timeout=timeout)


@pytest.fixture(autouse=True)
async def started(ann: Person, client: Client) -> None:
    """Ann has written, so the bot may answer."""
    await ann.says("hi")
    await client.resolve_peer(ann.id)


async def test_flood_waits(dc: DataCenter, ann: Person, client: Client) -> None:
    fault = dc.faults.flood_wait(7, method="messages.SendMessage", times=2)
    for _ in range(2):
        with pytest.raises(FloodWait) as error:
            await send(client, await text(client, ann, "x"))
        assert error.value.value == 7
    await send(client, await text(client, ann, "through"))
    assert fault.fired == 2
    premium = dc.faults.flood_premium_wait(3)
    async with media_sessions(client, 1) as [session]:
        with pytest.raises(FloodPremiumWait):
            await save(session, new_id(), 0, -1, FILM[:PART])
    assert premium.fired == 1
    assert dc.stats()["flood_waits"] == 2


async def test_server_errors(dc: DataCenter, ann: Person, client: Client) -> None:
    dc.faults.error(500, "RPC_CALL_FAIL", method="messages.*", after=1)
    dc.faults.error(503, "Timeout", method="messages.*", after=1)
    await send(client, await text(client, ann, "fine"))
    with pytest.raises(InternalServerError):
        await send(client, await text(client, ann, "x"))
    with pytest.raises(ServiceUnavailable):
        await send(client, await text(client, ann, "x"))
    assert [one.text for one in ann.messages] == ["hi", "fine"]


async def test_a_part_answered_false_is_not_kept(dc: DataCenter, client: Client) -> None:
    fault = dc.faults.answer_false(part=1)
    file_id = new_id()
    async with media_sessions(client, 1) as [session]:
        assert await save(session, file_id, 0, -1, FILM[:PART])
        assert not await save(session, file_id, 1, -1, FILM[:PART])
        assert await save(session, file_id, 1, -1, FILM[:PART])
    assert fault.fired == 1


async def test_streams_can_be_refused(dc: DataCenter, client: Client) -> None:
    dc.faults.refuse_streams()
    async with media_sessions(client, 1) as [session]:
        with pytest.raises(FilePartsInvalid):
            await save(session, new_id(), 0, -1, FILM[:PART])
        assert await save(session, new_id(), 0, 1, FILM[:PART])


async def test_a_lost_reply_makes_the_repetition_a_duplicate(
    dc: DataCenter, ann: Person, client: Client
) -> None:
    fault = dc.faults.lose_reply(method="messages.SendMessage")
    query = await text(client, ann, "once")
    with pytest.raises(TimeoutError):
        await send(client, query, timeout=0.2)
    with pytest.raises(RandomIdDuplicate500):
        await send(client, query)
    assert [one.text for one in ann.messages] == ["hi", "once"]
    assert (fault.fired, dc.stats()["duplicates"]) == (1, 1)


async def test_an_ignored_request_can_be_repeated(dc: DataCenter, ann: Person, client: Client) -> None:
    dc.faults.ignore(method="messages.SendMessage")
    query = await text(client, ann, "once")
    with pytest.raises(TimeoutError):
        await send(client, query, timeout=0.2)
    await send(client, query)
    assert [one.text for one in ann.messages] == ["hi", "once"]


@pytest.mark.parametrize("executed", [False, True])
async def test_a_connection_breaks(dc: DataCenter, ann: Person, client: Client, executed: bool) -> None:
    fault = dc.faults.drop(executed=executed, method="messages.SendMessage", media=False)
    with pytest.raises((TimeoutError, OSError)):
        await send(client, await text(client, ann, "lost"), timeout=0.2)
    assert (await client.get_me()).is_bot
    assert fault.fired == 1
    assert [one.text for one in ann.messages] == ["hi", "lost"][: 1 + executed]


async def test_a_stalled_connection_fills_the_senders_buffers(dc: DataCenter, client: Client) -> None:
    fault = dc.faults.stall(method="upload.*", after=2)
    async with media_sessions(client, 1) as [session]:
        file_id = new_id()
        for part in range(2):
            assert await save(session, file_id, part, -1, FILM[:PART])
        assert session.connection
        assert session.connection.protocol
        assert session.connection.protocol.writer
        transport = session.connection.protocol.writer.transport
        stuck = [
            asyncio.ensure_future(save(session, file_id, 2 + part, -1, FILM[:PART])) for part in range(12)
        ]
        done, _ = await asyncio.wait(stuck, timeout=0.5)
        waiting = transport.get_write_buffer_size()
        dc.connections(media=True)[0].drop()  # or the session could not be stopped
        for task in stuck:
            task.cancel()
        await asyncio.gather(*stuck, return_exceptions=True)
    assert not done
    assert waiting > 0
    assert fault.fired == 1


async def test_a_forgotten_part_is_missed_and_can_be_sent_again(
    dc: DataCenter, ann: Person, client: Client
) -> None:
    dc.faults.lose_part(1)
    async with media_sessions(client, 1) as [session]:
        file_id = new_id()
        for part in range(3):
            await save(session, file_id, part, 3, FILM[:PART])
        file = InputFileBig(id=file_id, parts=3, name="film.mp4")
        with pytest.raises(FilePartMissing) as error:
            await send_video(client, ann.id, file)
        assert error.value.value == 1
        await save(session, file_id, 1, 3, FILM[:PART])
        await send_video(client, ann.id, file)
    assert len(ann.messages) == 2


async def test_latency_delay_and_bandwidth(dc: DataCenter, ann: Person, client: Client) -> None:
    async def elapsed(work: object) -> float:
        started = time.monotonic()
        await work  # type: ignore[misc]
        return time.monotonic() - started

    dc.latency = 0.2
    assert 0.2 <= await elapsed(client.get_me()) < 1
    dc.latency = 0
    dc.faults.delay(0.2, method="users.GetFullUser")
    assert 0.2 <= await elapsed(client.get_me()) < 1
    async with media_sessions(client, 2) as sessions:
        dc.bandwidth = 4 * PART
        assert 0.6 <= await elapsed(stream(sessions, FILM)) < 2
        dc.bandwidth = None
        assert await elapsed(stream(sessions, FILM)) < 0.6
        await send(client, Ping(ping_id=1))
