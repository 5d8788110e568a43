"""Posting against a server: once, whichever way Telegram answers a repetition."""

from pathlib import Path

import pytest

from medusa.telegram.client import make_client
from medusa.telegram.posting import by_reference, post_media
from tests.dc import DataCenter, Options
from tests.integration.clients import settings_for

TOKEN = "7000001:" + "A" * 35


@pytest.mark.parametrize("repeats", [False, True])
async def test_a_repeated_post_is_no_second_message(repeats: bool, tmp_path: Path) -> None:
    async with DataCenter(Options(repeats=repeats)) as dc:
        bot, ann = dc.bot(token=TOKEN), dc.person("Ann")
        async with make_client(settings_for(dc, bot, tmp_path), plugins=None) as client:
            sent = await ann.sends_document("a.bin", b"bytes")
            media = await by_reference(client, ann.id, ann.message_of(sent).ids[bot.account.box])
            first = await post_media(client, ann.id, media, "again", key="the same")
            again = await post_media(client, ann.id, media, "again", key="the same")
            assert first is not None
            assert again == (first if repeats else None)
            assert len([seen for seen in ann.messages if not seen.mine]) == 1
