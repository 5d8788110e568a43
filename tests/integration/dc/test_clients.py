"""The data centre of tests/dc against an unmodified Pyrogram client: login, talk, channels, coming back.

Files, rules, faults and the separate process are in tests/integration/dc.
"""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from pyrogram import Client, filters, raw
from pyrogram.enums import ChatAction
from pyrogram.errors import (
    AuthKeyDuplicated,
    ChannelInvalid,
    ChannelPrivate,
    ChatAdminRequired,
    FloodWait,
    Forbidden,
    MessageNotModified,
    MethodInvalid,
    PeerIdInvalid,
    UserIsBlocked,
    UserNotParticipant,
)
from pyrogram.handlers import (
    CallbackQueryHandler,
    ChatMemberUpdatedHandler,
    DeletedMessagesHandler,
    EditedMessageHandler,
    MessageHandler,
)
from pyrogram.types import (
    BotCommand,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)

from tests.dc import (
    Bot,
    DataCenter,
    Options,
    Pace,
    Person,
    Refusal,
    Rights,
    Unseen,
    bot_client,
    make_client,
    user_client,
)

KEYBOARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("720p", callback_data="f:720"),
            InlineKeyboardButton("Site", url="https://example.org"),
        ]
    ]
)


class Heard:
    """Collects what handlers receive, so that a test can wait for it."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Any] = asyncio.Queue()

    async def put(self, client: Client, update: object) -> None:
        self._queue.put_nowait(update)

    async def next(self) -> Any:
        return await asyncio.wait_for(self._queue.get(), 5)


async def test_a_bot_logs_in_over_the_full_key_exchange(dc: DataCenter, bot: Bot, client: Client) -> None:
    assert client.me is not None
    assert (client.me.id, client.me.username, client.me.is_bot) == (bot.id, "medusa_bot", True)
    assert dc.core.journal.counts["key_exchanges"] == 1


async def test_a_person_logs_in_by_session_string(dc: DataCenter) -> None:
    rich = dc.person("Rich", premium=True)
    async with user_client(dc, rich) as client:
        assert client.me is not None
        assert (client.me.first_name, client.me.is_premium, client.me.is_bot) == ("Rich", True, False)
    assert dc.core.journal.counts["key_exchanges"] == 0


async def test_text_goes_both_ways(ann: Person, client: Client) -> None:
    heard = Heard()
    client.add_handler(MessageHandler(heard.put, filters.command("start") & filters.private))
    await ann.says("/start now")
    message = await heard.next()
    assert message.command == ["start", "now"]
    assert message.from_user.first_name == "Ann"
    await message.reply("**Welcome**, see https://example.org", reply_markup=KEYBOARD)
    seen = await ann.expect("Welcome")
    assert [(one.kind, one.text) for one in seen.entities] == [
        ("Bold", "Welcome"),
        ("Url", "https://example.org"),
    ]
    assert seen.labels == ["720p", "Site"]


async def test_a_person_edits_replies_and_deletes(ann: Person, client: Client) -> None:
    new, edited, deleted = Heard(), Heard(), Heard()
    client.add_handler(MessageHandler(new.put))
    client.add_handler(EditedMessageHandler(edited.put))
    client.add_handler(DeletedMessagesHandler(deleted.put))
    first = await ann.says("one")
    await new.next()
    await ann.replies(first, "two")
    assert (await new.next()).reply_to_message_id == 1
    await ann.edits(first, "uno")
    assert (await edited.next()).text == "uno"
    await ann.deletes(first)
    assert [message.id for message in await deleted.next()] == [1]
    assert [one.text for one in ann.messages] == ["two"]


async def test_a_button_is_pressed_and_answered(ann: Person, client: Client) -> None:
    async def pressed(_: Client, query: CallbackQuery) -> None:
        await query.answer(f"you chose {query.data!r}", show_alert=True)
        await query.edit_message_text("chosen")

    client.add_handler(CallbackQueryHandler(pressed))
    await ann.says("hi")
    await client.send_message(ann.id, "choose", reply_markup=KEYBOARD)
    message = await ann.expect("choose")
    answer = await ann.press(message, "720")
    assert (answer.text, answer.alert) == ("you chose 'f:720'", True)
    assert (await ann.expect("chosen")).edits == ("choose",)
    with pytest.raises(LookupError, match="720"):
        await ann.press(message, "720")


async def test_a_persons_client_presses_too(dc: DataCenter, bot: Bot, ann: Person, client: Client) -> None:
    async def pressed(_: Client, query: CallbackQuery) -> None:
        await query.answer("ok")

    client.add_handler(CallbackQueryHandler(pressed))
    async with user_client(dc, ann) as user:
        await user.send_message("medusa_bot", "hi")
        sent = await client.send_message(ann.id, "choose", reply_markup=KEYBOARD)
        assert sent is not None
        seen = await ann.expect("choose")
        answer = await user.request_callback_answer(bot.id, seen.id, "f:720")
        assert answer.message == "ok"
        assert [one.text async for one in user.get_chat_history(bot.id)] == ["choose", "hi"]


async def test_nobody_answers_a_button(dc: DataCenter, ann: Person, client: Client) -> None:
    await ann.says("hi")
    await client.send_message(ann.id, "choose", reply_markup=KEYBOARD)
    with pytest.raises(Refusal, match="BOT_RESPONSE_TIMEOUT"):
        await ann.press(await ann.expect("choose"), "720", timeout=0.1)


async def test_what_does_not_come_is_told_with_the_conversation(ann: Person, bot: Bot) -> None:
    await ann.says("anybody here?")
    with pytest.raises(Unseen, match=r"#1 Ann: anybody here\?"):
        await ann.expect("yes", timeout=0.05)


async def test_editing_and_deleting(dc: DataCenter, ann: Person, client: Client) -> None:
    await ann.says("hi")
    sent = await client.send_message(ann.id, "one")
    assert sent is not None
    await client.edit_message_text(ann.id, sent.id, "two")
    assert (await ann.expect("two")).edited
    with pytest.raises(MessageNotModified):
        await client.edit_message_text(ann.id, sent.id, "two")
    assert dc.core.journal.counts["not_modified"] == 1
    assert await client.delete_messages(ann.id, sent.id) == 1
    assert [one.text for one in ann.messages] == ["hi"]


async def test_a_bot_reaches_only_those_who_started_it(ann: Person, bot: Bot, client: Client) -> None:
    with pytest.raises(PeerIdInvalid):
        await client.send_message(ann.id, "hello?")
    await ann.says("hi")
    await client.send_message(ann.id, "hello")
    ann.blocks(bot)
    with pytest.raises(UserIsBlocked):
        await client.send_message(ann.id, "hello?")
    ann.unblocks(bot)
    await client.send_message(ann.id, "hello again")


async def test_posting_in_a_channel_until_thrown_out(dc: DataCenter, bot: Bot, client: Client) -> None:
    changed = Heard()
    client.add_handler(ChatMemberUpdatedHandler(changed.put))
    log = dc.channel("Log", admins=[bot])
    assert log.id < -1_002_147_483_647
    assert (await changed.next()).chat.id == log.id
    chat, me = await client.get_chat(log.id), await client.get_chat_member(log.id, "me")
    assert chat is not None
    assert me.privileges is not None
    assert (chat.title, me.privileges.can_post_messages) == ("Log", True)
    sent = await client.send_message(log.id, "first")
    assert sent is not None
    assert (sent.chat.id, sent.id) == (log.id, 1)  # type: ignore[union-attr]
    await client.pin_chat_message(log.id, 1)
    assert [one.pinned for one in log.messages] == [True, False]
    log.kick(bot)
    assert (await changed.next()).new_chat_member.status.name == "BANNED"
    with pytest.raises(ChannelPrivate):
        await client.send_message(log.id, "second")
    log.restore(bot)
    await client.send_message(log.id, "third")
    assert [one.text for one in log.messages if not one.service] == ["first", "third"]
    log.promote(bot, Rights())
    with pytest.raises(Forbidden):
        await client.send_message(log.id, "fourth")
    log.demote(bot)
    with pytest.raises(ChatAdminRequired):
        await client.send_message(log.id, "fifth")


async def test_members_of_a_channel(dc: DataCenter, bot: Bot, ann: Person, client: Client) -> None:
    log = dc.channel("Log", admins=[bot], members=[ann], username="medusa_log")
    names = {member.user and member.user.first_name async for member in client.get_chat_members(log.id)}
    assert names == {"Medusa", "Ann", "Owner of Log"}
    stranger = dc.person("Bob", username="bob")
    with pytest.raises(UserNotParticipant):
        await client.get_chat_member(log.id, "bob")
    async with user_client(dc, stranger) as user:
        chat = await user.get_chat("medusa_log")
        assert chat is not None
        assert chat.id == log.id
        with pytest.raises(ChannelPrivate):
            await user.send_message("medusa_log", "hello")


async def test_copies_and_forwards(dc: DataCenter, bot: Bot, ann: Person, client: Client) -> None:
    log = dc.channel("Log", admins=[bot])
    await ann.sends_document("list.txt", b"a\nb\n", caption="my list")
    await client.copy_message(log.id, ann.id, 1, caption="a copy")
    await client.forward_messages(log.id, ann.id, 1)
    await client.forward_messages(log.id, ann.id, 1, hide_sender_name=True)
    copy, forward, bare = log.messages
    assert [one.text for one in (copy, forward, bare)] == ["a copy", "my list", "my list"]
    assert [one.forwarded_from for one in (copy, forward, bare)] == [None, "Ann", None]
    assert {one.media.file_id for one in (copy, forward, bare) if one.media} == {dc.files[0].id}
    heard = Heard()
    client.add_handler(MessageHandler(heard.put, filters.private))
    await ann.forwards(log.message_of(copy))
    assert (await heard.next()).forward_origin.chat.id == log.id


async def test_a_group_shows_a_bot_only_what_concerns_it(
    dc: DataCenter, bot: Bot, ann: Person, client: Client
) -> None:
    heard = Heard()
    client.add_handler(MessageHandler(heard.put))
    group = dc.channel("Friends", members=[bot, ann], broadcast=False)
    await group.posts("small talk")
    await group.posts("/help")
    assert (await heard.next()).text == "/help"
    await client.send_message(group.id, "here I am")
    assert (await group.expect("here I am")).sender == "Medusa"


async def test_a_fresh_session_string_knows_nobody_before_it_asks(dc: DataCenter, bot: Bot) -> None:
    rich = dc.person("Rich", premium=True)
    log = dc.channel("Log", admins=[rich, bot])
    await rich.says("hi")
    async with user_client(dc, rich) as client:
        with pytest.raises(ChannelInvalid):
            await client.send_message(log.id, "hello")
        assert {one.chat.id async for one in client.get_dialogs()} == {bot.id, log.id}
        await client.send_message(log.id, "hello")
    assert [one.text for one in log.messages] == ["hello"]


async def test_signs_of_life_and_reactions(ann: Person, client: Client) -> None:
    await ann.says("hi")
    await client.send_chat_action(ann.id, ChatAction.UPLOAD_VIDEO)
    await client.send_reaction(ann.id, 1, "👍")
    assert ann.actions == ["UploadVideoAction"]
    assert ann.messages[0].reactions == ("👍",)


async def test_missed_messages_come_after_a_restart(
    dc: DataCenter, bot: Bot, ann: Person, tmp_path: Path
) -> None:
    log = dc.channel("Log", admins=[bot])
    heard = Heard()

    def returning() -> Client:
        client = bot_client(dc, bot, workdir=tmp_path, skip_updates=False)
        client.add_handler(MessageHandler(heard.put))
        return client

    async with returning():
        await ann.says("before")
        await log.posts("post before")
        assert {(await heard.next()).text for _ in range(2)} == {"before", "post before"}
    await ann.says("while away 1")
    await ann.deletes(await ann.says("deleted while away"))
    await ann.says("while away 2")
    await log.posts("post while away")
    async with returning():
        missed = {(await heard.next()).text for _ in range(3)}
        assert missed == {"while away 1", "while away 2", "post while away"}
        await ann.says("after")
        assert (await heard.next()).text == "after"
    assert dc.core.journal.counts["key_exchanges"] == 1


async def test_updates_survive_a_broken_connection(dc: DataCenter, ann: Person, client: Client) -> None:
    heard = Heard()
    client.add_handler(MessageHandler(heard.put))
    await ann.says("one")
    await heard.next()
    for link in dc.connections():
        link.drop()
    await ann.says("two")
    await ann.says("three")
    assert [(await heard.next()).text for _ in range(2)] == ["two", "three"]
    assert (await client.get_me()).is_bot


async def test_the_menu_of_commands(bot: Bot, client: Client) -> None:
    await client.set_bot_commands([BotCommand("start", "Begin")])
    assert [one.command for one in await client.get_bot_commands()] == ["start"]
    await client.delete_bot_commands()
    assert await client.get_bot_commands() == []


async def test_too_many_messages_must_wait(bot: Bot) -> None:
    async with DataCenter(Options(pace=Pace(private_burst=2, group_per_minute=3))) as dc:
        bot, ann = dc.bot(), dc.person("Ann")
        log = dc.channel("Log", admins=[bot])
        async with bot_client(dc, bot, sleep_threshold=0) as client:
            await ann.says("hi")
            for _ in range(2):
                await client.send_message(ann.id, "ok")
            with pytest.raises(FloodWait) as private:
                await client.send_message(ann.id, "too much")
            for _ in range(3):
                await client.send_message(log.id, "ok")
            with pytest.raises(FloodWait) as group:
                await client.send_message(log.id, "too much")
        assert private.value.value == 1
        assert 55 < int(str(group.value.value)) <= 60
        assert dc.stats()["flood_waits"] == 2


async def test_an_unknown_method_is_refused_and_remembered(dc: DataCenter, client: Client) -> None:
    with pytest.raises(MethodInvalid):
        await client.invoke(raw.functions.messages.GetAllStickers(hash=0))
    assert dc.unhandled == ["messages.GetAllStickers"]
    with pytest.raises(AssertionError, match="GetAllStickers"):
        dc.check()
    dc.unhandled.clear()


async def test_one_key_on_two_main_connections_is_worthless(dc: DataCenter, ann: Person) -> None:
    string = dc.session_string(ann)
    async with make_client(dc.endpoint, "first", session_string=string):
        second = make_client(dc.endpoint, "second", session_string=string)
        with pytest.raises(AuthKeyDuplicated):
            await second.start()
        await second.storage.close()
    assert [one.rule for one in dc.take_violations()] == ["second_main_connection"]


async def test_leaving_is_prompt_even_with_a_stalled_connection(
    ann: Person, client: Client, dc: DataCenter
) -> None:
    for link in dc.connections():
        link.stall()
    started = time.monotonic()
    await dc.__aexit__(None, None, None)
    assert time.monotonic() - started < 1
