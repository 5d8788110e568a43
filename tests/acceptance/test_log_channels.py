"""Log channels that are lost, come back or come later: every file reaches each of them, once, in order."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from medusa.jobs.outbox import CLAIM
from tests.acceptance.talk import PATIENCE, answers, end, fetch, logged, send
from tests.dc.conversation import Conversation
from tests.dc.members import Rights
from tests.dc.seen import Seen
from tests.stage import Stage

pytestmark = pytest.mark.timeout(120)

TROUBLE = "I cannot post in the log channel"
RELIEF = "works again"


class WithBackup(Stage):
    """One log channel, and a backup for it."""

    def __init__(self) -> None:
        super().__init__(log_channels=1)

    def _variables(self) -> dict[str, str]:
        self.spare = self.log_channel("Spare")
        return {**super()._variables(), "BACKUP_LOG_CHANNELS": str(self.spare.id)}


def links(stage: Stage, *numbers: int) -> list[str]:
    """Links that lead to the same file and can be told apart."""
    return [stage.site.url("mp3", rate=40_000_000 + number) for number in numbers]


async def fetch_all(stage: Stage, urls: Sequence[str]) -> None:
    for url in urls:
        await fetch(stage, stage.ann, url)


def copies(channel: Conversation) -> list[str]:
    """The links of the files in a channel, in their order."""
    cards = [seen.text for seen in channel.messages if seen.media is not None]
    return [line.split(" ")[-1] for card in cards for line in card.splitlines() if line.startswith("🔗")]


def copies_are(channel: Conversation, number: int) -> Callable[[list[Seen]], bool]:
    return lambda messages: len(copies(channel)) >= number


async def no_copy_waits(stage: Stage) -> None:
    """Wait until every copy is on record; one that a killed process had taken up takes its time."""
    async with asyncio.timeout(CLAIM.total_seconds() + PATIENCE):
        while "waiting" in await listed(stage):
            await asyncio.sleep(1)


async def arrived(channel: Conversation, urls: Sequence[str], timeout: float = PATIENCE) -> None:
    """Wait until a channel has as many copies, and see that they are these."""
    await channel.until(copies_are(channel, len(urls)), timeout=timeout)
    assert copies(channel) == list(urls)


def told(stage: Stage, words: str) -> list[Seen]:
    return [seen for seen in stage.ann.messages if words in seen.text]


async def listed(stage: Stage) -> str:
    """What /log_channels shows."""
    asked = await stage.ann.says("/loglist")
    return (await stage.ann.expect(lambda seen: seen.reply_to == asked.id)).text


async def test_a_lost_channel_gets_everything_when_it_is_back_and_the_backup_stands_in() -> None:
    async with WithBackup() as stage:
        (main,) = stage.logs
        before, meanwhile, after = links(stage, 0), links(stage, 1, 2, 3), links(stage, 4)
        await fetch_all(stage, before)
        await arrived(main, before)

        main.kick(stage.bot)
        news = await stage.ann.expect(TROUBLE)
        assert "Log 1: I am not a member of that chat (any more)." in news.text
        await fetch_all(stage, meanwhile[:2])
        await arrived(stage.spare, meanwhile[:2])
        shown = await listed(stage)
        assert "⚠️ Log 1" in shown
        assert "primary · broken since" in shown
        assert "2 waiting" in shown
        assert "✅ Spare" in shown
        assert "backup · works" in shown

        await stage.stop()
        await stage.start()
        await fetch_all(stage, meanwhile[2:])
        await arrived(stage.spare, meanwhile)
        assert len(told(stage, TROUBLE)) == 1, "the owner was told again after a restart"

        main.restore(stage.bot)
        await stage.ann.expect("The log channel Log 1 works again; 3 copies are on their way.")
        await arrived(main, before + meanwhile)
        await fetch_all(stage, after)
        await arrived(main, before + meanwhile + after)
        assert copies(stage.spare) == meanwhile, "the backup keeps what it got, and is asked for no more"
        assert len(told(stage, TROUBLE)) == len(told(stage, RELIEF)) == 1
        await no_copy_waits(stage)


async def test_what_happens_to_a_channel_while_the_bot_is_dead_is_seen_at_its_start() -> None:
    async with Stage(log_channels=2) as stage:
        main, other = stage.logs
        urls = links(stage, 0, 1, 2)
        await stage.ann.says("/start")
        await stage.ann.expect("Hello")
        main.kick(stage.bot)
        await stage.ann.expect(TROUBLE)
        await fetch_all(stage, urls)
        await arrived(other, urls)
        await stage.kill()
        main.restore(stage.bot)
        other.kick(stage.bot)
        await stage.start()
        await stage.ann.expect("The log channel Log 1 works again; 3 copies are on their way.")
        await stage.ann.expect(f"{TROUBLE} Log 2")
        await arrived(main, urls)
        other.restore(stage.bot)
        await stage.ann.expect("The log channel Log 2 works again")
        await fetch_all(stage, links(stage, 3))
        await arrived(other, links(stage, 0, 1, 2, 3))


async def test_a_channel_that_denies_the_right_to_post_says_so() -> None:
    async with Stage(log_channels=1) as stage:
        (main,) = stage.logs
        await stage.ann.says("/start")
        await stage.ann.expect("Hello")
        main.promote(stage.bot, Rights(edit_messages=True))
        news = await stage.ann.expect(TROUBLE)
        assert "I may not post messages there" in news.text
        (url,) = links(stage, 0)
        await fetch(stage, stage.ann, url)
        await stage.ann.says("/testlog")
        assert "❌ Log 1" in (await stage.ann.expect("may post messages")).text
        main.promote(stage.bot)
        await stage.ann.expect("works again; 1 copy is on its way")
        await arrived(main, [url])


async def test_a_channel_that_comes_later_gets_what_was_before() -> None:
    async with Stage(log_channels=0) as stage:
        urls = links(stage, 0, 1, 2, 3)
        await fetch_all(stage, urls[:1])
        gone = await send(stage.ann, urls[1])
        await end(stage.ann, gone)
        await fetch_all(stage, urls[2:])
        (answer,) = answers(stage.ann, gone)
        await stage.ann.deletes(answer)

        late = stage.log_channel("Late")
        await stage.ann.says(f"/backfill {late.id}")
        await stage.ann.expect("not one of the log channels")
        await stage.ann.says(f"/addlog {late.id}")
        assert f"/backfill {late.id}" in (await stage.ann.expect("from now on")).text
        await stage.ann.says(f"/backfill {late.id} 2")
        await stage.ann.expect("2 of the last 2 finished downloads are on their way into Late")
        await arrived(late, urls[2:])
        await stage.ann.says(f"/backfill {late.id} 2")
        await stage.ann.expect("There is nothing to queue for Late")
        await stage.ann.says(f"/filllog {late.id}")
        await stage.ann.expect("2 finished downloads are on their way into Late")
        await arrived(late, [*urls[2:], urls[0]])
        await stage.logged(b"The finished message was deleted before it could be copied.")
        for _ in range(2):
            await stage.ann.says(f"/backfill {late.id}")
            await stage.ann.expect("There is nothing to queue for Late")
        shown = await listed(stage)
        assert "✅ Late" in shown
        assert "1 failed" in shown
        assert copies(late) == [*urls[2:], urls[0]]
        await stage.ann.says(f"/backfill {late.id} some")
        await stage.ann.expect("how many of the last downloads")


@pytest.mark.slow
async def test_a_backfill_that_is_killed_in_the_middle_sends_nothing_twice() -> None:
    async with Stage(log_channels=0) as stage:
        urls = links(stage, 0, 1, 2)
        await fetch_all(stage, urls)
        late = stage.log_channel("Late")
        await stage.ann.says(f"/addlog {late.id}")
        await stage.ann.expect("from now on")
        await stage.ann.says(f"/backfill {late.id}")
        await late.until(copies_are(late, 1))
        await stage.kill()  # the copy is there, and most likely not yet on record
        await stage.start()
        await arrived(late, urls)
        await no_copy_waits(stage)
        await stage.ann.says(f"/backfill {late.id}")
        await stage.ann.expect("There is nothing to queue for Late")
        assert copies(late) == urls


async def test_failed_copies_are_tried_again_on_demand() -> None:
    async with Stage(log_channels=1) as stage:
        (main,) = stage.logs
        (url,) = links(stage, 0)
        await stage.ann.says("/retry_logs")
        await stage.ann.expect("No log copy has failed.")
        fault = stage.dc.faults.error(400, "MEDIA_EMPTY", method="messages.SendMedia", after=1)
        await fetch(stage, stage.ann, url)
        await stage.logged(b"log copy to")
        shown = await listed(stage)
        assert fault.fired
        assert "no copy yet · 1 failed" in shown
        assert "/retry_logs tries the failed copies again." in shown
        await stage.ann.says("/retrylog")
        await stage.ann.expect("1 failed copy is tried again now.")
        await logged(main, url)
        shown = await listed(stage)
        assert "last copy" in shown
        assert "failed" not in shown
        assert copies(main) == [url]
