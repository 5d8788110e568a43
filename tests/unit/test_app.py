"""How the process ends: for good, or to begin anew in its own place."""

import asyncio
import os
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest

import app
from medusa.errors import Cancelled, SettingsError


@pytest.mark.parametrize(
    ("is_told", "wants_restart", "status"), [(False, True, None), (True, True, 0), (True, False, 0)]
)
async def test_who_is_told_to_stop_does_not_begin_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_told: bool, wants_restart: bool, status: int | None
) -> None:
    async def serve(duty: object, settings: object, journal: object, stop: asyncio.Event) -> bool:
        if is_told:
            os.kill(os.getpid(), signal.SIGTERM)
            await stop.wait()
        return wants_restart

    prepare(monkeypatch, tmp_path)
    monkeypatch.setattr(app, "serve", serve)
    assert await app.main() == status


@pytest.mark.parametrize(("problem", "status"), [(Cancelled(), 0), (SettingsError("OWNER is no id."), 2)])
async def test_what_ends_it_has_a_status(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, problem: Exception, status: int
) -> None:
    async def serve(*_: object) -> bool:
        raise problem

    prepare(monkeypatch, tmp_path)
    monkeypatch.setattr(app, "serve", serve)
    assert await app.main() == status


def prepare(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Settings of nobody, and no log of its own."""
    monkeypatch.setattr(app, "duty_of", lambda words: None)
    monkeypatch.setattr(app, "load_settings", lambda duty: SimpleNamespace(data_dir=home))
    monkeypatch.setattr(app, "set_up_logging", lambda settings: None)
