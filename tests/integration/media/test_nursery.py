"""Children are forked from a mother, who is there when needed, and never left behind."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, suppress
from pathlib import Path

import psutil
import pytest

from medusa.media.engine import Engine
from medusa.media.group import Group
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from tests.integration.media.fetching import is_gone, probe
from tests.site import Site


@pytest.fixture
async def own() -> AsyncIterator[Nursery]:
    """Of one test alone."""
    async with aclosing(Nursery()) as nursery:
        yield nursery


def mother_of(pid: int) -> psutil.Process:
    found = psutil.Process(pid).parent()
    assert found is not None
    return found


async def test_children_have_one_mother_and_all_end_with_the_nursery(tmp_path: Path) -> None:
    nursery = Nursery()
    async with Group(tmp_path, nursery) as first, Group(tmp_path, nursery) as second:
        mother = mother_of(first.pid)
        assert mother == mother_of(second.pid)
        assert mother.ppid() == os.getpid()
        await nursery.aclose()
        assert not psutil.pid_exists(mother.pid)
        assert await is_gone(first.pid)
        assert await first.wait() == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []


async def test_after_the_death_of_a_mother_there_is_another(site: Site, base: Path, own: Nursery) -> None:
    source = Source(base, own, allow=[site.allow])
    async with Group(base, own) as child:
        mother_of(child.pid).kill()
        assert await child.wait() == -signal.SIGKILL
        assert (await probe(source, site.url("mp4"))).title == "video"
    assert list(base.iterdir()) == []


async def test_what_a_dying_mother_was_asked_for_the_next_one_does(tmp_path: Path, own: Nursery) -> None:
    async with Group(tmp_path, own) as child:
        mother = mother_of(child.pid)
    mother.suspend()
    asked = asyncio.ensure_future(own.bear(tmp_path))
    await asyncio.wait([asked], timeout=0.2)
    assert not asked.done()
    mother.kill()
    child = await asked
    assert mother_of(child.pid) != mother
    os.kill(child.pid, signal.SIGKILL)
    await child.close()


async def test_many_at_once_before_she_has_loaded_anything(tmp_path: Path, own: Nursery) -> None:
    own.prepare()
    async with AsyncExitStack() as stack:
        entering = [stack.enter_async_context(Group(tmp_path, own)) for _ in range(40)]
        children = await asyncio.gather(*entering)
        assert len({child.pid for child in children}) == 40
        assert len({mother_of(child.pid) for child in children}) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.01, 0.1, 0.3])
async def test_whoever_gives_up_leaves_nothing(tmp_path: Path, nursery: Nursery, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds), Group(tmp_path, nursery):
            await asyncio.Event().wait()
    mothers = await asyncio.to_thread(_children_of, os.getpid(), "child.mother")
    assert [child for mother in mothers for child in mother.children()] == []
    assert list(tmp_path.iterdir()) == []


def _children_of(pid: int, words: str) -> list[psutil.Process]:
    return [one for one in psutil.Process(pid).children() if words in " ".join(one.cmdline())]


async def test_another_yt_dlp_has_another_mother_and_the_old_one_waits_for_her_child(
    tmp_path: Path, own: Nursery
) -> None:
    async with Group(tmp_path / "jobs", own) as old:
        (tmp_path / "new").mkdir()
        own.engine.use("2026.11.20", str(tmp_path / "new"))
        async with Group(tmp_path / "jobs", own) as new:
            first, second = mother_of(old.pid), mother_of(new.pid)
            assert (old.ytdlp, new.ytdlp) == ("", str(tmp_path / "new"))
            assert first != second
            assert str(tmp_path / "new") in second.cmdline()
    while first.is_running() and first.status() != psutil.STATUS_ZOMBIE:
        await asyncio.sleep(0.01)
    assert second.is_running()


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import os; os._exit(3)", ""),
        ("import os; os.abort()", ""),
        ("import os, sys; print('torn', file=sys.stderr, flush=True); os._exit(0)", "torn"),
    ],
    ids=["ends", "crashes", "says why"],
)
async def test_a_yt_dlp_that_ends_her_is_given_up(
    tmp_path: Path, site: Site, program: str, words: str
) -> None:
    package = tmp_path / "torn" / "yt_dlp"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(program)
    engine = Engine()
    engine.use("2026.9.9", str(tmp_path / "torn"))
    async with aclosing(Nursery(engine)) as nursery:
        source = Source(tmp_path / "jobs", nursery, allow=[site.allow])
        assert (await probe(source, site.url("mp4"))).title == "video"
    assert engine.given_up is not None
    assert engine.given_up.version == "2026.9.9"
    assert words in engine.given_up.why
    assert engine.in_use.is_shipped
