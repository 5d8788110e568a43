"""Real pip, real wheels from a directory, real media children: what works gets its place, nothing else."""

import asyncio
import fcntl
import os
from collections.abc import Mapping
from contextlib import aclosing
from pathlib import Path

import pytest

from medusa.errors import NotInstalled, ReleaseBroken
from medusa.media import pip
from medusa.media.engine import Engine
from medusa.media.installer import Installer
from medusa.media.nursery import Nursery
from medusa.media.pip import Pip
from medusa.media.sample import LIST, PAGE, reply
from medusa.media.source import Source
from medusa.media.trial import Trial
from medusa.release import Step
from tests import releases
from tests.integration.media.fetching import fetch, is_gone, probe
from tests.releases import CRASHING, NEWER, OTHER, UNLOADABLE
from tests.site import Site

EJS = "0.9.1"
WITHOUT_PACKAGES = "import sys; sys.path[:] = [one for one in sys.path if 'site-packages' not in one]; "


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Variables of an index with releases that work and that do not."""
    directory = tmp_path_factory.mktemp("index")
    found = releases.fill(directory)
    releases.build(directory, "2026.9.1", {"requests/__init__.py": ""})
    releases.build(directory, "2026.9.2", {"yt_dlp/version.py": releases.version_file("2020.1.1")})
    return found


@pytest.fixture(scope="module")
def stubs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Of one whose releases are empty."""
    directory = tmp_path_factory.mktemp("stubs")
    for version in (NEWER, OTHER, UNLOADABLE):
        releases.build_stub(directory, version)
    releases.build_stub(directory, "2026.9.3", ejs=EJS)
    releases.build_ejs(directory, EJS)
    releases.build_stub(directory, "2026.9.4", ejs="9.9.9")
    return releases.variables(directory)


