"""Looks at everything that leaves the bot: messages, log lines, queries; and at what goes wrong inside."""

import logging
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from loguru import logger
from pymongo.monitoring import CommandListener

from medusa.fault_box import FaultBox
from tests.attacks import cast


class Queries(CommandListener):
    def started(self, event: Any) -> None:
        pass

    def succeeded(self, event: Any) -> None:
        pass

    def failed(self, event: Any) -> None:
        pass


class Watch:
    """What was seen."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.unhandled = 0
        self.round = ""
        self.input: Any = None
        self.shown: deque[tuple[bytes, Any, int]] = deque()
        self.queries = Queries()

    def report(self) -> list[str]:
        return [f"{what}: {where}" for what, where in self.found.items()]

    def note(self, what: str) -> None:
        self.found.setdefault(
            what, f"round {self.round}: {str(self.input.updates[0]) if self.input else None}"[:3000]
        )

    def sees(self, query: Any) -> None:
        """A request to Telegram."""
        markup = getattr(query, "reply_markup", None)
        if markup is not None:
            for row in markup.rows:
                for button in row.buttons:
                    data = getattr(button.type, "data", None)
                    if data is not None:
                        self.shown.append((data, cast.peer_of(query.peer), getattr(query, "id", 900_001)))

    def faults(self, box: FaultBox) -> None:
        """What the bot has noted of its own faults."""
        for fault in box.take():
            self.unhandled += fault.count

    @contextmanager
    def logging(self) -> Iterator[None]:
        """Look at the log meanwhile; it is as before afterwards."""
        handlers, level, stderr, hook = logging.root.handlers, logging.root.level, sys.stderr, sys.excepthook
        lines: Any = Lines(self)
        sys.stderr = lines
        try:
            yield
        finally:
            sys.stderr = stderr
            sys.excepthook = hook
            logging.captureWarnings(False)
            logging.root.handlers = handlers
            logging.root.setLevel(level)
            logger.remove()


class Lines:
    """Takes the place of stderr."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def write(self, text: str) -> None:
        """One record."""
        if " ERROR " in text[:45] or "Traceback" in text or " CRITICAL " in text[:45]:
            lines = text.splitlines()
            self._watch.note("\n".join([lines[0][24:140], *lines[-8:]]))

    def flush(self) -> None:
        """Nothing waits."""
