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


class Order(Turns, Protocol):
    """The same, and what follows when an item of a batch comes to rest."""

    async def settled(self, download: Download) -> None:
        """A download has been given back, or is over: whoever may go on now goes on."""
        ...

    async def refused(self, download: Download) -> None:
        """Nothing can be posted where a download belongs: the others of its batch wait, if it is an item."""
        ...
