"""Several processes, with a real Redis and a real database between them: shared, once, and fair."""

import asyncio
from collections.abc import Sequence

import pytest

from tests.acceptance.talk import PATIENCE, answers, end, send, status
from tests.bot import BotProcess
from tests.dc.conversation import Conversation
from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.machines import Machines, machines

RATE = 4_000_000
"""Bytes a second of a source."""
LOST_SECONDS = 60.0
"""Until another process has taken up what a lost one held: its lease has to end."""


def finished(machine: BotProcess) -> int:
    """How many downloads it has brought to their end."""
    return machine.log_bytes().count(b" done after attempt")


async def delivered(team: Machines, person: Person, links: Sequence[Seen], source: str) -> None:
    """Each link has its file, once, and its status says so."""
    for link in links:
        last = await end(person, link)
        assert last.text.startswith("✅"), f"{last.text}\n{team.logs()}"
        (answer,) = answers(person, link)
        assert answer.media is not None
        assert team.stage.dc.file(answer.media.file_id).sha256 == team.stage.site.sha256(source)


async def logged_once(team: Machines, number: int) -> None:
    """So many files are in every log channel, and no more."""
    for channel in team.stage.logs:
        async with asyncio.timeout(PATIENCE):
            while len(files(channel)) < number:
                await asyncio.sleep(0.02)
    assert [len(files(channel)) for channel in team.stage.logs] == [number for _ in team.stage.logs]


def files(channel: Conversation) -> list[Seen]:
    return [seen for seen in channel.messages if seen.media is not None]


@pytest.mark.slow  # the others share work, too
async def test_work_is_shared() -> None:
    async with machines(MAX_CONCURRENT_JOBS="1") as team:
        ann = team.stage.ann
        links = [await send(ann, team.stage.site.url("big-8.mp4", rate=RATE)) for _ in range(6)]
        await delivered(team, ann, links, "big-8.mp4")
        await logged_once(team, 6)
        assert all(finished(machine) for machine in team.transfers), team.logs()
        assert sum(finished(machine) for machine in team.transfers) == 6


@pytest.mark.slow
async def test_a_bot_that_does_everything_may_have_help() -> None:
    async with machines(1, front="worker", MAX_CONCURRENT_JOBS="1") as team:
        ann = team.stage.ann
        links = [await send(ann, team.stage.site.url("big-8.mp4", rate=RATE)) for _ in range(4)]
        await delivered(team, ann, links, "big-8.mp4")
        await logged_once(team, 4)
        both = [team.stage, *team.transfers]
        assert all(finished(process) for process in both), team.logs()


async def test_what_a_killed_process_held_is_ended_by_another_and_nothing_is_doubled() -> None:
    async with machines(MAX_CONCURRENT_JOBS="3", STOP_GRACE="0") as team:
        people = [team.stage.ann, team.stage.person("Bob", "bob")]
        sent = [
            (person, [await send(person, team.stage.site.url("big-8.mp4", rate=500_000)) for _ in range(3)])
            for person in people
        ]
        for person, links in sent:
            await status(person, links[0], "MB of")
        assert all(machine.media_children() for machine in team.transfers), team.logs()
        await team.transfers[0].kill()
        for person, links in sent:
            async with asyncio.timeout(LOST_SECONDS):
                while not all(answers(person, link) for link in links):
                    await asyncio.sleep(0.02)
        await logged_once(team, 6)
        assert [len(answers(person, link)) for person, links in sent for link in links] == [1] * 6
        assert finished(team.transfers[0]) + finished(team.transfers[1]) == 6


@pytest.mark.slow  # like the one before, which kills
async def test_what_a_stopped_process_held_goes_on_elsewhere_at_once() -> None:
    async with machines(STOP_GRACE="0") as team:
        link = await send(team.stage.ann, team.stage.site.url("big-24.mp4", rate=RATE))
        await status(team.stage.ann, link, "MB of")
        (busy,) = [machine for machine in team.transfers if machine.media_children()]
        assert await busy.stop() == 0, team.logs()
        await delivered(team, team.stage.ann, [link], "big-24.mp4")
        await logged_once(team, 1)


