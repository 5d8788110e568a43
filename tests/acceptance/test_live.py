"""A broadcast: how much of it is asked, and what is recorded by the end comes as a video that plays."""

import pytest

from tests.acceptance.talk import answers, end, logged, nothing_left, send, status
from tests.dc.seen import Seen
from tests.machines import machines
from tests.site.inspect import inspect
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def recording(stage: Stage) -> tuple[Seen, Seen]:
    """The link, and its status as soon as there is something to keep."""
    stage.site.broadcast.is_over, stage.site.broadcast.steps = False, True
    link = await send(stage.ann, stage.site.url("live"))
    question = await status(stage.ann, link, "This is live now.")
    await stage.ann.press(question, "Until I stop")
    return link, await status(stage.ann, link, "Recording")


async def delivered(stage: Stage, link: Seen) -> None:
    """The link is answered with a video that plays, in the log channels too."""
    last = await end(stage.ann, link)
    assert last.text.startswith("✅"), f"{last.text}\n{stage.log_tail()}"
    assert last.buttons == ()
    (answer,) = answers(stage.ann, link)
    assert answer.media is not None
    assert answer.media.kind == "video"
    report = inspect(stage.dc.file(answer.media.file_id).bytes)
    assert (report.is_faststart, report.seeks, report.errors) == (True, True, 0)
    assert report.duration == pytest.approx(answer.media.duration, abs=1)
    await logged(stage.logs[0], stage.site.url("live"))
    await nothing_left(stage)


async def test_stopped_and_kept(stage: Stage) -> None:
    link, running = await recording(stage)
    answer = await stage.ann.press(running, "Stop and keep")
    assert answer.text == "Closing the file …"
    await delivered(stage, link)


async def test_to_its_end(stage: Stage) -> None:
    link, _ = await recording(stage)
    stage.site.broadcast.is_over = True
    await delivered(stage, link)


async def test_when_the_bot_is_stopped(stage: Stage) -> None:
    link, _ = await recording(stage)
    await stage.stop()
    await stage.start()
    await delivered(stage, link)


@pytest.mark.slow
async def test_cancelled(stage: Stage) -> None:
    link, running = await recording(stage)
    await stage.ann.press(running, "Cancel")
    assert (await end(stage.ann, link)).text.startswith("🚫")
    assert answers(stage.ann, link) == []
    await nothing_left(stage)


@pytest.mark.slow
async def test_kept_although_another_process_records_it() -> None:
    async with machines(1) as team:
        link, running = await recording(team.stage)
        await team.stage.ann.press(running, "Stop and keep")
        await delivered(team.stage, link)