class Passing(Trial):
    """A trial that notes what it is given."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.tried: list[str] = []
        self._problem = problem

    async def run(self, version: str, directory: Path) -> None:
        self.tried.append(f"{version}: {', '.join(sorted(await asyncio.to_thread(os.listdir, directory)))}")
        if self._problem is not None:
            raise self._problem


def installer(tmp_path: Path, index: Mapping[str, str], trial: Trial | None = None) -> Installer:
    return Installer(tmp_path / "yt-dlp", Pip(index), trial or Trial(tmp_path / "jobs"))


def shelf(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "yt-dlp").iterdir())


async def test_a_release_passes_and_fetches_links(
    tmp_path: Path, index: Mapping[str, str], site: Site
) -> None:
    steps: list[tuple[Step, str]] = []
    one = installer(tmp_path, index)
    assert await one.find(NEWER) == ""
    assert await one.install(NEWER, lambda *step: steps.append(step)) == NEWER
    assert steps == [(Step.INSTALLING, NEWER), (Step.TRYING, NEWER)]
    assert shelf(tmp_path) == [NEWER, "lock"]
    assert list((tmp_path / "jobs").iterdir()) == []
    directory = await one.find(NEWER)
    assert directory == str(tmp_path / "yt-dlp" / NEWER)
    engine = Engine()
    engine.use(NEWER, directory)
    async with aclosing(Nursery(engine)) as nursery:
        source = Source(tmp_path / "jobs", nursery, allow=[site.allow])
        assert len((await fetch(source, site.url("mp4"))).data) > 100_000
    assert engine.given_up is None


@pytest.mark.parametrize(
    ("version", "why"),
    [
        (UNLOADABLE, "ImportError: a module is missing"),
        (CRASHING, "SystemError: broken inside"),
        ("2026.9.2", "it says that it is 2020.01.01"),
        ("2026.9.1", "holds more than yt-dlp: requests"),
    ],
)
async def test_a_broken_release_never_gets_its_place(
    tmp_path: Path, index: Mapping[str, str], version: str, why: str
) -> None:
    with pytest.raises(ReleaseBroken, match=why) as caught:
        await installer(tmp_path, index).install(version, lambda step, version: None)
    assert caught.value.version == ("" if "holds" in why else version)
    assert shelf(tmp_path) == ["lock"]


async def test_the_scripts_come_with_a_release_that_needs_others(
    tmp_path: Path, stubs: Mapping[str, str]
) -> None:
    trial = Passing()
    one = installer(tmp_path, stubs, trial)
    await one.install("2026.9.3", lambda step, version: None)
    await one.install(NEWER, lambda step, version: None)
    about = "yt_dlp-{0}.dist-info"
    assert trial.tried == [
        f"2026.9.3: yt_dlp, {about.format('2026.9.3')}, yt_dlp_ejs, yt_dlp_ejs-{EJS}.dist-info",
        f"{NEWER}: yt_dlp, {about.format(NEWER)}",
    ]
    with pytest.raises(NotInstalled, match=r"no yt-dlp-ejs 9\.9\.9"):
        await one.install("2026.9.4", lambda step, version: None)
    assert shelf(tmp_path) == [NEWER, "lock"]


async def test_the_newest_is_found_and_left_where_it_is_not_newer(
    tmp_path: Path, stubs: Mapping[str, str]
) -> None:
    trial = Passing()
    one = installer(tmp_path, stubs, trial)
    assert await one.install("", lambda step, version: None, newer_than=UNLOADABLE) == ""
    assert await one.install("", lambda step, version: None, newer_than=NEWER, avoid=UNLOADABLE) == ""
    assert trial.tried == []
    assert await one.install("", lambda step, version: None, newer_than=NEWER) == UNLOADABLE


async def test_of_older_ones_only_the_last_stays(tmp_path: Path, stubs: Mapping[str, str]) -> None:
    one = installer(tmp_path, stubs, Passing())
    kept = ""
    for version in (NEWER, OTHER, UNLOADABLE):
        await one.install(version, lambda step, version: None, keep=kept)
        kept = version
    assert shelf(tmp_path) == [OTHER, UNLOADABLE, "lock"]


async def test_what_lies_there_is_tried_again_and_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "yt-dlp" / NEWER).mkdir(parents=True)
    nowhere = {"PIP_NO_INDEX": "1"}
    assert await installer(tmp_path, nowhere, Passing()).install(NEWER, lambda *step: None) == NEWER
    with pytest.raises(ReleaseBroken):
        await installer(tmp_path, nowhere, Passing(ReleaseBroken())).install(NEWER, lambda *step: None)


async def test_one_installs_at_a_time_and_sweeps_what_a_killed_one_has_left(
    tmp_path: Path, stubs: Mapping[str, str]
) -> None:
    home = tmp_path / "yt-dlp"
    (home / "new-abc" / "yt_dlp").mkdir(parents=True)
    lock = os.open(home / "lock", os.O_CREAT | os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with pytest.raises(NotInstalled, match="Another process"):
        await installer(tmp_path, stubs, Passing()).install(NEWER, lambda *step: None)
    assert shelf(tmp_path) == ["lock", "new-abc"]
    os.close(lock)
    await installer(tmp_path, stubs, Passing()).install(NEWER, lambda *step: None)
    assert shelf(tmp_path) == [NEWER, "lock"]


async def test_an_index_that_cannot_be_reached(tmp_path: Path) -> None:
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": "/dev/null"}
    with pytest.raises(NotInstalled, match="cannot be reached"):
        await installer(tmp_path, {**nowhere, "PIP_RETRIES": "0"}).install("", lambda *step: None)


async def test_where_pip_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pip, "_BOOT", WITHOUT_PACKAGES + pip._BOOT)
    with pytest.raises(NotInstalled, match="pip is not installed"):
        await installer(tmp_path, {}).install("", lambda *step: None)


async def test_pip_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pip, "_BOOT", "import time; time.sleep(600)")
    with pytest.raises(NotInstalled, match="too slow"):
        await Pip({}, seconds=0.01).install("yt-dlp", tmp_path / "target")


async def test_pip_ends_with_all_that_it_has_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    boot = "import os, time; os.fork(); open(str(os.getpid()), 'w').close(); time.sleep(600)"
    monkeypatch.setattr(pip, "_BOOT", boot)
    installing = asyncio.create_task(Pip({}).install("yt-dlp", tmp_path / "target"))
    while len(started := list(tmp_path.iterdir())) < 2:
        await asyncio.sleep(0.01)
    installing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await installing
    assert [await is_gone(int(path.name)) for path in started] == [True, True]


async def test_a_probe_of_one_that_breaks_down_is_repeated_with_the_shipped_one(
    tmp_path: Path, index: Mapping[str, str], site: Site
) -> None:
    await installer(tmp_path, index, Passing()).install(UNLOADABLE, lambda *step: None)
    engine = Engine()
    engine.use(UNLOADABLE, str(tmp_path / "yt-dlp" / UNLOADABLE))
    async with aclosing(Nursery(engine)) as nursery:
        source = Source(tmp_path / "jobs", nursery, allow=[site.allow])
        assert (await probe(source, site.url("mp4"))).title == "video"
    assert engine.given_up == (UNLOADABLE, "ImportError: a module is missing")
    assert engine.in_use.is_shipped


@pytest.mark.parametrize(
    ("request_line", "status", "size"),
    [
        (f"GET {PAGE} HTTP/1.1", "200 OK", 80),
        (f"HEAD {LIST} HTTP/1.1", "200 OK", 0),
        ("GET /../etc/passwd HTTP/1.1", "404 Not Found", 0),
        ("", "404 Not Found", 0),
    ],
)
def test_the_sample_site(request_line: str, status: str, size: int) -> None:
    head, _, body = reply(f"{request_line}\r\n\r\n".encode()).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status}".encode())
    assert len(body) == size
