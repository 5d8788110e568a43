"""Files that the bot writes itself, over a real connection."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from medusa.errors import WrongArgument
from medusa.telegram.account import BotAccount
from medusa.telegram.client import make_client
from medusa.telegram.documents import MOST_BYTES, Documents
from medusa.views.view import TextFile
from tests.dc import DataCenter, Person
from tests.integration.clients import settings_for

TOKEN = "7000001:" + "A" * 35


class Desk(NamedTuple):
    dc: DataCenter
    documents: Documents
    ann: Person
    asked: int
    """A message of Ann's, as the bot numbers it."""


@asynccontextmanager
async def desk(home: Path) -> AsyncIterator[Desk]:
    async with DataCenter() as dc:
        bot, ann = dc.bot(token=TOKEN), dc.person("Ann")
        async with make_client(settings_for(dc, bot, home), plugins=None) as client:
            account = BotAccount(client, sessions=1)
            asked = ann.message_of(await ann.says("/t2t")).ids[bot.account.box]
            yield Desk(dc, Documents(client, account.uploader), ann, asked)
            await account.close()


@pytest.mark.parametrize("size", [1, 512 * 1024, 2_500_000])
async def test_a_file_arrives_bit_for_bit_and_once(tmp_path: Path, size: int) -> None:
    async with desk(tmp_path) as there:
        file = TextFile("links.txt", "é" + "x" * (size - 2) if size > 1 else "x")
        for _ in range(2):
            await there.documents.send(there.ann.id, file, "<b>here</b>", key="once", reply_to=there.asked)
        (seen,) = [seen for seen in there.ann.messages if seen.media]
        assert seen.media is not None
        assert (seen.media.name, seen.media.mime, seen.text) == ("links.txt", "text/plain", "here")
        assert there.dc.file(seen.media.file_id).bytes == file.text.encode()
        assert not there.dc.stats().get("breaches")


async def test_a_file_that_is_too_large_is_refused_with_a_sentence(tmp_path: Path) -> None:
    async with desk(tmp_path) as there:
        with pytest.raises(WrongArgument, match=r"more than 10\.0 MB"):
            await there.documents.upload(TextFile("links.txt", "x" * (MOST_BYTES + 1)))
