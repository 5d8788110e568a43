"""A child that does not keep to the protocol."""

from pathlib import Path

import pytest

from medusa.errors import MediaChildDied, SourceUnreachable
from medusa.media import group
from medusa.media import source as source_module
from medusa.media.source import Source
from tests.site import Site

START = "import sys, os, struct; w = sys.stdout.buffer.write; sys.stdin.buffer.read();"
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
async def test_is_a_child_that_died(
    program: str, source: Source, site: Site, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group, "_BOOT", START + program)
    with pytest.raises(MediaChildDied) as caught:
        await source.probe(site.url("mp4"))
    assert len(caught.value.detail) < 10_000
    assert list(base.iterdir()) == []


async def test_a_child_that_never_answers(
    source: Source, site: Site, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group, "_BOOT", "import time; time.sleep(60)")
    monkeypatch.setattr(source_module, "PROBE_TIME", 0.3)
    with pytest.raises(SourceUnreachable):
        await source.probe(site.url("mp4"))
    assert list(base.iterdir()) == []
