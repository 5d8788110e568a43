"""Files that people send, read over a real connection."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pyrogram.types import Message

from medusa.errors import UploadError, WrongArgument
from medusa.telegram.attachments import read_document
from medusa.telegram.client import Medusa, make_client
from tests.dc import Bot, DataCenter, Person, Seen
from tests.integration.clients import settings_for

TOKEN = "7000001:" + "A" * 35


class Desk:
    """A bot that is asked to read what Ann sends."""

    def __init__(self, dc: DataCenter, client: Medusa, bot: Bot, ann: Person) -> None:
        self.dc = dc
        self.ann = ann
        self._client = client
        self._bot = bot

    async def read(self, sent: Seen, most: int = 4_000_000) -> bytes:
        return await read_document(self._client, await self._arrived(sent), most)

    async def _arrived(self, sent: Seen) -> Message:
        number = self.ann.message_of(sent).ids[self._bot.account.box]
        message = await self._client.get_messages(self.ann.id, number)
        assert isinstance(message, Message)
        return message


@asynccontextmanager
async def desk(home: Path) -> AsyncIterator[Desk]:
    async with DataCenter() as dc:
        bot, ann = dc.bot(token=TOKEN), dc.person("Ann")
        async with make_client(settings_for(dc, bot, home), plugins=None) as client:
            yield Desk(dc, client, bot, ann)


async def test_the_bytes_of_a_file_are_read_bit_for_bit(tmp_path: Path) -> None:
    async with desk(tmp_path) as there:
        for size in (1, 1024 * 1024, 2_500_000):
            data = random.Random(size).randbytes(size)
            assert await there.read(await there.ann.sends_document("links.txt", data)) == data


async def test_the_file_may_be_in_the_message_that_is_answered(tmp_path: Path) -> None:
    async with desk(tmp_path) as there:
        sent = await there.ann.sends_document("cookies.txt", b"crumbs")
        assert await there.read(await there.ann.replies(sent, "/cookies")) == b"crumbs"


async def test_a_file_that_is_too_large_is_not_fetched(tmp_path: Path) -> None:
    async with desk(tmp_path) as there:
        fetching = there.dc.faults.error(500, "NEVER", method="upload.GetFile")
        sent = await there.ann.sends_document("links.txt", bytes(2500))
        with pytest.raises(WrongArgument, match=r"2\.5 kB; I read at most 2\.0 kB"):
            await there.read(sent, most=2000)
        assert fetching.seen == 0


async def test_a_message_without_a_file_is_refused(tmp_path: Path) -> None:
    async with desk(tmp_path) as there:
        with pytest.raises(WrongArgument, match="no file"):
            await there.read(await there.ann.says("/cookies"))


async def test_a_file_that_telegram_does_not_give_out_has_a_sentence(tmp_path: Path) -> None:
    async with desk(tmp_path) as there:
        sent = await there.ann.sends_document("links.txt", b"https://example.org/a.mp4")
        there.dc.faults.error(400, "FILE_REFERENCE_EXPIRED", method="upload.GetFile")
        with pytest.raises(UploadError, match="Send it again"):
            await there.read(sent)
