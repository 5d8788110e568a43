"""The demo, as somebody calls it: a file and a conversation, and what its JSON says of them."""

import asyncio
import json
import sys

import pytest

from tests.stage import ROOT


@pytest.mark.slow
async def test_a_file_and_a_conversation() -> None:
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.demo", "--json", "--case", "audio", "--case", "rename"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, screen = await demo.communicate()
    assert demo.returncode == 0, screen.decode()
    outcome = json.loads(printed)
    assert (outcome["ok"], outcome["violations"], outcome["flood_waits"]) == (True, 0, 0)
    file, conversation = outcome["cases"]
    assert (file["name"], file["kind"], file["identical"], file["log_copies"]) == ("audio", "audio", True, 2)
    assert (conversation["name"], conversation["kind"], conversation["ok"]) == (
        "rename",
        "conversation",
        True,
    )
    assert "Holiday pictures.zip" in screen.decode()
