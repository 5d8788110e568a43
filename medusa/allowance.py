"""How much somebody may ask for. No I/O."""

from medusa.value import Value

HOUR, DAY = 3600, 86_400


class Allowance(Value):
    """The most that somebody may have of everything. None: not decided here; 0: as much as they like."""

    jobs: int | None = None
    """Downloads at the same time."""
    links_per_hour: int | None = None
    links_per_day: int | None = None
    bytes_per_day: int | None = None
    size: int | None = None
    """Bytes of one link's files."""
    duration: int | None = None
    """Seconds of one link."""
    entries: int | None = None
    """Links of one batch or playlist."""


def effective(*levels: Allowance) -> Allowance:
    """What counts where several have decided, the first before the others; then None is "no limit"."""
    decided = {
        name: next((value for level in levels if (value := getattr(level, name)) is not None), None)
        for name in Allowance.model_fields
    }
    return Allowance(**{name: value or None for name, value in decided.items()})
