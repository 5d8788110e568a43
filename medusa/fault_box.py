"""Faults that were seen and not recorded yet."""

from threading import Lock

from medusa.fault import Fault

MOST = 50
"""Different ones. What goes wrong in more ways at once is told of in the log only."""


class FaultBox:
    """Gathers faults, each once with its count. Any thread may put some in; nobody waits for anything."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._faults: dict[str, Fault] = {}
        self._lock = Lock()

    def put(self, fault: Fault) -> None:
        """Note one that was seen."""
        with self._lock:
            known = self._faults.get(fault.id)
            if known is not None:
                merged = {"last": max(known.last, fault.last), "count": known.count + fault.count}
                self._faults[fault.id] = known.evolve(**merged)
            elif len(self._faults) < self._most:
                self._faults[fault.id] = fault

    def take(self) -> list[Fault]:
        """All that there are; the box is empty then."""
        with self._lock:
            taken, self._faults = list(self._faults.values()), {}
        return taken
