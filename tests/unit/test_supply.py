"""What production installs is named down to the last package and its bytes, and no import calls anybody."""

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
LEFT_OUT = {"pyaes"}
"""Has no wheel, and kurigram imports it only where tgcrypto is missing."""
OLDEST = {"python_version": "3.11", "python_full_version": "3.11.0"}

GUARD = """
import importlib, os, pkgutil, sys

def guard(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        # Not an exception: a module may catch those.
        print(f"{event} at the import of {name}: {arguments[-1]!r}", flush=True)
        os._exit(1)

sys.addaudithook(guard)
names = ["app"]
for package in ("medusa", "plugins"):
    name = package
    folders = importlib.import_module(package).__path__
    names += [found.name for found in pkgutil.walk_packages(folders, f"{package}.")]
for name in sys.argv[1:] or names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
        print(name)
"""


def pins(name: str) -> dict[str, str]:
    """The version of each package that a file names."""
    return {canonicalize_name(found): version for found, version in PIN.findall((ROOT / name).read_text())}


def requires(name: str) -> list[str]:
    """What an installed package asks for; nothing for one that only an older Python has."""
    try:
        return distribution(name).requires or []
    except PackageNotFoundError:
        return []


def needed(name: str) -> set[str]:
    """A package, and whatever its installed version needs on Linux."""
    found: set[str] = set()
    waiting = [Requirement(name)]
    while waiting:
        wanted = waiting.pop()
        key = canonicalize_name(wanted.name)
        if key in found and not wanted.extras:
            continue
        found.add(key)
        for line in requires(wanted.name):
            requirement = Requirement(line)
            marker = requirement.marker
            extras = wanted.extras or {""}
            if marker is None or any(marker.evaluate({**OLDEST, "extra": extra}) for extra in extras):
                waiting.append(requirement)
    return found


# --- the lock -------------------------------------------------------------------------------------


def test_every_package_of_the_locks_has_hashes() -> None:
    for name in ("requirements.lock", "requirements-mongod.lock"):
        text = (ROOT / name).read_text()
        entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
        shape = re.compile(r"\S+==\S+( \\\n    --hash=sha256:[0-9a-f]{64})+")
        assert entries
        assert [entry for entry in entries if not shape.fullmatch(entry)] == [], name


def test_the_lock_has_the_pins_of_the_requirements() -> None:
    direct, locked = pins("requirements.txt"), pins("requirements.lock")
    assert direct
    assert {name: locked.get(name) for name in direct} == direct, "run ./scripts/lock"
    dev, mongod = pins("requirements-dev.txt"), pins("requirements-mongod.lock")
    assert {name: dev.get(name) for name in mongod} == mongod, "run ./scripts/lock"


def test_the_lock_names_whatever_they_need_and_nothing_else() -> None:
    wanted = {found for name in pins("requirements.txt") for found in needed(name)}
    assert set(pins("requirements.lock")) == wanted - LEFT_OUT, "run ./scripts/lock"
    assert wanted >= LEFT_OUT


def test_no_line_of_the_requirements_is_open() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#") and not PIN.match(line)] == []


# --- imports --------------------------------------------------------------------------------------


def imported(*names: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Import these modules, by default all of ours, where the network is out of bounds."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", GUARD, *names],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_no_module_calls_anybody_when_it_is_imported() -> None:
    done = imported()
    assert done.returncode == 0, done.stdout[-300:] + done.stderr[-2000:]
    assert {"app", "medusa.media.proxy", "medusa.charts.drawing", "plugins.links"} <= set(done.stdout.split())


@pytest.mark.parametrize(
    "call",
    ["create_connection(('127.0.0.1', 9))", "getaddrinfo('x', 1)", "gethostbyname('x')"],
)
def test_one_that_did_would_be_found(call: str, tmp_path: Path) -> None:
    (tmp_path / "chatty.py").write_text(
        f"import socket\ntry:\n    socket.{call}\nexcept Exception:\n    pass\n"
    )
    done = imported("chatty", cwd=tmp_path)
    assert (done.returncode, "at the import of chatty" in done.stdout) == (1, True)
