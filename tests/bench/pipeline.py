"""From link to finished message: Medusa against the slower of its two lines, and against the usual way.

Source and Telegram each carry 20 MB/s. Nobody can be done before the slower line has carried the file once:
that is `max`, of a download to nowhere and an upload of as many bytes from memory. The latter is the uploader
alone: the bot itself on a fast source would bring its own probe and start into what it is measured against.
The usual way downloads to disk with yt-dlp, and uploads then.
"""

import asyncio
import json
import sys
import time
import urllib.request
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

from medusa.model import Frame
from medusa.upload.uploader import Uploader
from tests.bench.report import Say
from tests.bench.world import Arrived, World, world
from tests.dc.files import tree_sha256
from tests.dc.remote_chats import RemoteBot, RemotePerson
from tests.site.library import Library
from tests.uplink import uplink

MB = 300
FILE, SMALL_FILE = f"big-{MB}.mp4", "big-8.mp4"
RATE = 20_000_000
"""Bytes a second."""
ROUNDS = 5
"""Of about 80 s each."""
BLOCK = bytes(range(256)) * 1024


async def run(say: Say) -> dict[str, Any]:
    """The last line of `./scripts/bench pipeline --json`."""
    async with world(FILE, SMALL_FILE) as stage, _competition(stage) as competition:
        await competition.round(SMALL_FILE)
        await stage.dc.set_line(bandwidth=RATE)
        rounds = []
        for number in range(ROUNDS):
            rounds.append(await competition.round(FILE))
            times = ", ".join(f"{name} {seconds:.2f}" for name, seconds in rounds[-1].items())
            say(f"round {number + 1} of {ROUNDS}, seconds: {times}")
    return _figures({name: median(one[name] for one in rounds) for name in rounds[0]})


class Competition:
    """All who compete, on one stage, one after the other."""

    def __init__(self, stage: World, uploader: Uploader, ann: RemotePerson, bob: RemotePerson) -> None:
        """Ann talks to Medusa, Bob to the bot that goes the usual way."""
        self._stage = stage
        self._uploader = uploader
        self._ann, self._bob = ann, bob

    async def round(self, name: str) -> dict[str, float]:
        """Everybody brings this file in once; seconds."""
        source = await asyncio.to_thread(Library().file, name)
        size, expected = source.stat().st_size, await asyncio.to_thread(_tree, source)
        url = self._stage.site.url(name, rate=RATE)
        download = await _timed(asyncio.to_thread(_download, url))
        upload = await _timed(self._upload(size))
        stream = await self._stage.fetch(self._ann, url)
        usual = await self._stage.fetch(self._bob, url)
        for who, file in (("Medusa", stream), ("the usual way", usual)):
            assert file.tree_sha256 == expected, f"{who} brought something else"
        times = {"download": download, "upload": upload}
        return {**times, **_phases("stream", stream), **_phases("usual", usual)}

    async def _upload(self, size: int) -> None:
        await self._uploader.upload(_frames(size), head_window=0, on_acknowledged=lambda acknowledged: None)


@asynccontextmanager
async def _competition(stage: World) -> AsyncIterator[Competition]:
    dc = stage.dc
    uplink_bot = await dc.bot("Uplink", username="uplink_bot", token="7000002:" + "B" * 35)
    async with (
        _usual(stage) as usual_bot,
        uplink(dc.address, dc.key_file, uplink_bot.token) as account,
    ):
        ann, bob = await stage.person("Ann"), await stage.person("Bob", usual_bot)
        yield Competition(stage, account.uploader, ann, bob)


def _tree(source: Path) -> str:
    return tree_sha256(source.read_bytes())


def _phases(who: str, file: Arrived) -> dict[str, float]:
    """When the first part was there, when the last, and when the message."""
    return {
        f"{who} first part": file.first_part,
        f"{who} last part": file.last_part,
        who: file.message,
    }


async def _timed(work: Awaitable[None]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


async def _frames(size: int) -> AsyncIterator[Frame]:
    for offset in range(0, size, len(BLOCK)):
        yield Frame(offset, BLOCK[: size - offset])


def _download(url: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url) as answer:
        while answer.read(len(BLOCK)):
            pass


@asynccontextmanager
async def _usual(stage: World) -> AsyncIterator[RemoteBot]:
    """A bot that goes the usual way."""
    bot = await stage.dc.bot("Usual", username="usual_bot")
    host, port = stage.dc.address
    order = {"host": host, "port": port, "key": str(stage.dc.key_file), "token": bot.token}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.usual", json.dumps(order), stdin=PIPE, stdout=PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert await process.stdout.readline() == b"ready\n", "the usual bot did not start"
        yield bot
    finally:
        process.stdin.close()
        await process.wait()


def _figures(seconds: dict[str, float]) -> dict[str, Any]:
    best = max(seconds["download"], seconds["upload"])
    return {
        "mb": MB,
        "rate_mb_s": RATE // 1_000_000,
        "stream_s": round(seconds["stream"], 2),
        "max_s": round(best, 2),
        "usual_s": round(seconds["usual"], 2),
        "ratio_max": round(seconds["stream"] / best, 3),
        "ratio_usual": round(seconds["stream"] / seconds["usual"], 3),
        "first_part_s": round(seconds["stream first part"], 2),
    }
