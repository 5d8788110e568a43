"""Who sends too much: what is left out, and who is told of it."""

from typing import Any

import pytest
from pyrogram import StopPropagation
from pyrogram.enums import ChatType
from pyrogram.handlers import EditedMessageHandler
from pyrogram.types import CallbackQuery, Message

from medusa.errors import ChatUnavailable
from medusa.flood import BURST, Flood
from medusa.model import Person
from medusa.telegram import floods
from medusa.telegram.client import Medusa
from medusa.telegram.floods import is_left_out
from medusa.user import User
from medusa.views.people import too_much
from medusa.views.view import View
from plugins import doorkeeper
from tests.unit.household import people_of
from tests.unit.telegram.test_handlers import (
    ADMIN,
    GROUP,
    GUEST,
    LINK,
    NUMBERS,
    OPEN,
    OWNER,
    USER,
    Banning,
    Case,
    MemoryUsers,
    client,
    handlers,
    press,
)

START = 1000.0


class Counting(MemoryUsers):
    """A UserStore that counts how often somebody is looked up."""

    looks = 0

    async def see_user(self, person: Person) -> User:
        self.looks += 1
        return await super().see_user(person)


class Room:
    """The bot, and what it says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, deaf: bool = False) -> None:
        self.users = Counting()
        self.bot: Medusa = client()
        services: Any = self.bot.services
        services.flood = Flood()
        services.people = people_of(self.users, owner=OWNER, auth_users=(USER,), chats=(OPEN,))
        self.told: list[int] = []
        self.answers: list[str] = []

        async def reply(bot: Medusa, message: Message, view: View) -> int:
            if deaf:
                raise ChatUnavailable("You have blocked me.")
            assert view == too_much()
            self.told.append(message.id)
            return 1

        async def answer(query: CallbackQuery, text: str = "", show_alert: bool = False) -> None:
            self.answers.append(text)

        monkeypatch.setattr(floods, "reply", reply)
        monkeypatch.setattr(CallbackQuery, "answer", answer)

    def says(self, words: str, sender: int = USER, chat: tuple[ChatType, int] | None = None) -> Message:
        """A message of somebody."""
        message = Case(chat or (ChatType.PRIVATE, sender), sender, words, None).message()
        message.id = next(NUMBERS)
        return message

    async def left_out(self, words: str, count: int, now: float = START, **said: Any) -> int:
        """How many of so many messages are left out."""
        return sum([await is_left_out(self.bot, self.says(words, **said), now) for _ in range(count)])


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(monkeypatch)


@pytest.mark.parametrize("words", ["/start", "/unknown", "hello", f"/ytm {LINK}"])
async def test_a_flood_is_left_out_after_one_warning(room: Room, words: str) -> None:
    assert await room.left_out(words, BURST) == 0
    assert room.users.looks == 0  # nobody is looked up before it is too much
    assert await room.left_out(words, 40) == 40
    assert (len(room.told), room.users.looks) == (1, 1)
    assert await room.left_out(words, 5, START + 1) == 4  # one a second goes on
    assert len(room.told) == 1
    rested = START + 1 + BURST
    assert await room.left_out(words, BURST, rested) == 0
    assert await room.left_out(words, 3, rested) == 3
    assert len(room.told) == 2  # another flood


@pytest.mark.parametrize("sender", [ADMIN, OWNER])
async def test_who_runs_the_bot_is_not_held(room: Room, sender: int) -> None:
    assert await room.left_out("/jobs", 3 * BURST, sender=sender) == 0
    presses = [await is_left_out(room.bot, press("jobs:1", sender), START) for _ in range(BURST)]
    assert not any(presses)
    assert (room.told, room.answers) == ([], [])


async def test_links_that_become_jobs_are_no_flood(room: Room) -> None:
    assert await room.left_out(LINK, 3 * BURST) == 0
    lists = [Case((ChatType.PRIVATE, USER), USER, None, "a.txt").message() for _ in range(3 * BURST)]
    assert not any([await is_left_out(room.bot, one, START) for one in lists])
    assert await room.left_out("/start", BURST) == 0
    opened = (ChatType.SUPERGROUP, OPEN)
    assert await room.left_out(LINK, 3 * BURST, sender=GUEST, chat=opened) == 0
    assert room.told == []


async def test_links_of_who_may_send_none_are_chatter(room: Room) -> None:
    assert await room.left_out(LINK, BURST + 3, sender=GUEST) == 3
    assert len(room.told) == 1


async def test_who_is_banned_is_not_told_of_it(room: Room) -> None:
    services: Any = room.bot.services
    services.people = people_of(Banning())
    assert await room.left_out("/start", 2 * BURST) == 0  # the next handler leaves them out, quietly
    assert room.told == []


async def test_people_in_groups_are_told_only_when_they_speak_with_the_bot(room: Room) -> None:
    group = (ChatType.SUPERGROUP, GROUP)
    assert await room.left_out("hello", BURST + 3, chat=group) == 3
    assert await room.left_out("/start@other_bot", 1, chat=group) == 1
    assert room.told == []
    assert await room.left_out("/start", 2, chat=group) == 2
    assert len(room.told) == 1
    assert await room.left_out("/start", BURST) == 0  # and in private they may speak


async def test_the_first_press_is_answered_and_no_other(room: Room) -> None:
    left_out = [await is_left_out(room.bot, press("other:x", USER), START) for _ in range(BURST + 4)]
    assert left_out == [False] * BURST + [True] * 4
    assert room.answers == [too_much().text]
    assert len(too_much().text) <= 200  # of the answer to a press
    assert await room.left_out("/start", 1) == 1
    assert room.told == []


async def test_a_press_after_the_warning_only_comes_to_rest(room: Room) -> None:
    await room.left_out("/start", BURST + 1)
    for _ in range(2):
        assert await is_left_out(room.bot, press("other:x", USER), START)
    assert (len(room.told), room.answers) == (1, [""])


async def test_who_cannot_be_told_is_left_out_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(monkeypatch, deaf=True)
    assert await room.left_out("/start", BURST + 3) == 3


async def test_posts_of_channels_and_bots_are_nobodys(room: Room) -> None:
    post = Case((ChatType.CHANNEL, -1), None, "hello", None).message()
    assert not any([await is_left_out(room.bot, post, START) for _ in range(2 * BURST)])
    assert len(room.bot.services.flood) == 0


async def test_what_is_left_out_comes_to_no_other_handler(room: Room) -> None:
    for _ in range(BURST):
        await doorkeeper.on_message(room.bot, room.says("hello"))
    with pytest.raises(StopPropagation):
        await doorkeeper.on_message(room.bot, room.says("hello"))
    with pytest.raises(StopPropagation):
        await doorkeeper.on_press(room.bot, press("other:x", USER))


def test_an_edited_message_is_nothing_new() -> None:
    assert handlers(EditedMessageHandler) == []
