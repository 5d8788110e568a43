"""What a media child may do, and how it is started."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from medusa.media.group import Group
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from tests.integration.media.fetching import probe
from tests.site import Site

FORBIDDEN_BY_BOTH = {
    "connect elsewhere": "socket.create_connection(('127.0.0.1', 9))",
    "listen": "socket.socket().bind(('127.0.0.1', 0))",
    "write elsewhere": "open('{elsewhere}/y', 'w')",
    "write beside its directory": "open('../y', 'w')",
    "read elsewhere": "open('{elsewhere}/x').read()",
    "read what is told of users": "open('/etc/passwd').read()",
    "read the environment of others": "open(f'/proc/{{os.getppid()}}/environ').read()",
    "remove elsewhere": "os.remove('{elsewhere}/x')",
    "remove beside an open directory": "os.remove('x', dir_fd=elsewhere)",
    "rename elsewhere": "os.rename('{elsewhere}/x', '{elsewhere}/y')",
    "take something in": "os.rename('{elsewhere}/x', 'x')",
    "give something out": "open('y', 'w').close(); os.rename('y', '{elsewhere}/y')",
    "link something in": "os.link('{elsewhere}/x', 'x')",
    "make a directory": "os.mkdir('{elsewhere}/z')",
    "cut a file off": "os.truncate('{elsewhere}/x', 0)",
    "signal its parent": "os.kill(os.getppid(), 0)",
    "start a program of its own": "shutil_copy('/bin/true', 'deno'); subprocess.run(['./deno'])",
}
FORBIDDEN_BY_HOOK = {
    "connect to a socket file": "socket.socket(socket.AF_UNIX).connect('/run/x')",
    "start a program": "subprocess.run(['/bin/true'])",
    "start a shell": "os.system('true')",
    "become another program": "os.execv('/bin/true', ['true'])",
    "fork": "os.fork()",
    "signal its parent's group": "os.killpg(os.getpgid(os.getppid()), 0)",
    "change rights elsewhere": "os.chmod('{elsewhere}/x', 0o777)",
    "link to elsewhere": "os.symlink('/etc/passwd', 'y')",
    "send a datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
}
FORBIDDEN_BY_KERNEL = {
    "open beside an open directory": "os.open('y', os.O_WRONLY | os.O_CREAT, dir_fd=elsewhere)",
    "read by native code": "ctypes.CDLL(None).fopen(b'{elsewhere}/x', b'r') or denied()",
    "write by native code": "ctypes.CDLL(None).fopen(b'{elsewhere}/y', b'w') or denied()",
    "signal by native code": "ctypes.CDLL(None).kill(os.getppid(), 0) and denied()",
    "read by a program": "subprocess.run(['/bin/cat', '{elsewhere}/x']).returncode and denied()",
}
ALLOWED = {
    "write in its directory": "open('x', 'w').write('y')",
    "change its directory": "os.mkdir('z'); open('z/x', 'w').close(); os.rename('z/x', 'y'); os.remove('y')",
    "clean up": "import tempfile\nwith tempfile.TemporaryDirectory(dir='.') as z: open(z + '/x', 'w')",
    "read what programs are made of": "import wave; open('/etc/hosts').read()",
    "write to nowhere": "open(os.devnull, 'w').write('y')",
    "use deno": "assert subprocess.run([DENO, '--version']).returncode == 0",
    "end what it has started": "subprocess.Popen([DENO, 'repl']).kill()",
}
HOOK = "Hook(port=1, home=os.getcwd(), readable=[os.path.realpath(p) for p in PROGRAMS]).set()"
KERNEL = "landlock.restrict(home=os.getcwd(), readable=PROGRAMS, port=1) or os._exit(77)"
BOTH = "confine.lock_up('http://127.0.0.1:1')"
WITHOUT_LANDLOCK = 77
PROGRAM = """
import ctypes, os, signal, socket, subprocess, sys
from shutil import copy as shutil_copy
sys.path.append({root!r})
from medusa.media.child import confine, landlock, limits
from medusa.media.child.hook import Hook
PROGRAMS = [*confine._READ_BY_ALL, *confine._programs()]
DENO = os.path.dirname(sys.executable) + '/deno'
elsewhere = os.open("{elsewhere}", os.O_RDONLY)
def denied(): raise PermissionError
{limit}
{layer}
{action}
"""


LIMIT = "limits.limit(300 * 1024 * 1024)"


async def run(action: str, base: Path, layer: str = BOTH, limit: str = LIMIT) -> str:
    """What it writes to its standard error; a test that the kernel cannot do is skipped."""
    home, elsewhere = base / "home", base / "elsewhere"
    for directory in (home, elsewhere):
        directory.mkdir()
    (elsewhere / "x").write_text("secret")
    words = {"root": str(Path(__file__).parents[3]), "elsewhere": elsewhere, "layer": layer, "limit": limit}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", PROGRAM.format(action=action.format(elsewhere=elsewhere), **words)),
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    _, errors = await process.communicate()
    if process.returncode == WITHOUT_LANDLOCK:
        pytest.skip("this kernel has no Landlock")
    assert (elsewhere / "x").read_text() == "secret"
    assert [path.name for path in elsewhere.iterdir()] == ["x"]
    return errors.decode() or f"exit code {process.returncode}"


@pytest.mark.parametrize("name", FORBIDDEN_BY_BOTH)
@pytest.mark.parametrize("layer", [HOOK, KERNEL], ids=["hook", "kernel"])
async def test_forbidden_by_each_layer(name: str, layer: str, tmp_path: Path) -> None:
    problem = await run(FORBIDDEN_BY_BOTH[name], tmp_path, layer)
    assert "PermissionError" in problem or "cross-device" in problem  # what Landlock says of links and moves


@pytest.mark.parametrize("name", FORBIDDEN_BY_HOOK)
async def test_forbidden_to_python(name: str, tmp_path: Path) -> None:
    assert "PermissionError" in await run(FORBIDDEN_BY_HOOK[name], tmp_path, HOOK)


@pytest.mark.parametrize("name", FORBIDDEN_BY_KERNEL)
async def test_forbidden_to_all_code(name: str, tmp_path: Path) -> None:
    assert "PermissionError" in await run(FORBIDDEN_BY_KERNEL[name], tmp_path, KERNEL)


@pytest.mark.parametrize("name", ALLOWED)
async def test_allowed(name: str, tmp_path: Path) -> None:
    assert await run(ALLOWED[name], tmp_path) == "exit code 0"


async def test_a_file_that_grows_too_large(tmp_path: Path) -> None:
    assert "File too large" in await run("f = open('x', 'wb'); f.truncate(80_000_000)", tmp_path)


async def test_memory_that_grows_too_large(tmp_path: Path) -> None:
    assert "MemoryError" in await run("x = bytearray(400_000_000)", tmp_path)


async def test_files_that_are_too_many(tmp_path: Path) -> None:
    assert "Too many open files" in await run("x = [open(os.devnull) for _ in range(300)]", tmp_path)


async def test_a_child_that_only_computes_is_ended(tmp_path: Path) -> None:
    short = f"limits._BREATH = 1; {LIMIT}"
    assert await run("while True: pass", tmp_path, limit=short) == f"exit code {-signal.SIGXCPU}"


async def test_a_child_that_delivers_goes_on(tmp_path: Path) -> None:
    short = f"limits._BREATH = 2; {LIMIT}"
    busy = "import time\nwhile time.process_time() < 2.6: limits.breathe()"
    assert await run(busy, tmp_path, limit=short) == "exit code 0"


async def test_a_group_has_its_own_session_and_directory_and_next_to_no_environment(
    tmp_path: Path, nursery: Nursery
) -> None:
    async with Group(tmp_path, nursery) as child:
        process = psutil.Process(child.pid)
        assert os.getsid(child.pid) == child.pid
        home = Path(process.cwd())
        assert home.parent == tmp_path
        assert home.stat().st_mode & 0o777 == 0o700
        assert {*process.environ()} <= {
            "PATH",
            "LANG",
            "MALLOC_ARENA_MAX",
            "MALLOC_MMAP_THRESHOLD_",
            "LC_CTYPE",
        }
    assert list(tmp_path.iterdir()) == []


async def test_a_child_has_nothing_open_but_its_own_wires(tmp_path: Path, nursery: Nursery) -> None:
    async with Group(tmp_path, nursery), Group(tmp_path, nursery) as child:
        await settled(child.pid)
        opened = {int(path.name) for path in Path(f"/proc/{child.pid}/fd").iterdir()}
        assert opened == {0, 1, 2, 3}


async def settled(pid: int) -> None:
    """Until it waits for its order."""
    while "unix_stream" not in Path(f"/proc/{pid}/wchan").read_text():
        await asyncio.sleep(0.01)


async def test_the_bot_never_loads_what_the_child_needs() -> None:
    code = "import sys, medusa.media.source, medusa.media.choose; print({'yt_dlp', 'av'} & {*sys.modules})"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=subprocess.PIPE)
    output, _ = await process.communicate()
    assert output.strip() == b"set()"


async def test_the_recipe_does_not_show(source: Source, site: Site) -> None:
    media = await probe(source, site.url("mp4"))
    assert media.recipe
    assert "recipe" not in repr(media)
