"""Every strict rule refuses with the real error and goes on record; nothing that is allowed does."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pyrogram import Client, raw
from pyrogram.enums import MessageEntityType
from pyrogram.errors import BadRequest, Forbidden, RPCError
from pyrogram.errors.exceptions.all import exceptions
from pyrogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity

import tests.dc
from tests.dc import Bot, DataCenter, Options, Person, bot_client, user_client
from tests.dc.errors import Breach, Refusal
from tests.dc.flood import Limiter, Pace
from tests.dc.text import normalise, units
from tests.dc.uploads import UNKNOWN, Upload
from tests.integration.dc.streaming import PART, media_sessions, new_id, save, send_video, stream

LIMIT = 8


def upload(*parts: tuple[int, int, int], answered: bool = True) -> Upload:
    """An upload that accepted these (index, total, size)."""
    made = Upload(LIMIT)
    for index, total, size in parts:
        made.admit(index, total, size, bytes([index]))
        if answered:
            made.answered(index)
    return made


STREAMED = [(index, UNKNOWN, PART) for index in range(3)]
KNOWN = [(index, 4, PART) for index in range(3)]


@pytest.mark.parametrize(
    ("before", "part", "rule", "text"),
    [
        ([], (0, UNKNOWN, 0), "empty_part", "FILE_PART_EMPTY"),
        ([], (0, UNKNOWN, PART + 1024), "part_too_big", "FILE_PART_TOO_BIG"),
        ([], (-1, UNKNOWN, PART), "part_index", "FILE_PART_INVALID"),
        ([], (LIMIT, UNKNOWN, PART), "part_index", "FILE_PART_INVALID"),
        ([], (4, 4, PART), "part_index", "FILE_PART_INVALID"),
        ([], (0, LIMIT + 1, PART), "too_many_parts", "FILE_PARTS_INVALID"),
        ([], (0, 0, PART), "too_many_parts", "FILE_PARTS_INVALID"),
        ([], (0, UNKNOWN, 1000), "part_size", "FILE_PART_SIZE_INVALID"),
        ([], (0, UNKNOWN, 3 * 1024), "part_size", "FILE_PART_SIZE_INVALID"),
        (STREAMED, (3, UNKNOWN, PART // 2), "part_size_changed", "FILE_PART_SIZE_CHANGED"),
        (STREAMED, (3, UNKNOWN, 100), "part_size", "FILE_PART_SIZE_INVALID"),
        (STREAMED, (1, 4, PART), "total_not_on_last", "FILE_PARTS_INVALID"),
        (STREAMED, (5, 6, PART), "barrier", "FILE_PART_SIZE_INVALID"),
        (STREAMED, (1, 2, PART), "total_too_small", "FILE_PARTS_INVALID"),
        ([*STREAMED, (3, 4, 7)], (4, UNKNOWN, PART), "part_after_total", "FILE_PARTS_INVALID"),
        ([*STREAMED, (3, 4, 7)], (3, 5, 7), "total_changed", "FILE_PARTS_INVALID"),
        (KNOWN, (3, 5, 7), "total_changed", "FILE_PARTS_INVALID"),
        (KNOWN, (3, UNKNOWN, PART), "part_after_total", "FILE_PARTS_INVALID"),
        ([(0, 2, 1024)], (1, 2, 2048), "last_part_larger", "FILE_PART_SIZE_CHANGED"),
        ([(1, 2, 2048)], (0, 2, 1024), "last_part_larger", "FILE_PART_SIZE_CHANGED"),
    ],
)
def test_a_part_is_refused(
    before: list[tuple[int, int, int]], part: tuple[int, int, int], rule: str, text: str
) -> None:
    known = upload(*before)
    index, total, size = part
    with pytest.raises(Breach) as error:
        known.admit(index, total, size, bytes([index % 256]))
    assert (error.value.rule, error.value.text) == (rule, text)


def test_the_barrier_waits_for_answers() -> None:
    known = upload(*STREAMED, answered=False)
    for index in (0, 1):
        known.answered(index)
    with pytest.raises(Breach, match="FILE_PART_SIZE_INVALID"):
        known.admit(3, 4, 7, b"3")
    known.answered(2)
    assert known.admit(3, 4, 7, b"3")
    known.complete(4)


def test_a_part_may_come_again_but_not_changed() -> None:
    known = upload(*STREAMED)
    assert not known.admit(1, UNKNOWN, PART, bytes([1]))
    with pytest.raises(Breach) as error:
        known.admit(1, UNKNOWN, PART, b"other")
    assert error.value.rule == "different_bytes"


@pytest.mark.parametrize(
    ("before", "count", "text"),
    [
        (STREAMED, 3, "FILE_PARTS_INVALID"),
        (KNOWN, 4, "FILE_PART_3_MISSING"),
        (KNOWN, 3, "FILE_PARTS_INVALID"),
        ([(1, 2, 7)], 2, "FILE_PART_0_MISSING"),
    ],
)
def test_an_incomplete_file_is_refused(before: list[tuple[int, int, int]], count: int, text: str) -> None:
    with pytest.raises(Breach, match=text):
        upload(*before).complete(count)


def test_a_lost_part_is_nobodys_fault() -> None:
    known = upload(*STREAMED, (3, 4, 7))
    known.forget(2)
    with pytest.raises(Refusal, match="FILE_PART_2_MISSING") as error:
        known.complete(4)
    assert not isinstance(error.value, Breach)
    known.admit(2, 4, PART, b"2")
    known.complete(4)


def test_every_error_is_known_to_pyrogram() -> None:
    """An unknown one would make it write a file into the working directory."""
    sources = "".join(path.read_text() for path in Path(tests.dc.__file__).parent.rglob("*.py"))
    errors = re.findall(r"(?:Refusal\(|Breach\([^,]+, )(\d+), f?\"([A-Z0-9_]+)", sources)
    assert len(errors) > 40
    for code, text in errors:
        known = exceptions[int(code)]
        assert text in known or f"{text}X" in known or f"{text}X_MISSING" in known, (code, text)


def test_text_is_measured_and_moved_in_utf16() -> None:
    bold = raw.types.MessageEntityBold(offset=2, length=2)
    text, entities = normalise("  😀 https://a.example/x, /start", [bold])
    assert text == "😀 https://a.example/x, /start"
    assert [(type(one).__name__[13:], one.offset, one.length) for one in entities] == [
        ("Bold", 0, 2),
        ("Url", 3, 19),
        ("BotCommand", 24, 6),
    ]
    assert units("😀a") == 3
    with pytest.raises(Breach, match="ENTITY_BOUNDS_INVALID"):
        normalise("😀", [raw.types.MessageEntityBold(offset=1, length=2)])


def test_pace_in_private_and_in_groups() -> None:
    limiter = Limiter(Pace(private_per_second=0.5, private_burst=2, group_per_minute=2, total_per_second=3))
    assert [limiter.wait(1, "ann", group=False, now=now) for now in (0, 0, 0, 1, 2)] == [0, 0, 2, 1, 0]
    assert [limiter.wait(1, "log", group=True, now=now) for now in (10, 20, 30, 70)] == [0, 0, 40, 0]
    assert [limiter.wait(2, chat, group=True, now=5) for chat in "abcd"] == [0, 0, 0, 1]
    assert [limiter.wait(3, "album", group=True, now=now, count=2) for now in (100, 130)] == [0, 30]


KEYBOARD_TOO_LONG = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="d" * 65)]])
OUTSIDE = [MessageEntity(type=MessageEntityType.BOLD, offset=0, length=9)]


@pytest.mark.parametrize(
    ("attempt", "text"),
    [
        (lambda client, to: client.send_message(to, "x" * 4097), "MESSAGE_TOO_LONG"),
        (lambda client, to: client.send_message(to, "😀" * 2049), "MESSAGE_TOO_LONG"),
        (lambda client, to: client.send_message(to, "   "), "MESSAGE_EMPTY"),
        (lambda client, to: client.send_message(to, "x", entities=OUTSIDE), "ENTITY_BOUNDS_INVALID"),
        (
            lambda client, to: client.send_message(to, "x", reply_markup=KEYBOARD_TOO_LONG),
            "BUTTON_DATA_INVALID",
        ),
        (lambda client, to: client.copy_message(to, to, 1, caption="x" * 1025), "MEDIA_CAPTION_TOO_LONG"),
        (
            lambda client, to: client.invoke(
                raw.functions.messages.SendMessage(
                    peer=raw.types.InputPeerUser(user_id=to, access_hash=1), message="x", random_id=1
                )
            ),
            "PEER_ID_INVALID",
        ),
    ],
)
async def test_a_message_is_refused(
    dc: DataCenter, ann: Person, client: Client, attempt: Callable[..., object], text: str
) -> None:
    await ann.sends_document("a.txt", b"a")
    with pytest.raises(BadRequest) as error:
        await attempt(client, ann.id)  # type: ignore[misc]
    assert text == error.value.ID
    assert [one.error for one in dc.take_violations()] == [text]
    assert len(ann.messages) == 1


async def test_a_part_is_refused_over_the_wire(dc: DataCenter, ann: Person, client: Client) -> None:
    await ann.says("hi")
    async with media_sessions(client, 1) as [session]:
        with pytest.raises(RPCError) as error:
            await save(session, new_id(), 0, -1, b"short")
        assert error.value.ID == "FILE_PART_SIZE_INVALID"
        file = await stream([session], bytes(2 * PART))
        file.parts = 3
        with pytest.raises(RPCError) as error:
            await send_video(client, ann.id, file)
        assert error.value.ID == "FILE_PARTS_INVALID"
    assert [one.rule for one in dc.take_violations()] == ["part_size", "total_mismatch"]


async def test_the_barrier_counts_answers_that_were_sent(dc: DataCenter, client: Client) -> None:
    dc.faults.lose_reply(part=0)
    async with media_sessions(client, 1) as [session]:
        file_id = new_id()
        with pytest.raises(TimeoutError):
            await session.send(
                raw.functions.upload.SaveBigFilePart(
                    file_id=file_id, file_part=0, file_total_parts=-1, bytes=bytes(PART)
                ),
                timeout=0.2,
            )
        with pytest.raises(RPCError):
            await save(session, file_id, 1, 2, b"end")
        assert [one.rule for one in dc.take_violations()] == ["barrier"]
        assert await save(session, file_id, 0, -1, bytes(PART))
        assert await save(session, file_id, 1, 2, b"end")


async def test_parts_on_the_main_connection_beside_media_sessions(dc: DataCenter, client: Client) -> None:
    assert client.session is not None
    file_id = new_id()
    assert await save(client.session, file_id, 0, -1, bytes(PART))
    assert dc.violations == []
    async with media_sessions(client, 1) as [session]:
        assert await save(session, file_id, 1, -1, bytes(PART))
        assert await save(client.session, file_id, 2, -1, bytes(PART))
    assert [one.rule for one in dc.take_violations()] == ["upload_on_main"]


async def test_the_number_of_parts_depends_on_premium() -> None:
    async with DataCenter(Options(max_parts=2, max_parts_premium=3)) as dc:
        bot, rich = dc.bot(), dc.person("Rich", premium=True)
        async with bot_client(dc, bot) as client, media_sessions(client, 1) as [session]:
            with pytest.raises(RPCError):
                await save(session, new_id(), 2, -1, bytes(PART))
        async with user_client(dc, rich) as client, media_sessions(client, 1) as [session]:
            assert await save(session, new_id(), 2, -1, bytes(PART))
        assert [one.rule for one in dc.take_violations()] == ["part_index"]


async def test_a_file_of_one_account_is_not_another_ones(
    dc: DataCenter, bot: Bot, ann: Person, client: Client
) -> None:
    bob = dc.person("Bob")
    await ann.sends_document("a.txt", b"a")
    await bob.says("hi")
    other = dc.bot("Other", username="other_bot")
    await bob.chat(other).says("hi")
    message = await client.get_messages(ann.id, 1)
    assert isinstance(message, Message)
    assert message.document is not None
    async with bot_client(dc, other) as stranger:
        with pytest.raises(BadRequest):
            await stranger.send_cached_media(bob.id, message.document.file_id)
    assert [one.rule for one in dc.take_violations()] == ["file_access_hash"]


async def test_only_the_author_edits(ann: Person, client: Client) -> None:
    await ann.says("mine")
    with pytest.raises(Forbidden):
        await client.edit_message_text(ann.id, 1, "yours")
