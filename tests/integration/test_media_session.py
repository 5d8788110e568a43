"""One media connection against a real server: numbers that it does not like, faults, and its end."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from pyrogram import Client
from pyrogram.errors import FilePartInvalid
from pyrogram.raw.functions.help import GetConfig

from medusa.errors import PartRefused, TelegramUnreachable
from medusa.telegram.lane import MediaLane, _connect, _hello, open_lane, request
from medusa.telegram.mtproto.session import MediaSession, Patience
from medusa.upload.parts import PART_SIZE, Part
from tests.dc.client import bot_client
from tests.dc.datacenter import DataCenter

PATIENCE = Patience(silence=0.5, answer=0.5, ping=0.1, look=0.02)
PART = Part(0, b"x" * PART_SIZE)


@asynccontextmanager
async def at_home() -> AsyncIterator[tuple[DataCenter, Client]]:
    """A data centre and a bot that has logged in there."""
    async with DataCenter() as dc, bot_client(dc, dc.bot()) as client:
        yield dc, client


@asynccontextmanager
async def lane_to(client: Client, patience: Patience = PATIENCE) -> AsyncIterator[MediaLane]:
    """An open lane; its thread is gone afterwards."""
    lane = await open_lane(client, patience)
    try:
        yield lane
    finally:
        await lane.close()
        assert not [thread for thread in threading.enumerate() if thread.name == "parts"]


async def test_parts_are_acknowledged() -> None:
    async with at_home() as (dc, client), lane_to(client) as lane:
        assert (
            await asyncio.gather(*(lane.save(1, Part(index, PART.data)) for index in range(5))) == [True] * 5
        )
        assert len(dc.connections(media=True)) == 1


async def test_a_salt_that_changes_on_the_way() -> None:
    async with at_home() as (dc, client), lane_to(client) as lane:
        for key in dc.core.keys.values():
            key.salt = bytes(8)
        assert await lane.save(1, PART)
        assert dc.stats()["objections"] >= 2  # every session's first salt is unknown


@pytest.mark.parametrize("wrong", [-4000.0, 4000.0])
async def test_a_clock_that_is_wrong(wrong: float) -> None:
    async with at_home() as (dc, client):
        sock = await _connect(*dc.media_address)
        key = await client.storage.auth_key()
        session = MediaSession(sock, key, patience=PATIENCE, clock=lambda: time.time() + wrong)
        try:
            await session.call(GetConfig, [(await _hello(client)).write()])
            assert await session.call(*request(1, PART))
        finally:
            await session.close()


async def test_errors_are_telegrams() -> None:
    async with at_home() as (dc, client), lane_to(client) as lane:
        dc.faults.error(400, "FILE_PART_INVALID", method="upload.*")
        with pytest.raises(PartRefused) as caught:
            await lane.save(1, PART)
        assert isinstance(caught.value.__cause__, FilePartInvalid)
        assert lane.alive


async def test_an_answer_that_never_comes_is_missed_and_the_connection_kept() -> None:
    async with at_home() as (dc, client), lane_to(client) as lane:
        dc.faults.lose_reply(method="upload.*")
        with pytest.raises(TelegramUnreachable) as caught:
            await lane.save(1, PART)
        assert "no answer" in caught.value.detail
        assert lane.alive
        assert await lane.save(1, PART)


LOSSES: dict[str, Callable[[DataCenter], object]] = {
    "a dropped connection": lambda dc: dc.faults.drop(method="upload.*"),
    "a server that stops reading": lambda dc: dc.faults.stall(method="upload.*"),
}


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_loss_is_told_to_everybody_who_waits(loss: str) -> None:
    async with at_home() as (dc, client), lane_to(client) as lane:
        LOSSES[loss](dc)
        saving = (lane.save(1, Part(index, PART.data)) for index in range(8))
        results = await asyncio.gather(*saving, return_exceptions=True)
        assert all(isinstance(result, TelegramUnreachable) for result in results)
        assert not lane.alive
        with pytest.raises(TelegramUnreachable):
            await lane.save(1, PART)


async def test_an_idle_connection_stays() -> None:
    async with at_home() as (dc, client), lane_to(client) as lane:
        async with asyncio.timeout(10):
            while dc.connections(media=True)[0].received < 3000:  # pings, for longer than silence is borne
                await asyncio.sleep(PATIENCE.look)
        assert lane.alive
        assert await lane.save(1, PART)


async def test_a_slow_line_is_waited_for() -> None:
    patience = Patience(silence=1.5, answer=1.0, ping=0.5, look=0.02)  # the server reads in gulps
    async with at_home() as (dc, client), lane_to(client, patience) as lane:
        dc.bandwidth = 2 * PART_SIZE  # a second for two parts
        saved = await asyncio.gather(*(lane.save(1, Part(index, PART.data)) for index in range(6)))
        assert saved == [True] * 6


async def test_nobody_at_the_address() -> None:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    with pytest.raises(ConnectionRefusedError):
        await _connect(*sock.getsockname())
    sock.close()


async def test_a_key_that_the_server_does_not_know() -> None:
    async with at_home() as (dc, client):
        session = MediaSession(await _connect(*dc.media_address), bytes(256), patience=PATIENCE)
        with pytest.raises(ConnectionError, match="-404"):
            await session.call(GetConfig, [(await _hello(client)).write()])
        await session.close()
