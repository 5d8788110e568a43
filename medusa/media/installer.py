"""Releases of yt-dlp that lie beside the shipped one: installed, tried, and only then in their place."""

import asyncio
import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import metadata
from pathlib import Path

from medusa.errors import NotInstalled, ReleaseBroken, WrongArgument
from medusa.media.engine import SHIPPED_EJS
from medusa.media.pip import Pip
from medusa.media.trial import Trial
from medusa.release import Step, ejs_pin, is_newer, parsed

PACKAGES = frozenset({"yt_dlp", "yt_dlp_ejs"})
"""All that a release may hold: anything else would go before what the bot was shipped with."""
_LEFT_OUT = frozenset({"bin", "share"})
_FRESH = "new-"

OnStep = Callable[[Step, str], None]
"""Told what is done now, and of which version; empty: the newest, whichever that is."""


class Installer:
    """Safe to share, also between processes: one of them installs at a time."""

    def __init__(self, home: Path, pip: Pip, trial: Trial) -> None:
        """`home`: each release has a directory there, of its version's name."""
        self._home = home.absolute()
        self._pip = pip
        self._trial = trial

    async def find(self, version: str) -> str:
        """The directory of a release; empty when it is not there. What is there was tried."""
        place = self._home / version
        return str(place) if await asyncio.to_thread(place.is_dir) else ""

    async def install(
        self, version: str, on_step: OnStep, *, newer_than: str = "", avoid: str = "", keep: str = ""
    ) -> str:
        """Install and try a release, empty for the newest; its version.

        Empty when the newest is no newer than `newer_than`, or is the one to `avoid`. Of older ones, only
        `keep` stays. Raises NotInstalled, and ReleaseBroken: then nothing has changed.
        """
        try:
            async with self._alone():
                if version and await self.find(version):
                    on_step(Step.TRYING, version)
                    await self._trial.run(version, self._home / version)
                    return version
                fresh = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix=_FRESH, dir=self._home))
                try:
                    return await self._install(fresh, version, on_step, newer_than, avoid, keep)
                finally:
                    await asyncio.to_thread(shutil.rmtree, fresh, ignore_errors=True)
        except OSError as error:
            raise NotInstalled(f"My disk does not let me: {error.strerror}.", detail=repr(error)) from error

    async def _install(
        self, fresh: Path, version: str, on_step: OnStep, newer_than: str, avoid: str, keep: str
    ) -> str:
        on_step(Step.INSTALLING, version)
        await self._pip.install(f"yt-dlp=={version}" if version else "yt-dlp", fresh)
        found, ejs = await asyncio.to_thread(_read, fresh)
        if newer_than and (found == avoid or not is_newer(found, newer_than)):
            return ""
        if ejs is not None and ejs != SHIPPED_EJS:
            await self._pip.install(f"yt-dlp-ejs=={ejs}", fresh)
        await asyncio.to_thread(_check_contents, fresh)
        on_step(Step.TRYING, found)
        await self._trial.run(found, fresh)
        await asyncio.to_thread(self._put, fresh, found, keep)
        return found

    def _put(self, fresh: Path, version: str, keep: str) -> None:
        """Into its place. Children that run an older one may still load parts of it: `keep` stays."""
        if not (self._home / version).exists():
            fresh.rename(self._home / version)
        for other in self._home.iterdir():
            if other.is_dir() and other.name not in (version, keep):
                shutil.rmtree(other, ignore_errors=True)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """While no other process installs. What a killed one has left is removed. Raises NotInstalled."""
        lock = await asyncio.to_thread(self._lock)
        try:
            yield
        finally:
            os.close(lock)

    def _lock(self) -> int:
        self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self._home / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            raise NotInstalled("Another process is installing a yt-dlp at this moment.") from error
        for stale in self._home.glob(f"{_FRESH}*"):
            shutil.rmtree(stale, ignore_errors=True)
        return lock


def _read(directory: Path) -> tuple[str, str | None]:
    """The version that was installed, and the yt-dlp-ejs that it needs. Raises ReleaseBroken."""
    found = {one.name.lower(): one for one in metadata.distributions(path=[str(directory)])}
    if "yt-dlp" not in found:
        raise ReleaseBroken("What the package index sent is no yt-dlp.")
    try:
        version = parsed(found["yt-dlp"].version)
    except WrongArgument as error:
        raise ReleaseBroken("What the package index sent has a version that I cannot read.") from error
    return version, ejs_pin(found["yt-dlp"].requires or ())


def _check_contents(directory: Path) -> None:
    """Leave the packages only. Raises ReleaseBroken when there are others."""
    for entry in sorted(directory.iterdir()):
        if entry.name in _LEFT_OUT:
            shutil.rmtree(entry)
        elif entry.name not in PACKAGES and entry.suffix != ".dist-info":
            raise ReleaseBroken(f"What the package index sent holds more than yt-dlp: {entry.name[:40]}.")
