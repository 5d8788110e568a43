"""A child that does not keep to the protocol."""

import asyncio
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from medusa.errors import MediaChildDied, SourceUnreachable
from medusa.media import source as source_module
from medusa.media import wires
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from medusa.media.wires import Child
from tests.site import Site

START = "import sys, os, struct; w = sys.stdout.buffer.write; sys.stdin.buffer.read();"


class Strays(Nursery):
    """Children that are another program; records go to their standard output."""

    def __init__(self, program: str) -> None:
        super().__init__()
        self._program = program

    async def bear(self, home: Path) -> Child:
        child, ends = await wires.lay("")
        await asyncio.to_thread(self._start, home, *ends)
        await child.born()
        return child

    def _start(
        self,
        home: Path,
        orders: socket.socket,
        records: socket.socket,
        log: socket.socket,
        news: socket.socket,
    ) -> None:
        with orders, records, log:
            process = subprocess.Popen(
                [sys.executable, "-I", "-c", self._program],
                stdin=orders.fileno(),
                stdout=records.fileno(),
                stderr=log.fileno(),
                cwd=home,
                start_new_session=True,
            )
        news.sendall(b"born %d\n" % process.pid)
        threading.Thread(target=_tell_of_end, args=(process, news)).start()


def _tell_of_end(process: subprocess.Popen[bytes], news: socket.socket) -> None:
    with news:
        news.sendall(b"ended %d\n" % process.wait())


CHILDREN = {
    "garbage": "w(b'hello world, this is not a record')",
    "a record that is cut": "w(struct.pack('>BQI', 1, 0, 100) + b'x')",
    "a record without end": "w(struct.pack('>BQI', 1, 0, 2**31))",
    "an unknown type": "w(struct.pack('>BQI', 9, 0, 0))",
    "an error that is no JSON": "w(struct.pack('>BQI', 3, 0, 1) + b'x')",
    "an error that nobody knows": "w(struct.pack('>BQI', 3, 0, 15) + b'{\"error\": \"No\"}')",
    "a summary that is no media": "w(struct.pack('>BQI', 2, 0, 2) + b'{}')",
    "more behind the summary": "w(2 * (struct.pack('>BQI', 2, 0, 2) + b'{}'))",
    "an exit without a word": "os._exit(0)",
    "a failure without a word": "os._exit(3)",
    "a failure after the summary": "w(struct.pack('>BQI', 2, 0, 2) + b'{}'); sys.stdout.flush(); os._exit(3)",
    "a crash": "os.abort()",
    "a flood": "[w(struct.pack('>BQI', 1, 0, 2**20) + bytes(2**20)) for _ in range(100)]",
    "a flood of log": "sys.stderr.write('x' * 10**7); os._exit(3)",
}


@pytest.mark.parametrize("program", CHILDREN.values(), ids=CHILDREN.keys())
async def test_is_a_child_that_died(program: str, site: Site, base: Path) -> None:
    source = Source(base, Strays(START + program), allow=[site.allow])
    with pytest.raises(MediaChildDied) as caught:
        await source.probe(site.url("mp4"))
    assert len(caught.value.detail) < 10_000
    assert list(base.iterdir()) == []


async def test_a_child_that_never_answers(site: Site, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(base, Strays("import time; time.sleep(60)"), allow=[site.allow])
    monkeypatch.setattr(source_module, "PROBE_TIME", 0.3)
    with pytest.raises(SourceUnreachable):
        await source.probe(site.url("mp4"))
    assert list(base.iterdir()) == []
