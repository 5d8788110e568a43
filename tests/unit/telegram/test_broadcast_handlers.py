"""Who may answer and press what of a broadcast."""

from types import SimpleNamespace
from typing import Any

import pytest
from pyrogram.enums import ChatType
from pyrogram.types import CallbackQuery
from pyrogram.types import User as TelegramUser

from medusa.dialogs import Dialog, Dialogs
from medusa.errors import NotAllowed, WrongArgument
from medusa.telegram.client import Medusa
from plugins.broadcast import on_button, on_message
from tests.unit.jobs.memory import ANN
from tests.unit.jobs.test_broadcasts import Desk
from tests.unit.telegram.test_handlers import USER, Case, Closing, client


async def test_who_is_no_admin_any_more_does_not_answer_the_question_of_an_admin() -> None:
    dialog = Dialog(chat_id=USER, person_id=USER, about="broadcast", subject="copy", id="d")
    bot, store = client(dialog), Closing(dialog)
    services: Any = bot.services
    services.dialogs = Dialogs(store)
    with pytest.raises(NotAllowed):
        await on_message(bot, Case((ChatType.PRIVATE, USER), USER, "hello", None).message())
    assert store.closed == ["d"]


def pressing(desk: Desk) -> Medusa:
    bot = client()
    bot.services = SimpleNamespace(broadcasts=desk.broadcasts)  # type: ignore[assignment]
    return bot


@pytest.mark.parametrize("forged", ["whom:nobody", "whom:", "", "other", "send"])
async def test_forged_buttons_get_a_sentence(forged: str) -> None:
    desk = Desk()
    draft = await desk.draft()
    subject = "forged" if forged == "send" else draft.id
    query = CallbackQuery(
        id="1",
        from_user=TelegramUser(id=ANN.id, first_name="Ann"),
        chat_instance="1",
        data=f"broadcast:{subject}:{forged}",
    )
    with pytest.raises(WrongArgument):
        await on_button(pressing(desk), query)
    assert await desk.broadcasts.running() is None
