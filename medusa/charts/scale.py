"""Values as they stand at an axis. Pure."""

from collections.abc import Sequence

from medusa.sheet import Unit

_SIZES = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B"))
_TIMES = ((86_400_000.0, "d"), (3_600_000.0, "h"), (60_000.0, "min"), (1000.0, "s"), (1.0, "ms"))
TIMES = (1, 10, 100, 1000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000, 86_400_000, 864_000_000)
"""Milliseconds that stand at an axis of times, on which equal distances are equal ratios."""


def written(value: float, unit: Unit) -> str:
    """A value with its unit, as short as it can be."""
    if value == 0:
        return "0"
    match unit:
        case Unit.COUNT:
            return f"{value:,.0f}"
        case Unit.BYTES:
            return _scaled(value, _SIZES)
        case Unit.SPEED:
            return f"{_scaled(value, _SIZES)}/s"
        case Unit.TIME:
            return _scaled(value, _TIMES)


def _scaled(value: float, units: Sequence[tuple[float, str]]) -> str:
    size, name = next((one for one in units if value >= one[0]), units[-1])
    return f"{value / size:.3g} {name}" if value / size < 1000 else f"{value / size:,.0f} {name}"


def ticks(count: int, most: int) -> list[int]:
    """Which of so many columns have their label, evenly and with the last one: the newest."""
    step = -(-count // most)
    return sorted(range(count - 1, -1, -step))
