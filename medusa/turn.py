"""Files of a batch are sent in the order of their links, whichever is ready first."""

from typing import Protocol

from medusa.model import Download


class OutOfTurn(Exception):
    """The file is ready, and an earlier one of its batch is not over: it waits, without a slot."""


class Turns(Protocol):
    """Who may send."""

    async def check(self, download: Download) -> None:
        """Return when this download may send its files. Raises OutOfTurn, StoreUnavailable."""
        ...
