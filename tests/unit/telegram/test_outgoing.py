"""Views become messages. What goes over the wire is tested against the loopback Telegram."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrogram.enums import ChatAction
from pyrogram.errors import Timeout
from pyrogram.types import InlineKeyboardMarkup

from medusa.telegram import typing
from medusa.telegram.outgoing import keyboard, write
from medusa.views.view import Button, View
from tests.unit.waiting import turns, until

buttons = st.builds(Button, st.text(min_size=1), st.text("abc:123", min_size=1, max_size=64))


@given(st.lists(st.lists(buttons, min_size=1, max_size=4).map(tuple), min_size=1, max_size=5).map(tuple))
def test_every_button_is_in_its_place(rows: tuple[tuple[Button, ...], ...]) -> None:
    markup = keyboard(View("text", rows))
    assert isinstance(markup, InlineKeyboardMarkup)
    assert [[(key.text, key.callback_data) for key in row] for row in markup.inline_keyboard] == [
        [(button.label, button.data) for button in row] for row in rows
    ]


def test_a_view_without_buttons_has_no_keyboard() -> None:
    assert keyboard(View("text")) is None


class Telegram:
    """A client whose turn comes when the test says so."""

    def __init__(self) -> None:
        self.pace = self
        self.typing_in: set[int] = set()
        self.open = asyncio.Event()
        self.shown: list[str] = []
        self.problem: Exception | None = None

    async def turn(self, chat_id: int) -> None:
        await self.open.wait()

    async def send_chat_action(self, chat_id: int, action: ChatAction) -> None:
        self.shown.append(f"{action.name} in {chat_id}")
        if self.problem is not None:
            raise self.problem

    async def send_message(self, chat_id: int, text: str, **_: object) -> SimpleNamespace:
        self.shown.append(text)
        return SimpleNamespace(id=7)


@pytest.mark.parametrize("problem", [None, Timeout()])
async def test_who_waits_for_an_answer_sees_that_it_is_being_written(
    monkeypatch: pytest.MonkeyPatch, problem: Exception | None
) -> None:
    monkeypatch.setattr(typing, "AFTER", 0.0)
    monkeypatch.setattr(typing, "AGAIN", 0.0)
    client: Any = Telegram()
    client.problem = problem
    writing = asyncio.create_task(write(client, 5, View("Hello")))
    await until(lambda: len(client.shown) > 2)
    client.open.set()
    assert await writing == 7
    await turns()
    assert set(client.shown[:-1]) == {"TYPING in 5"}
    assert client.typing_in == set()
    assert client.shown[-1] == "Hello"


async def test_an_answer_that_need_not_wait_is_just_there() -> None:
    client: Any = Telegram()
    client.open.set()
    assert await write(client, 5, View("Hello")) == 7
    await turns()
    assert client.shown == ["Hello"]


async def test_one_of_a_crowd_sees_it_at_once() -> None:
    client: Any = Telegram()
    writing = [asyncio.create_task(write(client, chat, View("Hello"))) for chat in range(20)]
    await turns()
    assert len(client.shown) == 20
    client.open.set()
    await asyncio.gather(*writing)


async def test_it_is_shown_once_however_many_answers_are_written_in_a_chat() -> None:
    client: Any = Telegram()
    async with typing.typing(client, 5):
        writing = asyncio.create_task(write(client, 5, View("Hello")))
        client.open.set()
        await writing
        assert client.typing_in == {5}
    assert client.typing_in == set()
