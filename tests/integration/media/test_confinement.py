"""What a media child may do, and how it is started."""

import asyncio
import os
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

FORBIDDEN = {
    "connect elsewhere": "socket.create_connection(('127.0.0.1', 9))",
    "connect to a socket file": "socket.socket(socket.AF_UNIX).connect('/run/x')",
    "listen": "socket.socket().bind(('127.0.0.1', 0))",
    "write elsewhere": "open('/tmp/medusa-was-here', 'w')",
    "write beside its directory": "open('../x', 'w')",
    "start a program": "subprocess.run(['/bin/true'])",
    "start a shell": "os.system('true')",
    "become another program": "os.execv('/bin/true', ['true'])",
}
ALLOWED = {
    "write in its directory": "open('x', 'w').write('y')",
    "read": "open('/etc/hostname').read()",
    "write to nowhere": "open(os.devnull, 'w').write('y')",
    "fail to start deno": "subprocess.run(['./deno'], check=False)",
}
PROGRAM = """
import os, socket, subprocess, sys
sys.path.append({root!r})
from medusa.media.child import confine
confine.limit_resources(300 * 1024 * 1024)
confine.watch('http://127.0.0.1:1')
{action}
"""


async def run(action: str, home: Path) -> str:
    root = str(Path(__file__).parents[3])
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", PROGRAM.format(root=root, action=action)),
        cwd=home,
        stderr=subprocess.PIPE,
    )
    _, errors = await process.communicate()
    return errors.decode()


@pytest.mark.parametrize("action", FORBIDDEN.values(), ids=FORBIDDEN.keys())
async def test_forbidden(action: str, tmp_path: Path) -> None:
    assert "PermissionError" in await run(action, tmp_path)


@pytest.mark.parametrize("action", ALLOWED.values(), ids=ALLOWED.keys())
async def test_allowed(action: str, tmp_path: Path) -> None:
    assert "PermissionError" not in await run(action, tmp_path)


async def test_a_file_that_grows_too_large(tmp_path: Path) -> None:
    assert "File too large" in await run("f = open('x', 'wb'); f.truncate(80_000_000)", tmp_path)


async def test_memory_that_grows_too_large(tmp_path: Path) -> None:
    assert "MemoryError" in await run("x = bytearray(400_000_000)", tmp_path)


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
