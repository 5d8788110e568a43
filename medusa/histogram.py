"""How often what was how large: counts in classes that grow with the value, so that days can be added. Pure.

A quantile of it is right to within a class: 19 percent. Quantiles themselves could not be added.
"""

import math
from collections import Counter
from collections.abc import Iterable

from medusa.value import Value

PER_DOUBLING = 4
"""Classes from a value to its double: class n holds what is at least 2 ** (n / 4), and less than the next."""


class Histogram(Value):
    """Values by their classes."""

    classes: tuple[tuple[int, int], ...] = ()
    """(class, how many), in the order of the classes."""

    @property
    def count(self) -> int:
        """How many values there are."""
        return sum(count for _, count in self.classes)

    def quantile(self, share: float) -> float | None:
        """The value that this share of all values does not exceed; None when there is none."""
        rank = share * self.count
        for number, count in self.classes:
            if rank <= count:
                return lower_end(number + rank / count)
            rank -= count
        return lower_end(self.classes[-1][0] + 1) if self.classes else None


def merged(histograms: Iterable[Histogram]) -> Histogram:
    """All of their values."""
    counts = Counter[int]()
    for one in histograms:
        counts.update(dict(one.classes))
    return Histogram(classes=tuple(sorted(counts.items())))


def class_of(value: float) -> int:
    """The class of a positive value."""
    return math.floor(PER_DOUBLING * math.log(value) / math.log(2))


def lower_end(number: float) -> float:
    """Where a class begins."""
    return float(2 ** (number / PER_DOUBLING))
