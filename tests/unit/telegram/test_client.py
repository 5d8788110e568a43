"""What the bot's client makes of Telegram's answers before anybody else sees them."""

from typing import Any

import pytest
from pyrogram import Client
from pyrogram.errors import FloodWait, PeerIdInvalid, QueryIdInvalid, RPCError

from medusa.errors import SlowedDown
from medusa.telegram.client import Medusa


@pytest.fixture
def bot() -> Medusa:
    """A client that is not connected."""
    return Medusa("test", api_id=1, api_hash="0" * 32, bot_token="1:A", in_memory=True)


def answering(monkeypatch: pytest.MonkeyPatch, name: str, problem: Exception | None) -> None:
    """Let a method of Pyrogram's fail."""

    async def answer(*_: Any, **__: Any) -> bool:
        if problem is not None:
            raise problem
        return True

    monkeypatch.setattr(Client, name, answer)


@pytest.mark.parametrize(("problem", "expected"), [(None, True), (QueryIdInvalid(), False)])
async def test_an_answer_that_comes_too_late_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, bot: Medusa, problem: RPCError | None, expected: bool
) -> None:
    answering(monkeypatch, "answer_callback_query", problem)
    assert await bot.answer_callback_query("1", "text", show_alert=True) is expected


async def test_other_refusals_of_an_answer_are_ours(monkeypatch: pytest.MonkeyPatch, bot: Medusa) -> None:
    answering(monkeypatch, "answer_callback_query", FloodWait(5))
    with pytest.raises(SlowedDown):
        await bot.answer_callback_query("1")


@pytest.mark.parametrize("number", [2**40, 9_999_999_999_999_999, -9_999_999_999_999])
async def test_what_is_nobodys_number_is_an_unknown_peer(bot: Medusa, number: int) -> None:
    await bot.storage.open()
    bot.is_connected = True
    with pytest.raises(PeerIdInvalid):
        await bot.resolve_peer(number)
    await bot.storage.close()
