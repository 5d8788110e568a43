"""What an account may do in a chat."""

from pyrogram import Client
from pyrogram.enums import ChatMemberStatus, ChatType
from pyrogram.errors import UserNotParticipant
from pyrogram.types import Chat, ChatMember

from medusa.errors import ChatUnavailable, NotYours
from medusa.telegram.errors import translated

NO_ADMIN = "I am not an admin of that chat."
NO_ADMIN_PERSON = "You are not an admin of that chat, so I do not post there for you."


async def writable(client: Client, channel_id: int) -> Chat:
    """The channel or group, if the account may post in it as an admin. Raises ChatUnavailable."""
    chat, member = await _place(client, channel_id)
    _check_posting(chat, member)
    if member.status not in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR):
        raise ChatUnavailable(NO_ADMIN)
    return chat


async def postable(client: Client, chat: int | str) -> Chat:
    """The channel or group, if the account may post there, in a group as a mere member too. Raises
    ChatUnavailable."""
    found, member = await _place(client, chat)
    _check_posting(found, member)
    return found


async def check_admin(client: Client, channel_id: int, person_id: int) -> None:
    """Return if this person is an admin there. Raises NotYours, ChatUnavailable, SlowedDown,
    TelegramUnreachable."""
    with translated():
        try:
            member = await client.get_chat_member(channel_id, person_id)
        except UserNotParticipant:
            raise NotYours(NO_ADMIN_PERSON) from None
    if member.status not in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR):
        raise NotYours(NO_ADMIN_PERSON)


async def check_posting(client: Client, channel_id: int) -> None:
    """Return if the account may post there, in a group as a mere member too. Raises ChatUnavailable."""
    _check_posting(*await _place(client, channel_id))


def _check_posting(chat: Chat, member: ChatMember) -> None:
    if member.status in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED):
        raise ChatUnavailable("I am not a member of that chat (any more).")
    if chat.type is not ChatType.CHANNEL or member.status is ChatMemberStatus.OWNER:
        return
    if member.status is not ChatMemberStatus.ADMINISTRATOR:
        raise ChatUnavailable(NO_ADMIN)
    if not (member.privileges and member.privileges.can_post_messages):
        raise ChatUnavailable("I am an admin of that channel, but I may not post messages there.")


async def _place(client: Client, channel_id: int | str) -> tuple[Chat, ChatMember]:
    """The chat and the account's place in it."""
    with translated():
        chat = await client.get_chat(channel_id)
        if not isinstance(chat, Chat):
            raise ChatUnavailable("I am not a member of that chat.")
        if chat.type in (ChatType.PRIVATE, ChatType.BOT):
            raise ChatUnavailable("This is a person, not a channel.")
        return chat, await client.get_chat_member(chat.id or channel_id, "me")
