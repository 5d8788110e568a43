"""Whom people mean."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from pyrogram.types import Message
from pyrogram.types.messages_and_media.message import Str

from medusa.telegram.client import Medusa
from medusa.telegram.person_references import meant_person


class Desk:
    """A people desk of a database that takes numbers of 8 bytes, as MongoDB does."""

    async def find(self, who: int | str) -> None:
        if isinstance(who, int) and who >= 2**63:
            raise OverflowError("MongoDB can only handle up to 8-byte ints")


@pytest.mark.parametrize(
    ("word", "person_id"), [("5", 5), (str(10**15), 10**15), (str(2**63), None), ("9" * 19, None)]
)
async def test_a_number_that_nobody_can_have_means_nobody(word: str, person_id: int | None) -> None:
    services: Any = SimpleNamespace(people_desk=Desk())
    bot = cast(Medusa, SimpleNamespace(services=services))
    meant = await meant_person(bot, Message(id=1, text=Str(f"/user {word}")))
    assert (meant.person.id if meant else None) == person_id
