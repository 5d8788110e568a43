"""The queue knows when everything that came is handled."""

import asyncio
from typing import Any

import pytest
from pyrogram import raw

from medusa.telegram.arrivals import Arrivals, is_heard

PEER = raw.types.PeerUser(user_id=1)


def press(number: int) -> tuple[Any, ...]:
    """An update as Pyrogram puts it into the queue."""
    update = raw.types.UpdateBotCallbackQuery(
        query_id=number, user_id=1, peer=PEER, msg_id=1, chat_instance=1
    )
    return update, {}, {}


def said() -> raw.types.Message:
    return raw.types.Message(id=1, peer_id=PEER, date=1, message="hello")


def joined() -> raw.types.MessageService:
    """Somebody was added by an admin without a name."""
    added = raw.types.MessageActionChatAddUser(users=[1])
    return raw.types.MessageService(id=1, peer_id=raw.types.PeerChannel(channel_id=5), date=1, action=added)


class Workers:
    """As many as Pyrogram's; each handles one update when it is told to."""

    def __init__(self, count: int) -> None:
        self.rests: list[bool] = []
        self.queue = Arrivals(lambda: self.rests.append(self.queue.are_handled))
        self.go = asyncio.Semaphore(0)
        self.tasks = [asyncio.create_task(self._work()) for _ in range(count)]

    def handled(self) -> bool:
        return self.queue.are_handled

    async def _work(self) -> None:
        while await self.queue.get() is not None:
            await self.go.acquire()


async def turns() -> None:
    """Let every task come to where it waits."""
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.mark.parametrize("count", [1, 3])
async def test_an_update_is_handled_when_its_worker_wants_the_next(count: int) -> None:
    workers = Workers(count)
    await turns()
    assert workers.handled()
    for number in range(4):
        workers.queue.put_nowait(press(number))
        assert not workers.handled()
    for _ in range(4):
        await turns()
        assert not workers.handled()
        workers.go.release()
    await turns()
    assert workers.handled()
    assert workers.rests[-1]
    assert workers.rests.count(True) == count + 1, "only those at the beginning, and the last"
    for _ in workers.tasks:
        workers.queue.put_nowait(None)
    await asyncio.gather(*workers.tasks)
    assert workers.handled()


async def test_what_nobody_takes_any_more_is_not_handled() -> None:
    workers = Workers(1)
    workers.queue.put_nowait(None)
    await asyncio.gather(*workers.tasks)
    workers.queue.put_nowait(press(1))
    assert not workers.handled()


@pytest.mark.parametrize("kind", [raw.types.UpdateNewMessage, raw.types.UpdateNewChannelMessage])
async def test_service_messages_are_not_heard(kind: Any) -> None:
    assert is_heard(kind(message=said(), pts=1, pts_count=1))
    assert not is_heard(kind(message=joined(), pts=1, pts_count=1))
    assert not is_heard(kind(message=raw.types.MessageEmpty(id=1), pts=1, pts_count=1))


async def test_what_no_handler_takes_does_not_wait() -> None:
    workers = Workers(1)
    await turns()
    edited = raw.types.UpdateEditMessage(message=said(), pts=1, pts_count=1)
    workers.queue.put_nowait((edited, {}, {}))
    assert workers.handled()
    workers.queue.put_nowait(None)
    await asyncio.gather(*workers.tasks)


async def test_few_workers_do_what_few_can() -> None:
    queue = Arrivals(lambda: None)
    busy = list[int]()

    async def work(number: int) -> None:
        while (update := await queue.get()) is not None:
            busy.append(number)
            assert update[0].query_id

    tasks = [asyncio.create_task(work(number)) for number in range(5)]
    await turns()
    for number in range(1, 5):
        queue.put_nowait(press(number))
        await turns()
    assert len(set(busy)) == 1
    for _ in tasks:
        queue.put_nowait(None)
    await asyncio.gather(*tasks)
