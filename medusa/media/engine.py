"""The yt-dlp that new media children run: the shipped one, or one that lies beside it."""

import asyncio
from collections.abc import Callable
from importlib import metadata
from typing import NamedTuple

from medusa.media.records import Exit
from medusa.release import Release

SHIPPED = metadata.version("yt-dlp")
"""The one that came with the bot. Its package is not imported here."""
SHIPPED_EJS = metadata.version("yt-dlp-ejs")
MOST_CRASHES = 3
"""Probes in a row that may end in a crash before a release is given up."""


class GivenUp(NamedTuple):
    """A release that does not work, and what it said last."""

    version: str
    why: str


class Engine:
    """Which release is in use in this process. One that breaks down is left at once."""

    def __init__(self, shipped: str = SHIPPED) -> None:
        self.shipped = shipped
        self.directory = ""
        """What goes in front of a child's sys.path; empty: nothing."""
        self.given_up: GivenUp | None = None
        """The last one that broke down here."""
        self.trouble = asyncio.Event()
        """One has broken down, and nobody has taken note of it yet."""
        self._version = shipped
        self._crashes = 0
        self._changed: list[Callable[[], None]] = []

    @property
    def in_use(self) -> Release:
        """What new children run."""
        return Release(version=self._version, is_shipped=not self.directory)

    def on_change(self, call: Callable[[], None]) -> None:
        """`call` is called whenever another one is used."""
        self._changed.append(call)

    def use(self, version: str, directory: str) -> None:
        """Use a release that lies in this directory."""
        self._switch(version, directory)

    def use_shipped(self) -> None:
        """Go back to the one that came with the bot."""
        self._switch(self.shipped, "")

    def ended(self, directory: str, code: int | None, words: str) -> None:
        """A probe's child with that directory has ended: how, and what it said last; None: not by itself.

        What cannot even be loaded is given up at once; what crashes, after some times in a row. The shipped
        one is never given up: there is no other.
        """
        if not directory or directory != self.directory or code is None:
            return
        crashed = code == Exit.CRASHED
        self._crashes = self._crashes + 1 if crashed else 0
        if code == Exit.UNUSABLE or self._crashes >= MOST_CRASHES:
            self._give_up(words)

    def _give_up(self, why: str) -> None:
        self.given_up = GivenUp(self._version, why)
        self.use_shipped()
        self.trouble.set()

    def _switch(self, version: str, directory: str) -> None:
        if directory == self.directory:
            return
        self._version, self.directory, self._crashes = version, directory, 0
        for call in self._changed:
            call()
