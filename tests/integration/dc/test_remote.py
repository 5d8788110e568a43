"""The data centre as a process of its own."""

import hashlib
from pathlib import Path

import pytest
from pyrogram import Client
from pyrogram.enums import ChatAction
from pyrogram.handlers import CallbackQueryHandler, MessageHandler
from pyrogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from tests.dc import RemoteDataCenter, RemoteError, make_client
from tests.integration.dc.streaming import PART, media_sessions, send_video, stream

FILM = b"film" * PART


async def greet(client: Client, message: Message) -> None:
    """What a bot does."""
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    await message.reply(f"hello {message.text or message.caption}", reply_markup=keyboard)


async def answer(client: Client, query: CallbackQuery) -> None:
    """What a bot does when a button is pressed."""
    await query.answer("gone")
    await query.edit_message_text("went")


async def test_a_conversation_with_another_process(tmp_path: Path) -> None:
    async with RemoteDataCenter("--no-pace", "--max-parts", "8") as dc:
        bot, ann = await dc.bot(), await dc.person("Ann", username="ann")
        log = await dc.channel("Log", admins=[bot], members=[ann])
        client = make_client(dc.endpoint, bot_token=bot.token)
        client.add_handler(MessageHandler(greet))
        client.add_handler(CallbackQueryHandler(answer))
        async with client:
            await ann.says("Ann")
            greeting = await ann.expect("hello Ann")
            await client.send_chat_action(ann.id, ChatAction.TYPING)
            assert (await ann.press(greeting, "Go")).text == "gone"
            assert ann.actions == ["TypingAction"]
            assert (await ann.expect("went")).edits == ("hello Ann",)
            with pytest.raises(RemoteError, match="no button 'Stop'"):
                await ann.press(greeting, "Stop")
            await ann.sends_document("a.txt", b"\x00\xff", caption="a file")
            await ann.expect("hello a file")
            async with media_sessions(client, 2) as sessions:
                await send_video(client, log.id, await stream(sessions, FILM), "film")
            media = (await log.expect("film")).media
            assert media is not None
            file = await dc.file(media.file_id, tmp_path / "film.mp4")
            assert file["sha256"] == hashlib.sha256(FILM).hexdigest()
            assert (tmp_path / "film.mp4").read_bytes() == FILM
            fault = await dc.fault("flood_wait", 1, method="messages.SendMessage")
            await ann.says("again")
            await ann.expect("hello again")
            assert await dc.fired(fault) == 1
            assert (await dc.stats())["flood_waits"] == 1
            assert await dc.drop(media=True) == 0
        await dc.check()


async def test_the_state_survives_the_bot(tmp_path: Path) -> None:
    async with RemoteDataCenter() as dc:
        bot, ann = await dc.bot(), await dc.person("Ann")
        for text in ("one", "two"):
            await ann.says(text)
            client = make_client(dc.endpoint, bot_token=bot.token, workdir=tmp_path, skip_updates=False)
            client.add_handler(MessageHandler(greet))
            async with client:
                await ann.says(f"{text} more")
                await ann.expect(f"hello {text} more")
        assert [one.text for one in ann.messages if one.mine] == ["one", "one more", "two", "two more"]
        await ann.expect("hello two")
        await dc.check()