async def test_nobody_waits_behind_the_batch_of_another() -> None:
    async with machines(MAX_CONCURRENT_JOBS="1") as team:
        ann, bob = team.stage.ann, team.stage.person("Bob", "bob")
        links = [await send(ann, team.stage.site.url("big-8.mp4", rate=RATE)) for _ in range(20)]
        await status(ann, links[-1], "before you")
        async with asyncio.timeout(PATIENCE):
            while not all(machine.media_children() for machine in team.transfers):
                await asyncio.sleep(0.02)
        link = await send(bob, team.stage.site.url("mp4"))
        assert "before you" not in (await status(bob, link, "Queued")).text
        await delivered(team, bob, [link], "mp4")
        over = [one for one in links if answers(ann, one)]
        assert len(over) < 10, team.logs()


async def test_a_download_of_another_process_is_cancelled() -> None:
    async with machines() as team:
        ann = team.stage.ann
        link = await send(ann, team.stage.site.url("big-40.mp4", rate=1_000_000))
        shown = await status(ann, link, "MB of")
        await ann.press(shown, "Cancel")
        assert (await end(ann, link)).text.startswith("🚫")
        async with asyncio.timeout(PATIENCE):
            while any(machine.media_children() for machine in team.transfers):
                await asyncio.sleep(0.02)
        assert answers(ann, link) == []


@pytest.mark.parametrize("comes_back", [pytest.param(True, marks=pytest.mark.slow), False])
async def test_without_redis_everything_goes_on(comes_back: bool) -> None:
    async with machines() as team:
        ann, url = team.stage.ann, team.stage.site.url("mp4", rate=RATE)
        before = await send(ann, url)
        await team.redis.stop()
        meanwhile = await send(ann, url)
        await delivered(team, ann, [before, meanwhile], "mp4")
        if comes_back:
            await team.redis.start()
        after = [await send(ann, url) for _ in range(3)]
        await delivered(team, ann, after, "mp4")
        await logged_once(team, 5)
        for process in (team.stage, *team.transfers):
            assert process.log_bytes().count(b"Redis is away") <= 1, process.log_tail()


@pytest.mark.slow
async def test_a_redis_that_is_not_there_at_the_start_may_come_later() -> None:
    async with machines(1) as team:
        ann, url = team.stage.ann, team.stage.site.url("mp4", rate=RATE)
        everybody = [team.stage, *team.transfers]
        for process in everybody:
            await process.stop()
        await team.redis.stop()
        for process in everybody:
            await process.start()
        await delivered(team, ann, [await send(ann, url)], "mp4")
        await team.redis.start()
        await delivered(team, ann, [await send(ann, url)], "mp4")
        await logged_once(team, 2)
        await team.stage.logged(b"Redis is back")


@pytest.mark.slow
async def test_no_process_has_to_be_there_first() -> None:
    async with machines() as team:
        for machine in team.transfers:
            await machine.stop()
        link = await send(team.stage.ann, team.stage.site.url("mp4"))
        await status(team.stage.ann, link, "Queued")
        await team.stage.stop()
        for machine in team.transfers:
            await machine.start()
        await delivered(team, team.stage.ann, [link], "mp4")
        await team.stage.start()
        await logged_once(team, 1)


async def test_a_restart_is_one_of_every_process_and_loses_nothing() -> None:
    async with machines(1, STOP_GRACE="0") as team:
        ann = team.stage.ann
        link = await send(ann, team.stage.site.url("big-8.mp4", rate=2_000_000))
        await status(ann, link, "B of")
        everybody = [team.stage, *team.transfers]
        ids = [process.processes()[0].pid for process in everybody]
        await ann.says("/restart")
        question = await ann.expect("Shall I restart?")
        await ann.press(question, "Restart")
        told = await ann.expect("Restarted, it took")
        assert told.id == question.id
        for process in everybody:
            async with asyncio.timeout(PATIENCE):
                while process.log_bytes().count(b" ready as @") < 2:
                    await asyncio.sleep(0.02)
            assert process.log_bytes().count(b" stopped") == 1, process.log_tail()
        # In the place of the old ones, so that whoever started them sees no end.
        assert [process.processes()[0].pid for process in everybody] == ids
        await delivered(team, ann, [link], "big-8.mp4")
        await logged_once(team, 1)
        assert len([seen for seen in ann.messages if "Restarted" in seen.text]) == 1
        assert [await process.stop() for process in everybody] == [0] * len(everybody)
        assert all(process.log_bytes().count(b" ready as @") == 2 for process in everybody)
