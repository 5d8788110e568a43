"""The numbers on Telegram: as pictures, and as text where they cannot be drawn."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from pyrogram import Client, filters
from pyrogram.handlers import CallbackQueryHandler, MessageHandler
from pyrogram.types import CallbackQuery, Message

from medusa.figures import Period, Report, Wanted
from medusa.sheet import PictureLost, Sheet
from medusa.telegram.account import BotAccount
from medusa.telegram.charts import Charts
from medusa.telegram.client import make_client
from medusa.telegram.documents import Documents
from medusa.telegram.incoming import pressed_picture
from tests.dc import DataCenter, Person
from tests.integration.clients import settings_for
from tests.unit.views.test_statistics import report

TOKEN = "7000001:" + "A" * 35


class Numbers:
    """The same for each period."""

    async def report(self, period: Period) -> Report:
        return report(period)


class Draughtsman:
    """Draws what only says that it is a picture, or nothing."""

    def __init__(self) -> None:
        self.is_able = True
        self.drawn: list[Sheet] = []

    async def draw(self, sheet: Sheet) -> bytes:
        if not self.is_able:
            raise PictureLost("no pencil")
        self.drawn.append(sheet)
        head = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + (1080).to_bytes(4, "big") * 2
        return head + len(self.drawn).to_bytes(4, "big")


class Desk(NamedTuple):
    dc: DataCenter
    ann: Person
    studio: Draughtsman


@asynccontextmanager
async def desk(home: Path) -> AsyncIterator[Desk]:
    """A bot that answers each message with a picture, and turns it."""
    async with DataCenter() as dc:
        bot, ann, studio = dc.bot(token=TOKEN), dc.person("Ann"), Draughtsman()
        client = make_client(settings_for(dc, bot, home), plugins=None)
        account = BotAccount(client, sessions=1)
        charts = Charts(client, Documents(client, account.uploader), Numbers(), studio)

        async def on_message(_: Client, message: Message) -> None:
            await charts.reply(message, Wanted())

        async def on_press(_: Client, query: CallbackQuery) -> None:
            await query.answer()
            await charts.turn(query, pressed_picture(query))

        client.add_handler(MessageHandler(on_message, filters.private & filters.incoming))
        client.add_handler(CallbackQueryHandler(on_press))
        async with client:
            yield Desk(dc, ann, studio)
            await account.close()


async def test_a_picture_turns_into_another_one(tmp_path: Path) -> None:
    async with desk(tmp_path) as there:
        asked = await there.ann.says("/stats")
        shown = await there.ann.expect("103 downloads")
        assert (shown.reply_to, shown.media and shown.media.kind) == (asked.id, "photo")
        await there.ann.press(shown, "Dark")
        turned = await there.ann.expect(lambda seen: seen.edited)
        assert turned.id == shown.id
        assert (turned.media and turned.media.file_id) != (shown.media and shown.media.file_id)
        assert [one.dark for one in there.studio.drawn] == [False, True]
        assert turned.button("Light").data == b"stats:week:downloads:light"


async def test_a_text_takes_the_place_of_a_picture_that_cannot_be_drawn(tmp_path: Path) -> None:
    async with desk(tmp_path) as there:
        there.studio.is_able = False
        await there.ann.says("/stats")
        text = await there.ann.expect("could not be drawn")
        assert text.media is None
        assert "YouTube: 85" in text.text
        await there.ann.press(text, "Month")
        text = await there.ann.expect(lambda seen: seen.edited)
        assert "• Month" in text.labels
        there.studio.is_able = True
        await there.ann.press(text, "Failures")
        picture = await there.ann.expect(lambda seen: seen.media is not None)
        assert (picture.reply_to, "• Failures" in picture.labels) == (text.id, True)
        there.studio.is_able = False
        await there.ann.press(picture, "Today")
        second = await there.ann.expect(lambda seen: seen.id > picture.id)
        assert (second.media, second.reply_to) == (None, picture.id)
        assert there.dc.violations == []


async def test_a_picture_that_somebody_has_deleted_is_let_be(tmp_path: Path) -> None:
    async with desk(tmp_path) as there:
        await there.ann.says("/stats")
        shown = await there.ann.expect("103 downloads")
        there.dc.faults.error(400, "MESSAGE_ID_INVALID", method="messages.EditMessage")
        await there.ann.press(shown, "Dark")
        await there.ann.press(shown, "Month")
        assert "• Month" in (await there.ann.expect(lambda seen: seen.edited)).labels
