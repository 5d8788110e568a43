"""What an account may do in a chat."""

from pyrogram import Client
from pyrogram.enums import ChatMemberStatus, ChatType
from pyrogram.types import Chat

from medusa.errors import ChatUnavailable
from medusa.telegram.errors import translated


async def writable(client: Client, channel_id: int) -> Chat:
    """The channel or group, if the account may post in it as an admin. Raises ChatUnavailable."""
    with translated():
        chat = await client.get_chat(channel_id)
        if not isinstance(chat, Chat):
            raise ChatUnavailable("I am not a member of that chat.")
        if chat.type is ChatType.PRIVATE:
            raise ChatUnavailable("This is a person, not a channel.")
        member = await client.get_chat_member(channel_id, "me")
    if member.status is ChatMemberStatus.OWNER:
        return chat
    if member.status is not ChatMemberStatus.ADMINISTRATOR:
        raise ChatUnavailable("I am not an admin of that chat.")
    if chat.type is ChatType.CHANNEL and not (member.privileges and member.privileges.can_post_messages):
        raise ChatUnavailable("I am an admin of that channel, but I may not post messages there.")
    return chat
