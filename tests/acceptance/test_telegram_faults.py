"""Telegram at its worst while a file is on its way: it arrives once, bit for bit, or the person is told."""

from collections.abc import Callable

import pytest

from tests.acceptance.talk import PATIENCE, answers, end, logged, send, status
from tests.dc import DataCenter
from tests.dc.faults import Fault
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

FAULTS: dict[str, Callable[[DataCenter], Fault]] = {
    "a flood wait for parts": lambda dc: dc.faults.flood_wait(1, method="upload.*", after=9),
    "a premium flood wait": lambda dc: dc.faults.flood_premium_wait(1, after=5, times=2),
    "server errors": lambda dc: dc.faults.error(500, "RPC_CALL_FAIL", method="upload.*", after=4, times=5),
    "false for parts": lambda dc: dc.faults.answer_false(after=4, times=3),
    "dropped media connections": lambda dc: dc.faults.drop(method="upload.*", after=7, times=3),
    "refused streams": lambda dc: dc.faults.refuse_streams(),
    "a part that is forgotten": lambda dc: dc.faults.lose_part(7),
    "a part that is missing at the end": lambda dc: dc.faults.error(
        400, "FILE_PART_3_MISSING", method="messages.SendMedia"
    ),
    "a flood wait for the message": lambda dc: dc.faults.flood_wait(2, method="messages.SendMedia"),
    "an error for the message": lambda dc: dc.faults.error(503, "Timeout", method="messages.SendMedia"),
    "a lost answer to the message": lambda dc: dc.faults.drop(executed=True, method="messages.SendMedia"),
    "a lost connection at the message": lambda dc: dc.faults.drop(method="messages.SendMedia"),
    "a lost answer to a log copy": lambda dc: dc.faults.drop(
        executed=True, method="messages.SendMedia", after=1
    ),
    "a message that Telegram never answers": lambda dc: dc.faults.lose_reply(method="messages.SendMedia"),
    "a message that Telegram never hears": lambda dc: dc.faults.ignore(method="messages.SendMedia"),
    "a stall at the message": lambda dc: dc.faults.stall(method="messages.SendMedia"),
    "a late answer to the message": lambda dc: dc.faults.delay(2, method="messages.SendMedia"),
    "slow edits": lambda dc: dc.faults.flood_wait(1, method="messages.EditMessage", times=2),
}


HEAVY = {
    "a message that Telegram never answers",
    "a message that Telegram never hears",
    "a stall at the message",
    "a late answer to the message",
}
"""Most of it is waiting, up to a minute, for an answer that does not come."""
LONG = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.mark.parametrize(
    "fault", [pytest.param(name, marks=LONG) if name in HEAVY else name for name in FAULTS]
)
async def test_the_file_arrives_once_in_spite_of(stage: Stage, fault: str) -> None:
    programmed = FAULTS[fault](stage.dc)
    try:
        url = stage.site.url("big-8.mp4", rate=40_000_000 + list(FAULTS).index(fault))
        link = await send(stage.ann, url)
        last = await end(stage.ann, link, timeout=3 * PATIENCE if fault in HEAVY else PATIENCE)
        assert last.text.startswith("✅"), f"{last.text}\n{stage.log_tail()}"
        (answer,) = answers(stage.ann, link)
        assert answer.media is not None
        assert stage.dc.file(answer.media.file_id).sha256 == stage.site.sha256("big-8.mp4")
        for channel in stage.logs:
            await logged(channel, url)
            assert sum(url in copy.text for copy in channel.messages) == 1
        assert programmed.fired
    finally:
        stage.dc.faults.clear()
        stage.flood_waits_made += programmed.fired if programmed.text.startswith("FLOOD_WAIT") else 0
        if fault == "a part that is forgotten":
            # What the server forgot looks to it like a last part that came too early.
            assert {one.rule for one in stage.dc.take_violations()} == {"barrier"}


@pytest.mark.parametrize(
    "kind", ["FLOOD_WAIT_4", pytest.param("FLOOD_PREMIUM_WAIT_4", marks=pytest.mark.slow)]
)
async def test_a_pause_that_telegram_asks_for_is_shown_and_costs_nothing_but_time(
    stage: Stage, kind: str
) -> None:
    programmed = stage.dc.faults.error(420, kind, method="upload.*", after=6)
    try:
        link = await send(stage.ann, stage.site.url("big-8.mp4", rate=9_000_000 + len(kind)))
        held = await status(stage.ann, link, "Telegram is slowing us down; going on in")
        assert "MB of" in held.text
        assert held.buttons
        last = await end(stage.ann, link)
        assert last.text.startswith("✅"), f"{last.text}\n{stage.log_tail()}"
        (answer,) = answers(stage.ann, link)
        assert answer.media is not None
        assert stage.dc.file(answer.media.file_id).sha256 == stage.site.sha256("big-8.mp4")
        assert programmed.fired
    finally:
        stage.dc.faults.clear()
        stage.flood_waits_made += programmed.fired if kind.startswith("FLOOD_WAIT") else 0


async def test_a_person_who_has_blocked_the_bot_costs_nothing_more(stage: Stage) -> None:
    dora = stage.person("Dora", "dora")
    link = await send(dora, stage.site.url("big-8.mp4", rate=4_000_000))
    await dora.expect(lambda seen: seen.reply_to == link.id)
    dora.blocks(stage.bot)
    await stage.logged(b"ChatUnavailable: You have blocked me")
    assert answers(dora, link) == []
    dora.unblocks(stage.bot)
