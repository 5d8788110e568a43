"""A part of a recording's time. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """From where to where; seconds of the whole recording's timeline."""

    start: float
    end: float | None = None
    """None: to its end."""
