"""A change of mind, at every stage: the work stops, and nothing of it is left."""

import asyncio

import pytest

from tests.acceptance.talk import answers, end, fetch, nothing_left, send, status
from tests.dc.seen import Seen
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def stopped(stage: Stage, link: Seen) -> None:
    """The person sees that it stopped; no process, file, message or half-sent file remains."""
    last = await end(stage.ann, link)
    assert last.text.startswith("🚫"), last.text
    assert last.buttons == ()
    assert answers(stage.ann, link) == []
    await nothing_left(stage)


@pytest.mark.parametrize(
    ("stage_name", "source", "faults", "mark"),
    [
        ("while it is looked at", "mp4", {"stall": 10}, "Queued"),
        ("while it streams", "big-40.mp4", {"rate": 4_000_000}, "MB of"),
        ("while it is put together", "hls-big", {"rate": 4_000_000}, "MB"),
        ("while the source stands still", "big-40.mp4", {"stall": 9_000_000}, "MB of"),
    ],
)
async def test_pressing_cancel(
    stage: Stage, stage_name: str, source: str, faults: dict[str, int], mark: str
) -> None:
    link = await send(stage.ann, stage.site.url(source, **faults))
    running = await status(stage.ann, link, mark)
    answer = await stage.ann.press(running, "Cancel")
    assert answer.text == "Stopping …"
    await stopped(stage, link)


async def test_cancel_instead_of_a_quality(stage: Stage) -> None:
    link = await send(stage.ann, stage.site.url("watch"))
    question = await status(stage.ann, link, "Which quality?")
    await stage.ann.press(question, "Cancel")
    await stopped(stage, link)
    # An app that has not heard of the change yet still shows the buttons.
    data = question.button("360p").data
    assert data is not None
    late = await stage.dc.core.callbacks.press(stage.ann.account, stage.ann.message_of(question), data, 10)
    assert late.text == "This button has done its work."


async def test_the_command_stops_what_runs_and_what_waits(stage: Stage) -> None:
    slow = [await send(stage.ann, stage.site.url("big-40.mp4", rate=400_000 + n)) for n in range(5)]
    for link in slow:
        await status(stage.ann, link, "Queued")  # only what was accepted can be stopped
    await stage.ann.expect("MB of")  # of whichever was taken up first
    await stage.ann.says("/cancel")
    assert "5 downloads" in (await stage.ann.expect("Stopping")).text
    for link in slow:
        await stopped(stage, link)
    await stage.ann.says("/cancel")
    await stage.ann.expect("no running or waiting downloads")


async def test_a_stranger_cannot_stop_it(stage: Stage) -> None:
    eve = stage.person("Eve", "eve")
    await eve.says("/start")
    link = await send(stage.ann, stage.site.url("big-40.mp4", rate=8_000_000))
    await status(stage.ann, link, "MB of")
    await eve.says("/cancel")
    await eve.expect("no running or waiting downloads")
    assert (await end(stage.ann, link)).text.startswith("✅")


async def test_the_connections_to_telegram_are_closed_in_the_end(stage: Stage) -> None:
    link = await send(stage.ann, stage.site.url("big-40.mp4", rate=4_000_000))
    await stage.ann.press(await status(stage.ann, link, "MB of"), "Cancel")
    await stopped(stage, link)
    open_ones = stage.dc.connections(media=True)
    assert open_ones
    await asyncio.gather(*(connection.gone.wait() for connection in open_ones))


async def test_afterwards_the_next_link_works(stage: Stage) -> None:
    link = await send(stage.ann, stage.site.url("big-40.mp4", rate=4_000_000))
    await stage.ann.press(await status(stage.ann, link, "Queued", "MB of"), "Cancel")
    await stopped(stage, link)
    _, file = await fetch(stage, stage.ann, stage.site.url("mp4"))
    assert file.sha256 == stage.site.sha256("mp4")
