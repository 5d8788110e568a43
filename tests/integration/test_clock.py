"""The clock of the machine is set while the bot runs: Telegram goes on hearing it."""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from pyrogram.raw.types import BadMsgNotification

from medusa.telegram.call import taken
from medusa.telegram.client import make_client
from tests.dc import DataCenter
from tests.integration.clients import settings_for

TOKEN = "7000001:" + "A" * 35
HOUR = 3600.0
OF_THE_SERVER = ("keyexchange", "server", "service", "session", "state", "updates", "world")


def set_clock(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Set the clock of this machine, of which the data centre takes no notice."""
    real = time.time
    own = SimpleNamespace(time=real, monotonic=time.monotonic)
    for module in OF_THE_SERVER:
        monkeypatch.setattr(f"tests.dc.{module}.time", own)
    monkeypatch.setattr(time, "time", lambda: real() + seconds)


@pytest.mark.parametrize("seconds", [HOUR, -HOUR], ids=["forward", "back"])
async def test_what_the_bot_says_arrives_all_the_same(
    seconds: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with DataCenter() as dc:
        bot, ann = dc.bot(token=TOKEN), dc.person("Ann")
        await ann.says("hi")
        async with make_client(settings_for(dc, bot, tmp_path), plugins=None) as client:
            await client.send_message(ann.id, "before")
            objections = dc.stats()["objections"]
            set_clock(monkeypatch, seconds)
            for text in ("after", "and on"):
                assert (await client.send_message(ann.id, text)).id
            assert [seen.text for seen in ann.messages] == ["hi", "before", "after", "and on"]
            assert dc.stats()["objections"] == objections


def test_a_message_that_the_server_refused_was_not_answered() -> None:
    with pytest.raises(ConnectionError, match="17"):
        taken(BadMsgNotification(bad_msg_id=1, bad_msg_seqno=0, error_code=17))
