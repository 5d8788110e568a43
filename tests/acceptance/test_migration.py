"""A switch from another bot: its data are taken over while ours is stopped, and people go on as before."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from medusa.storage.embedded import embedded_mongod
from medusa.storage.mongo import connected
from tests.acceptance.talk import end, send
from tests.stage import ROOT, BotFailed, Stage

PATIENCE = 20.0


async def migrate(stage: Stage, *arguments: str) -> str:
    """./scripts/migrate where the bot runs; what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "medusa.migration", *arguments),
        cwd=stage.home,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **stage.variables},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


def export(directory: Path, person: int, log: int, url: str) -> None:
    """What another bot has left."""
    directory.mkdir()
    (directory / "users.csv").write_text(f"id,telegram_id,first_name,is_authorized\n1,{person},Bob,true\n")
    (directory / "channels.csv").write_text(f"channel_id,owner_id,is_log_channel\n{log},1,true\n")
    (directory / "downloads.csv").write_text(
        "id,user_id,url,original_filename,file_type,file_size_mb,status,created_at\n"
        f"9,1,{url},An old film,video,3.5,completed,2025-06-30 12:00:00\n"
    )


async def test_people_go_on_as_before() -> None:
    async with Stage(log_channels=0, PUBLIC="false") as stage:
        bob, log = stage.person("Bob", "bob"), stage.log_channel("Log")
        await stage.stop()
        export(stage.home / "old", bob.id, log.id, stage.site.url("mp4"))
        assert "all 3 records are there" in await migrate(stage, "files", "old", "--apply")
        await stage.start()
        link = await send(bob, stage.site.url("mp3"))
        assert (await end(bob, link)).text.startswith("✅")
        async with asyncio.timeout(PATIENCE):
            while not any(post.media for post in log.messages):
                await asyncio.sleep(0.02)
        await bob.says("/history")
        page = await bob.expect("Your downloads")
        assert "2. ✅ An old film\n2025-06-30 · 127.0.0.1 · 3.7 MB" in page.text
        # Where its message was is not known, so the link is fetched again.
        await bob.press(page, "🔁 2")
        again = await bob.expect(lambda seen: bool(seen.media) and seen.id > page.id, timeout=PATIENCE)
        assert again.media is not None
        assert again.media.name == "video.mp4"
        await stage.ann.says("/log_channels")
        await stage.ann.expect("Log")
        assert log.title in stage.ann.messages[-1].text, "its title was asked for"


@pytest.mark.slow  # tests/integration/store/test_schema.py says the same of the database alone
async def test_a_database_of_a_newer_bot_is_refused() -> None:
    async with Stage() as stage:
        await stage.stop()
        async with embedded_mongod(stage.home / "data" / "mongo") as uri, connected(uri, "medusa") as store:
            await store.schema.set_version(store.schema.newest + 1)
        with pytest.raises(BotFailed, match="it ended with 2"):
            await stage.start()
        assert b"A newer Medusa has made this data: it has version" in stage.log_bytes()
        assert b"Traceback" not in stage.log_bytes()
