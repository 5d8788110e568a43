"""A message that is on its way is seen through."""

import asyncio

import pytest

from medusa.errors import UploadError
from medusa.model import Sent
from medusa.sending import seen_through

SENT = Sent(chat_id=1, message_id=2, size=3, parts=1)


class Post:
    """A message that takes its time."""

    def __init__(self, error: Exception | None = None) -> None:
        self.began, self.may_end = asyncio.Event(), asyncio.Event()
        self.was_stopped = False
        self.recorded: list[Sent] = []
        self._error = error

    async def send(self) -> Sent:
        self.began.set()
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.was_stopped = True
            raise
        if self._error is not None:
            raise self._error
        return SENT

    async def record(self, sent: Sent) -> None:
        self.recorded.append(sent)

    async def stopped(self, *, arrives: bool) -> None:
        """Stop it on its way; it arrives, or hangs."""
        task = asyncio.create_task(seen_through(self.send(), self.record, patience=5 if arrives else 0.01))
        await self.began.wait()
        task.cancel()
        if arrives:
            self.may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_what_nobody_stops_is_just_sent() -> None:
    post = Post()
    post.may_end.set()
    assert await seen_through(post.send(), post.record) == SENT
    assert post.recorded == [], "the caller records it"


async def test_what_arrives_although_it_was_stopped_is_recorded() -> None:
    post = Post()
    await post.stopped(arrives=True)
    assert post.recorded == [SENT]
    assert not post.was_stopped


async def test_what_hangs_is_given_up() -> None:
    post = Post()
    await post.stopped(arrives=False)
    assert post.recorded == []
    assert post.was_stopped


async def test_what_fails_while_it_is_stopped_leaves_nothing() -> None:
    post = Post(UploadError())
    await post.stopped(arrives=True)
    assert post.recorded == []


async def test_an_error_is_the_callers() -> None:
    post = Post(UploadError())
    post.may_end.set()
    with pytest.raises(UploadError):
        await seen_through(post.send(), post.record)
