"""How this process is, for whoever asks. Knows nothing of HTTP."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple

from medusa.counters import Counters
from medusa.health import Health
from medusa.versions import Versions
from medusa.vitals import Finding, Mark, Problem, Vital
from medusa.web.remembered import Remembered

NEEDED = (Vital.TELEGRAM, Vital.DATABASE, Vital.BROKER, Vital.DISK)
"""Without any of these nothing can be done for anybody."""
READY_SECONDS = 1.0
FIGURES_SECONDS = 5.0
"""How old an answer may be. Who asks more often than that asks nobody but this process."""


class Phase(StrEnum):
    """Of the life of a process."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"


class Readiness(NamedTuple):
    """Whether this process can do its work."""

    phase: Phase
    parts: dict[str, bool]
    """What it depends on, and whether that is well; empty unless it runs."""

    @property
    def is_ready(self) -> bool:
        """Everything is well."""
        return self.phase is Phase.RUNNING and all(self.parts.values())


class Subject(NamedTuple):
    """What there is to tell of a process that runs."""

    health: Health
    counters: Counters
    versions: Callable[[], Versions]
    duty: str


class Figures(NamedTuple):
    """What is known of a process at one moment."""

    findings: tuple[Finding, ...]
    counters: Counters
    versions: Versions
    duty: str
    today: date


def is_well(finding: Finding) -> bool:
    """Whether work can be done with it. Without Redis it is done, but late: that is not well either."""
    return finding.mark is not Mark.BAD and finding.problem is not Problem.AWAY


class Status:
    """Of one process, from before its start to its end."""

    def __init__(self, stop: asyncio.Event) -> None:
        """`stop`: set when the process is to end."""
        self._stop = stop
        self._subject: Subject | None = None
        self._parts = Remembered(self._look_at_parts, seconds=READY_SECONDS)
        self._figures = Remembered(self._look_at_everything, seconds=FIGURES_SECONDS)

    def begin(self, subject: Subject) -> None:
        """The process is there, and this is what to look at."""
        self._subject = subject

    async def readiness(self) -> Readiness:
        """Whether it can do its work now; a second old at the most."""
        phase = self._phase()
        return Readiness(phase, await self._parts.get() if phase is Phase.RUNNING else {})

    async def figures(self) -> Figures | None:
        """Everything that can be counted; None: it has not started. What does not answer is left out."""
        return None if self._subject is None else await self._figures.get()

    def versions(self) -> Versions | None:
        """None: it has not started."""
        return None if self._subject is None else self._subject.versions()

    def close(self) -> None:
        """Look at nothing more."""
        self._parts.close()
        self._figures.close()

    def _phase(self) -> Phase:
        if self._stop.is_set():
            return Phase.STOPPING
        return Phase.STARTING if self._subject is None else Phase.RUNNING

    async def _look_at_parts(self) -> dict[str, bool]:
        return {
            finding.vital.value: is_well(finding) for finding in await self._begun.health.findings(*NEEDED)
        }

    async def _look_at_everything(self) -> Figures:
        subject = self._begun
        findings = tuple(await subject.health.findings())
        return Figures(findings, subject.counters, subject.versions(), subject.duty, datetime.now(UTC).date())

    @property
    def _begun(self) -> Subject:
        if self._subject is None:
            raise RuntimeError("nobody looks before the start")
        return self._subject
