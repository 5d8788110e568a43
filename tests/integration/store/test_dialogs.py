"""Questions that wait for an answer."""

import pytest

from medusa.dialogs import Dialog, Dialogs
from medusa.storage.mongo import Store

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKED = Dialog(chat_id=-100, person_id=5, about="caption", message_id=7, subject="a batch")


async def test_a_question_is_answered_once(mongo: Store) -> None:
    dialogs = Dialogs(mongo.dialogs)
    asked = await dialogs.ask(ASKED)
    assert await dialogs.answered_by(-100, 8, 5) == asked
    assert await dialogs.answered_by(-100, 9, 6) is None, "somebody else was not asked"
    assert await dialogs.close(asked)
    assert not await dialogs.close(asked)
    assert await dialogs.answered_by(-100, 10, 5) is None


async def test_a_message_is_the_answer_to_what_was_open_when_it_came(mongo: Store) -> None:
    dialogs = Dialogs(mongo.dialogs)
    first = await dialogs.ask(ASKED)
    assert await dialogs.answered_by(-100, 8, 5) == first
    second = await dialogs.ask(ASKED.evolve(about="prefix"))
    assert await dialogs.answered_by(-100, 8, 5) == first
    assert not await dialogs.close(first), "another question has taken its place"
    assert await dialogs.answered_by(-100, 9, 5) == second


async def test_who_turns_to_something_else_is_not_asked_any_more(mongo: Store) -> None:
    dialogs = Dialogs(mongo.dialogs)
    await dialogs.ask(ASKED)
    await dialogs.forget(-100, 5)
    assert await dialogs.answered_by(-100, 8, 5) is None
