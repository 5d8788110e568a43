"""The process that draws: pictures for phones, whatever the names; and its end, whatever happens."""

import asyncio
import io
import os
import sys
from pathlib import Path

import av
import psutil
import pytest

from medusa.charts.studio import Studio
from medusa.sheet import Form, PictureLost, Series, Sheet, Tone, Unit

NAMES = ("YouTube", "مرحبا بالعالم", "שלום", "🎬", "$x^2$", "x" * 500, "a\nb\u202ec", "")


def sheet(form: Form = Form.COLUMNS, *, count: int = 8, dark: bool = False, **fields: object) -> Sheet:
    """A picture of as many values."""
    values = tuple(float(10 * number) for number in range(1, count + 1))
    series = [Series(name="delivered", tone=Tone.GOOD, values=values)]
    if form is not Form.BARS:
        gaps = tuple(None if number % 3 == 0 else 5.0 for number in range(count))
        series.append(Series(name="failed", tone=Tone.BAD, values=gaps))
    drawn = Sheet(
        form=form,
        dark=dark,
        title="Downloads",
        subtitle="all of them",
        axis="Downloads a day",
        base="day (UTC)",
        unit=Unit.COUNT,
        labels=tuple(NAMES[number % len(NAMES)] for number in range(count)),
        notes=tuple("12" for _ in range(count)),
        series=tuple(series),
        empty="Nothing.",
    )
    return drawn.evolve(**fields)


def pixels(png: bytes) -> tuple[tuple[int, ...], tuple[int, int], int]:
    """The colour of the first pixel, width and height, and how many colours there are."""
    with av.open(io.BytesIO(png), "r") as container:
        found = next(container.decode(video=0)).to_ndarray(format="rgb24")
    colours = {tuple(one) for one in found[::7, ::7].reshape(-1, 3).tolist()}
    return tuple(found[0, 0].tolist()), (found.shape[1], found.shape[0]), len(colours)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the fonts are remembered from one test to the next."""
    return tmp_path_factory.mktemp("charts")


EMPTY = (Series(name="x", tone=Tone.GOOD, values=(0.0,) * 8),)


@pytest.mark.parametrize(
    ("drawn", "paper"),
    [
        (sheet(), (255, 255, 255)),
        (sheet(dark=True), (23, 33, 43)),
        (sheet(Form.BARS), (255, 255, 255)),
        (sheet(Form.LINES, count=62, unit=Unit.TIME), (255, 255, 255)),
        (sheet(Form.LINES, count=1, unit=Unit.SPEED), (255, 255, 255)),
        (sheet(count=1), (255, 255, 255)),
        (sheet(series=EMPTY), (255, 255, 255)),
        (sheet(labels=(), series=()), (255, 255, 255)),
    ],
    ids=["columns", "dark", "bars", "lines", "one point", "one column", "zeros", "nothing"],
)
async def test_a_picture_for_a_phone(home: Path, drawn: Sheet, paper: tuple[int, ...]) -> None:
    corner, size, colours = pixels(await Studio(home).draw(drawn))
    assert (corner, size) == (paper, (1080, 1080))
    assert colours > 3


async def test_what_takes_too_long_is_killed(tmp_path: Path) -> None:
    slow = _python(tmp_path, "exec sleep 60")
    with pytest.raises(PictureLost, match="not drawn in 0 s"):
        await Studio(tmp_path, seconds=0.2, python=slow).draw(sheet())
    assert not [one for one in psutil.Process().children() if "sleep" in one.name()]


async def test_one_that_writes_and_writes_is_killed_too(tmp_path: Path) -> None:
    chatter = _python(tmp_path, "while :; do printf %65536s x; done")
    with pytest.raises(PictureLost, match="not drawn"):
        await Studio(tmp_path, seconds=0.3, python=chatter).draw(sheet())
    assert not [one for one in psutil.Process().children() if one.cmdline()[1:2] == [chatter]]


async def test_who_is_cancelled_leaves_no_process_behind(tmp_path: Path) -> None:
    started = tmp_path / "started"
    slow = _python(tmp_path, f"echo > {started}; exec sleep 60")
    drawing = asyncio.create_task(Studio(tmp_path, python=slow).draw(sheet()))
    while not await asyncio.to_thread(started.exists):
        await asyncio.sleep(0.01)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    assert not [one for one in psutil.Process().children() if "sleep" in one.name()]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo no module named matplotlib >&2; exit 1", "exit code 1: no module named matplotlib"),
        ("echo not a picture", "exit code 0"),
    ],
)
async def test_a_process_that_fails_is_no_picture(tmp_path: Path, script: str, reason: str) -> None:
    with pytest.raises(PictureLost, match=reason):
        await Studio(tmp_path, python=_python(tmp_path, script)).draw(sheet())


async def test_a_python_that_is_not_there_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(PictureLost, match="cannot be started"):
        await Studio(tmp_path, python=str(tmp_path / "nothing")).draw(sheet())


async def test_the_process_has_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "secret")
    listing = tmp_path / "environment"
    with pytest.raises(PictureLost):
        await Studio(tmp_path, python=_python(tmp_path, f"env > {listing}")).draw(sheet())
    found = listing.read_text()
    assert "MPLCONFIGDIR" in found
    assert "secret" not in found


async def test_it_dies_with_its_parent() -> None:
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _ORPHAN), cwd=Path(__file__).parents[3], stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    async with asyncio.timeout(10):
        while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.01)


_ORPHAN = """
import os, subprocess, sys, time
from medusa.charts.studio import _BOOT, _ROOT
command = [sys.executable, "-I", "-c", _BOOT, str(os.getpid()), str(_ROOT)]
child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(child.pid, flush=True)
time.sleep(60)
"""


def _python(home: Path, script: str) -> str:
    """What takes the place of the interpreter."""
    path = home / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return os.fspath(path)
