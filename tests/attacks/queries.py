"""What is asked of the database: operators are the program's, never somebody's."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pymongo.monitoring import CommandListener

from tests.attacks.tokens import MARK

ROOT = Path(__file__).parents[2]
DRIVERS = {"$db", "$clusterTime", "$readPreference"}


def ours() -> frozenset[str]:
    """The operators that stand in the program itself."""
    source = "\n".join(file.read_text() for file in (ROOT / "medusa" / "storage").glob("*.py"))
    return frozenset(re.findall(r"[\"'](\$[a-zA-Z]+)[\"']", source)) | DRIVERS


class Queries(CommandListener):
    """Looks at each command before it is sent."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._ours = ours()

    def started(self, event: Any) -> None:
        """A command is about to be sent."""
        for problem in problems(event.command, self._ours):
            self._note(f"{event.command_name}: {problem}")

    def succeeded(self, event: Any) -> None:
        """It worked."""

    def failed(self, event: Any) -> None:
        """It did not, which the program sees itself."""


def problems(document: Any, operators: frozenset[str]) -> Iterator[str]:
    """Keys that somebody has chosen, and operators that the program does not have."""
    waiting = [document]
    while waiting:
        match waiting.pop():
            case Mapping() as inner:
                for key, value in inner.items():
                    if MARK in key or (key.startswith("$") and key not in operators):
                        yield f"the key {key[:60]!r} is somebody's"
                    waiting.append(value)
            case list() as several:
                waiting += several
