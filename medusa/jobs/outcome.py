"""How a delivery ended, and who shows it to people."""

from typing import Protocol

from medusa.errors import MedusaError
from medusa.model import Download, State


class Outcome(Protocol):
    """How a delivery ended when it did not fail."""

    @property
    def state(self) -> State:
        """DONE, ASKING or UNFOLDED."""
        ...

    @property
    def changes(self) -> dict[str, object]:
        """The fields of the download that are known now."""
        ...


class Announcer(Protocol):
    """Shows people how their download stands."""

    def announce(self, download: Download) -> None:
        """Show the state of this download."""
        ...

    def announce_failure(self, download: Download, error: MedusaError, retry_in: float | None) -> None:
        """Show why it failed, and when it is tried again."""
        ...
