"""How fast a transfer is and how long it will take. Pure; time is passed in."""

from medusa.model import Progress

SMOOTHING_SECONDS = 4.0
"""A speed is an average over about this long."""

SHORTEST_SECONDS = 0.05
"""What is measured over less than this says nothing."""


class _Speed:
    """An exponentially smoothed rate of a growing counter."""

    def __init__(self, now: float) -> None:
        self._time, self._count = now, 0
        self.value = 0.0
        """Units a second."""

    def update(self, count: int, now: float) -> None:
        elapsed = now - self._time
        if elapsed < SHORTEST_SECONDS:
            return
        rate = (count - self._count) / elapsed
        weight = min(1.0, elapsed / SMOOTHING_SECONDS)
        self.value = rate if self.value == 0 else self.value + weight * (rate - self.value)
        self._time, self._count = now, count


class Meter:
    """Follows one transfer; `now` is in seconds of any clock that does not jump."""

    def __init__(self, now: float) -> None:
        self._down, self._up = _Speed(now), _Speed(now)

    def read(
        self,
        now: float,
        *,
        received: int,
        acknowledged: int,
        total: int | None,
        exact: bool,
        held: float,
        skipped: int = 0,
    ) -> Progress:
        """The state of the transfer, from the bytes that came, that Telegram has (`skipped` of them since an
        earlier try), and that are expected."""
        self._down.update(received, now)
        self._up.update(acknowledged - skipped, now)
        if total is not None and acknowledged > total:
            # An estimate that was passed says nothing any more.
            total, exact = None, False
        left = None if total is None else total - acknowledged
        eta = left / self._up.value + held if left is not None and self._up.value > 0 else None
        return Progress(
            acknowledged=acknowledged,
            total=total,
            total_is_exact=exact,
            down_speed=self._down.value,
            up_speed=self._up.value,
            eta=eta,
            held=held,
        )
