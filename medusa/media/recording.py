"""A broadcast, and how much of it is recorded. Pure."""

from medusa.model import Choice, Media, Plan
from medusa.wishes import Recording, Wish

LENGTHS = ((600, "10 min"), (1800, "30 min"), (3600, "1 h"), (10800, "3 h"), (None, "Until I stop"))
"""Seconds, and what the button says."""
OPEN_END = 3600.0
"""Seconds for whose index there is room where nobody knows how long it will be; then the next file begins."""


def lengths(wish: Wish) -> tuple[Choice, ...]:
    """The buttons of the question how much of a broadcast is wanted."""
    return tuple(
        Choice(label=label, wish=wish.evolve(recording=Recording(seconds=seconds)))
        for seconds, label in LENGTHS
    )


def expected(media: Media, recording: Recording) -> Media:
    """The broadcast, as if it were no more than what is recorded."""
    return media.evolve(duration=recording.seconds or OPEN_END)


def planned(plan: Plan, recording: Recording | None) -> Plan:
    """The plan of a recording; None: it is none."""
    if recording is None:
        return plan
    return plan.evolve(recording=recording, size=None if recording.seconds is None else plan.size)
