"""A person's own channel, into which their files can go. No I/O."""

from medusa.value import Value
from medusa.wishes import Target


class OwnChannel(Value):
    """A channel, a group or a topic of a forum that somebody has added."""

    target: Target
    owner: int
    """The person who has added it."""
    problem: str | None = None
    """Why nothing could be posted there last, which its owner knows; None: it works."""
