"""The bot as its platform sees it: started, told to stop, killed."""

import asyncio
import time

import pytest

from tests.acceptance.talk import answers, end, fetch, send, status
from tests.stage import ROOT, BotFailed, Stage


@pytest.mark.slow  # like test_restart.py
async def test_sigterm_ends_it_cleanly_and_the_next_start_finishes_the_work() -> None:
    async with Stage() as stage:
        link = await send(stage.ann, stage.site.url("big-40.mp4", rate=6_000_000))
        await status(stage.ann, link, "MB of")
        began = time.monotonic()
        assert await stage.stop() == 0, stage.log_tail()
        assert time.monotonic() - began < 10
        assert stage.leftovers() == []
        assert stage.job_files() == []
        assert b"Traceback" not in stage.log_bytes(), stage.log_tail()
        await stage.start()
        assert (await end(stage.ann, link)).text.startswith("✅")
        (answer,) = answers(stage.ann, link)
        assert answer.media is not None
        assert stage.dc.file(answer.media.file_id).sha256 == stage.site.sha256("big-40.mp4")


@pytest.mark.slow  # tests/integration/media/test_cleanup.py kills one, too
async def test_a_bot_that_is_killed_leaves_no_process() -> None:
    async with Stage() as stage:
        links = [
            await send(stage.ann, stage.site.url(source, rate=4_000_000))
            for source in ("big-40.mp4", "hls-big")
        ]
        for link in links:
            await status(stage.ann, link, "MB")
        assert stage.media_children()
        await stage.kill()
        async with asyncio.timeout(5):
            while stage.leftovers():
                await asyncio.sleep(0.02)


async def test_messages_from_while_it_was_away_are_answered() -> None:
    async with Stage() as stage:
        await fetch(stage, stage.ann, stage.site.url("mp4"))
        await stage.stop()
        link = await send(stage.ann, stage.site.url("mp3"))
        await stage.start()
        assert (await end(stage.ann, link)).text.startswith("✅")


async def test_what_is_missing_is_named_without_a_traceback() -> None:
    process = await asyncio.create_subprocess_exec(
        str(ROOT / ".venv/bin/python") if (ROOT / ".venv/bin/python").exists() else "python",
        str(ROOT / "app.py"),
        cwd="/tmp",
        env={"PATH": "/usr/bin:/bin", "API_ID": "x"},
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert process.returncode == 2
    assert b"BOT_TOKEN is missing" in said
    assert b'API_ID: "x" is not a whole number' in said
    assert b"Traceback" not in said


async def test_a_token_that_telegram_refuses_is_named() -> None:
    with pytest.raises(BotFailed, match="BOT_TOKEN is not accepted by Telegram"):
        async with Stage(BOT_TOKEN="7000001:" + "B" * 35):
            pass
