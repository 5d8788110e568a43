"""The numbers of the bot on Telegram: a picture that turns into another one when a button is pressed."""

from typing import Protocol

from loguru import logger
from pyrogram.types import CallbackQuery, Message

from medusa.figures import Period, Report, Wanted
from medusa.sheet import PictureLost, Sheet
from medusa.telegram.documents import Documents
from medusa.telegram.incoming import chat, press_place
from medusa.telegram.outgoing import keyboard, reply, rewrite_pressed, write
from medusa.telegram.pace import PacedClient
from medusa.telegram.posting import post_media, replace_media
from medusa.views import statistics as views
from medusa.views.sheets import sheet


class Numbers(Protocol):
    """Tells the numbers; medusa.jobs.statistics in production."""

    async def report(self, period: Period) -> Report:
        """What is shown of a period. Raises StoreUnavailable."""
        ...


class Draws(Protocol):
    """Draws pictures; medusa.charts in production."""

    async def draw(self, sheet: Sheet) -> bytes:
        """A PNG. Raises PictureLost."""
        ...


class Charts:
    """Shows numbers as pictures; where one cannot be drawn, as text.

    Each method raises StoreUnavailable, ChatUnavailable, SlowedDown, TelegramUnreachable, UploadError.
    """

    def __init__(self, client: PacedClient, documents: Documents, numbers: Numbers, studio: Draws) -> None:
        self._client = client
        self._documents = documents
        self._numbers = numbers
        self._studio = studio

    async def reply(self, message: Message, wanted: Wanted) -> None:
        """Answer a message with a picture."""
        report = await self._numbers.report(wanted.period)
        png = await self._drawn(report, wanted)
        if png is None:
            await reply(self._client, message, views.numbers(report, wanted))
        else:
            await self._post(png, report, wanted, chat(message), message.id, f"stats:{message.id}")

    async def turn(self, query: CallbackQuery, wanted: Wanted) -> None:
        """Show another picture in the message whose button was pressed."""
        chat_id, message_id = press_place(query)
        report = await self._numbers.report(wanted.period)
        png = await self._drawn(report, wanted)
        # A text becomes no picture, and a picture no text.
        has_picture = query.message is not None and query.message.photo is not None
        if png is None and has_picture:
            await write(self._client, chat_id, views.numbers(report, wanted), reply_to=message_id)
        elif png is None:
            await rewrite_pressed(self._client, query, views.numbers(report, wanted))
        elif has_picture:
            media = await self._documents.upload_photo(png)
            view = views.caption(report, wanted)
            await replace_media(self._client, chat_id, message_id, media, view.text, buttons=keyboard(view))
        else:
            await self._post(png, report, wanted, chat_id, message_id, f"stats press:{query.id}")

    async def table(self, query: CallbackQuery, period: Period) -> None:
        """Send the days of a period as a file."""
        chat_id, message_id = press_place(query)
        report = await self._numbers.report(period)
        await self._documents.send(
            chat_id,
            views.table(report),
            views.table_caption(report),
            key=f"stats table:{query.id}",
            reply_to=message_id,
        )

    async def _drawn(self, report: Report, wanted: Wanted) -> bytes | None:
        try:
            return await self._studio.draw(sheet(report, wanted))
        except PictureLost as error:
            logger.warning("numbers are shown as text: {}", error)
            return None

    async def _post(
        self, png: bytes, report: Report, wanted: Wanted, chat_id: int, answered: int, key: str
    ) -> None:
        view = views.caption(report, wanted)
        media = await self._documents.upload_photo(png)
        await post_media(
            self._client,
            chat_id,
            media,
            view.text,
            key=f"{key}:{chat_id}",
            reply_to=answered,
            buttons=keyboard(view),
        )
