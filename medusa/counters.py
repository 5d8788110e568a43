"""What this process has done since it was started, counted where it is done. Nobody waits for that."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

PART_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Bounds of the classes of how long a part takes; the upload's window shrinks at 8 s."""


class Timings:
    """How long something took, in classes."""

    def __init__(self, bounds: Sequence[float]) -> None:
        """`bounds`: the longest time of each class, in seconds, in order; one more class has the rest."""
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self.total = 0.0
        """Seconds of all together."""

    def add(self, seconds: float) -> None:
        """One more."""
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self.total += seconds

    def within(self) -> list[tuple[float, int]]:
        """For each bound, infinity last, how many took no longer."""
        reached, found = 0, []
        for bound, count in zip((*self._bounds, float("inf")), self._counts, strict=True):
            reached += count
            found.append((bound, reached))
        return found


class Counters:
    """Of one process. They only grow, but for `uploads`."""

    def __init__(self) -> None:
        self.received = 0
        """Bytes that media children got from sites."""
        self.uploaded = 0
        """Bytes of parts that Telegram has acknowledged."""
        self.parts = Timings(PART_SECONDS)
        """From a part's departure to its acknowledgement."""
        self.failed_parts = 0
        """Attempts after which a part was sent again, or given up."""
        self.flood_waits = 0
        self.flood_seconds = 0.0
        """What Telegram asked for."""
        self.ended: Counter[str] = Counter()
        """Downloads, by the state that they have now."""
        self.uploads = 0
        """Files on their way to Telegram at this moment."""

    def receive(self, size: int) -> None:
        """So many bytes came from a site."""
        self.received += size

    def acknowledge(self, size: int, seconds: float) -> None:
        """Telegram has a part of so many bytes, after so long."""
        self.uploaded += size
        self.parts.add(seconds)

    def fail_part(self) -> None:
        """An attempt to send a part came to nothing."""
        self.failed_parts += 1

    def slow_down(self, seconds: float) -> None:
        """Telegram asks for a pause."""
        self.flood_waits += 1
        self.flood_seconds += seconds

    def end(self, state: str) -> None:
        """A download has left this process in that state."""
        self.ended[state] += 1

    @contextmanager
    def upload(self) -> Iterator[None]:
        """A file is on its way while this is open."""
        self.uploads += 1
        try:
            yield
        finally:
            self.uploads -= 1
