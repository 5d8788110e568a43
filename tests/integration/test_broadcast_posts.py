"""Messages to everybody, over a real connection: what Telegram says to each becomes an outcome."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from medusa.broadcast import Broadcast, BroadcastState, Outcome, Way
from medusa.errors import MessageGone, SlowedDown, TelegramUnreachable
from medusa.model import Person as Who
from medusa.telegram.board import StatusBoard
from medusa.telegram.broadcast_posts import BroadcastPosts
from medusa.telegram.client import make_client
from medusa.telegram.outgoing import rewrite
from tests.dc import Bot, DataCenter, Person
from tests.dc.seen import Seen
from tests.integration.clients import settings_for

FORWARD = "messages.ForwardMessages"


class Desk(NamedTuple):
    dc: DataCenter
    bot: Bot
    ann: Person
    """Who sends it."""
    bob: Person
    """Who gets it."""
    posts: BroadcastPosts
    broadcast: Broadcast
    message: Seen
    """What is sent."""

    async def send(self, person_id: int | None = None) -> Outcome:
        return await self.posts.send(self.broadcast, person_id or self.bob.id)

    def got(self) -> list[Seen]:
        return [seen for seen in self.bob.messages if seen.text == "News"]


@asynccontextmanager
async def desk(home: Path, way: Way = Way.COPY) -> AsyncIterator[Desk]:
    async with DataCenter() as dc:
        bot, ann, bob = dc.bot(token="7000001:" + "A" * 35), dc.person("Ann"), dc.person("Bob")
        bob.knows(bot)
        async with make_client(settings_for(dc, bot, home), plugins=None) as client:
            board = StatusBoard(lambda chat, message, view: rewrite(client, chat, message, view))
            message = await ann.says("News")
            broadcast = Broadcast(
                id="b",
                by=Who(id=ann.id, name="Ann"),
                chat_id=ann.id,
                message_id=ann.message_of(message).ids[bot.account.box],
                way=way,
                created=datetime.now(UTC),
            )
            yield Desk(dc, bot, ann, bob, BroadcastPosts(client, board), broadcast, message)
            await board.close()


@pytest.mark.parametrize(("way", "author"), [(Way.COPY, None), (Way.FORWARD, "Ann")])
async def test_somebody_gets_it_once_however_often_it_is_tried(
    tmp_path: Path, way: Way, author: str | None
) -> None:
    async with desk(tmp_path, way) as there:
        assert [await there.send() for _ in range(3)] == [Outcome.SENT] * 3
        (seen,) = there.got()
        assert seen.forwarded_from == author
        assert there.dc.stats()["duplicates"] == 2


async def test_an_answer_that_is_lost_costs_nobody_a_second_message(tmp_path: Path) -> None:
    async with desk(tmp_path) as there:
        there.dc.faults.drop(executed=True, method=FORWARD)
        with pytest.raises(TelegramUnreachable):
            await there.send()
        assert await there.posts.is_answered()
        assert await there.send() is Outcome.SENT
        assert len(there.got()) == 1


@pytest.mark.parametrize(
    ("code", "text", "outcome"),
    [
        (403, "USER_IS_BLOCKED", Outcome.BLOCKED),
        (400, "INPUT_USER_DEACTIVATED", Outcome.BLOCKED),
        (403, "USER_DELETED", Outcome.BLOCKED),
        (400, "USER_IS_BOT", Outcome.BLOCKED),
        (400, "PEER_ID_INVALID", Outcome.BLOCKED),
        (400, "VOICE_MESSAGES_FORBIDDEN", Outcome.FAILED),
        (403, "CHAT_SEND_PHOTOS_FORBIDDEN", Outcome.FAILED),
    ],
)
async def test_what_telegram_says_of_somebody_is_an_outcome(
    tmp_path: Path, code: int, text: str, outcome: Outcome
) -> None:
    async with desk(tmp_path) as there:
        there.dc.faults.error(code, text, method=FORWARD)
        assert await there.send() is outcome
        assert not there.got()


async def test_who_has_blocked_the_bot_or_was_never_there_cannot_be_written_to(tmp_path: Path) -> None:
    async with desk(tmp_path) as there:
        there.bob.blocks(there.bot)
        assert await there.send() is Outcome.BLOCKED
        assert await there.send(799_999_999) is Outcome.BLOCKED


async def test_what_concerns_everybody_is_raised(tmp_path: Path) -> None:
    async with desk(tmp_path) as there:
        there.dc.faults.flood_wait(7, method=FORWARD)
        with pytest.raises(SlowedDown) as slowed:
            await there.send()
        assert slowed.value.seconds == 7
        there.dc.faults.error(500, "RPC_CALL_FAIL", method=FORWARD)
        with pytest.raises(TelegramUnreachable):
            await there.send()
        await there.ann.deletes(there.message)
        with pytest.raises(MessageGone, match="was deleted"):
            await there.send()
        assert not there.got()


async def test_its_end_is_shown_and_told_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as there:
        over = there.broadcast.evolve(state=BroadcastState.DONE, sent=3, total=3)
        for _ in range(2):
            await there.posts.tell(over)
        assert len([seen for seen in there.ann.messages if "is done" in seen.text]) == 1
