"""The demo names what it plays, tells the truth about how it went, and shows chats as people read them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import cast

import pytest

from tests.dc import DataCenter, Options
from tests.demo.__main__ import NAMES, main
from tests.demo.chats import Chats, Said, Who
from tests.demo.scenes import Scene, perform
from tests.stage import Stage

FEATURES = (
    *("batch", "batch-questions", "batch-pause", "batch-retry", "batch-restart", "batch-channel", "playlist"),
    *("audio-mp3", "section", "rename", "subtitles", "subtitles-file", "live", "photo", "album"),
    *("settings", "caption", "thumbnail", "channel", "topic", "cookies", "sources"),
    *("text-tools", "tasks", "history"),
)
"""What issue 5 wants to see, by name."""


def test_every_case_has_a_name_of_its_own_and_is_listed_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["demo", "--list"])
    assert main() == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == list(NAMES)
    assert len(set(listed)) == len(listed)
    assert set(FEATURES) <= set(listed)


def test_an_unknown_case_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["demo", "--case", "nonsense"])
    with pytest.raises(SystemExit):
        main()
    assert "there is no case nonsense" in capsys.readouterr().err


@asynccontextmanager
async def bare_stage() -> AsyncIterator[Stage]:
    """A stage on which nothing is."""
    telegram = SimpleNamespace(take_violations=list, unhandled=["messages.Nonsense"], stats=dict)
    yield cast(Stage, SimpleNamespace(dc=telegram))


async def in_vain(stage: Stage) -> None:
    """A conversation that goes wrong."""
    wanted, got = 1, 2
    assert wanted == got, "it came twice"


async def test_what_goes_wrong_is_told_with_its_place() -> None:
    verdict = await perform(Scene("vain", "In vain", (in_vain,), bare_stage), lambda stage: None)
    assert not verdict.ok
    method, failure = verdict.problems
    assert method == "messages.Nonsense"
    assert "it came twice" in failure
    assert "test_demo.py" in failure
    assert "assert wanted == got" in failure
    assert verdict.to_json().keys() == {"name", "kind", "ok", "seconds", "problems"}


async def test_the_chat_is_told_as_it_goes_on() -> None:
    async with DataCenter(Options()) as dc:
        ann, bot = dc.person("Ann"), dc.bot("Medusa", username="medusa_bot", token="7000001:" + "A" * 35)
        log = dc.channel("Log", admins=[bot])
        chats, told = Chats([log.state]), list[Said]()
        dc.core.world.subscribers.append(lambda happening: told.extend(chats.read(happening)))
        ann.chat(bot)
        said = await ann.says("one\ntwo")
        await ann.edits(said, "one\nthree")
        await ann.deletes(said)
        await log.posts("a card\nwith facts")
    assert [(one.who, one.mark, one.lines) for one in told] == [
        (Who.NOBODY, "", ("— Ann and Medusa —",)),
        (Who.PERSON, " ", ("one", "two")),
        (Who.PERSON, "✎", ("three",)),
        (Who.PERSON, "✗", ("(one)",)),
        (Who.NOBODY, "←", ("a card",)),
    ]
