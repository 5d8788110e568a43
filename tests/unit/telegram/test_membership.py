"""What may be a place to post in."""

from typing import Any

import pytest
from pyrogram.enums import ChatType
from pyrogram.types import Chat

from medusa.errors import ChatUnavailable
from medusa.telegram.membership import postable


class Telegram:
    """Knows one chat, of which nobody may be a member, as Pyrogram has it."""

    def __init__(self, kind: ChatType) -> None:
        self._chat = Chat(id=5, type=kind)

    async def get_chat(self, _: int | str) -> Chat:
        return self._chat

    async def get_chat_member(self, chat_id: int, _: str) -> None:
        raise ValueError(f"The chat_id {chat_id} belongs to a user")


@pytest.mark.parametrize("kind", [ChatType.PRIVATE, ChatType.BOT])
async def test_a_person_or_a_bot_is_no_channel(kind: ChatType) -> None:
    client: Any = Telegram(kind)
    with pytest.raises(ChatUnavailable, match="not a channel"):
        await postable(client, "@name")
