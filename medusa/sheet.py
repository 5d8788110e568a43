"""A picture of numbers, as it is to be drawn: all words and values, no colours or places. No I/O."""

from enum import StrEnum

from medusa.value import Value


class PictureLost(Exception):
    """A sheet could not be drawn; the reason is for the log."""


class Form(StrEnum):
    """How values are shown."""

    COLUMNS = "columns"  # upright, one upon the other
    BARS = "bars"  # lying, each with its name
    LINES = "lines"


class Unit(StrEnum):
    """What values are."""

    COUNT = "count"
    BYTES = "bytes"
    SPEED = "speed"  # bytes a second
    TIME = "time"  # milliseconds


class Tone(StrEnum):
    """What a colour says."""

    GOOD = "good"
    BAD = "bad"
    QUIET = "quiet"


class Series(Value):
    """Values of one kind, one for each label."""

    name: str
    tone: Tone
    values: tuple[float | None, ...]
    """None: there is nothing to say."""


class Sheet(Value):
    """One picture."""

    form: Form
    dark: bool
    title: str
    subtitle: str
    axis: str
    """What the values are, with their unit."""
    base: str
    """What the labels are."""
    unit: Unit
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    notes: tuple[str, ...] = ()
    """Of bars: what stands behind each."""
    empty: str
    """What is said where there is nothing to show."""

    @property
    def is_empty(self) -> bool:
        """There is nothing to show."""
        return not any(value for one in self.series for value in one.values)
