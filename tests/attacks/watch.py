"""Looks at everything that leaves the bot: messages, log lines, queries; and at what goes wrong inside."""

import asyncio
import logging
import re
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from loguru import logger

from tests.attacks import cast, html, outgoing
from tests.attacks.queries import Queries

_HEAD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\S* (?P<level>[A-Z]+) +(?P<words>.*)")
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What forges a line, steers a terminal, or turns the direction of writing."""
_BAD = ("ERROR", "CRITICAL")
NEW = 900_000
"""Stands for the number of a message that is about to get one."""


class Watch:
    """What was seen."""

    def __init__(self) -> None:
        self.unhandled = 0
        self.round = ""
        """Which one is under way."""
        self.input: Any = None
        """What the bot was given last."""
        self.shown: deque[tuple[bytes, Any, int]] = deque()
        """The buttons of the bot: data, chat, message."""
        self.queries = Queries(self.note)
        self._found: dict[str, str] = {}

    def report(self) -> list[str]:
        """What went wrong, each once, with the first input that led to it."""
        return [f"{what}\n    round {where}" for what, where in self._found.items()]

    def note(self, what: str) -> None:
        """Something went wrong."""
        if what not in self._found:
            self._found[what] = f"{self.round}: {self.input}"[:3000]

    @contextmanager
    def everything(self) -> Iterator[None]:
        """Look at the log and the loop meanwhile; both are as before afterwards."""
        handlers, level, stderr, hook = logging.root.handlers, logging.root.level, sys.stderr, sys.excepthook
        loop = asyncio.get_running_loop()
        told = loop.get_exception_handler()
        loop.set_exception_handler(lambda _, context: self._fail(f"the loop: {context['message']}"))
        lines: Any = Lines(self)
        sys.stderr = lines
        try:
            yield
        finally:
            sys.stderr, sys.excepthook = stderr, hook
            loop.set_exception_handler(told)
            logging.captureWarnings(False)
            logging.root.handlers = handlers
            logging.root.setLevel(level)
            logger.remove()

    def sees(self, query: Any) -> None:
        """A request to Telegram."""
        for problem in outgoing.problems(query):
            self.note(f"{type(query).__name__}: {problem}")
        markup = getattr(query, "reply_markup", None)
        for row in markup.rows if markup is not None else ():
            for button in row.buttons:
                data = getattr(button.type, "data", None)
                if data is not None:
                    self.shown.append((data, cast.peer_of(query.peer), getattr(query, "id", NEW)))

    def reads(self, text: str) -> None:
        """Text that is about to be parsed as Telegram's HTML."""
        for problem in html.problems(text):
            self.note(f"HTML: {problem}")

    def logged(self, text: str) -> None:
        """One record of the log."""
        first, *rest = text.removesuffix("\n").split("\n")
        head = _HEAD.fullmatch(first)
        if head is None or any(not line.startswith("    ") for line in rest):
            self.note("a line of the log is forged")
        if _STEERING.search(text.replace("\n", "")):
            self.note(f"the log holds {_STEERING.findall(text)[0]!r}")
        if head is not None and (head["level"] in _BAD or "Traceback (most" in text):
            self._fail("\n".join([f"{head['level']} {head['words'][:200]}", *rest[-8:]]))

    def _fail(self, what: str) -> None:
        self.unhandled += 1
        self.note(what)


class Lines:
    """Takes the place of stderr."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def write(self, text: str) -> None:
        """One record."""
        self._watch.logged(text)

    def flush(self) -> None:
        """Nothing waits."""
