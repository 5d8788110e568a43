"""The recordings that are under way in this process: somebody may want to have what there is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Recordings:
    """By the id of their downloads."""

    def __init__(self) -> None:
        self._endings: dict[str, Callable[[], None]] = {}

    @contextmanager
    def under_way(self, job: str, end: Callable[[], None]) -> Iterator[None]:
        """Let it be ended with `end` while the context is open; calling that again is harmless."""
        self._endings[job] = end
        try:
            yield
        finally:
            del self._endings[job]

    def finish(self, job: str) -> None:
        """End one well; nothing happens where it is not under way here."""
        if (end := self._endings.get(job)) is not None:
            end()

    def finish_all(self) -> None:
        """End all well."""
        for end in self._endings.values():
            end()
