"""A message of an owner or admin to everybody who has written to the bot. Values, no I/O."""

from datetime import datetime, timedelta
from enum import StrEnum

from medusa.model import Person
from medusa.value import Value

PER_SECOND = 15
"""Messages a second. Telegram takes 30 of a bot, and the others are for its answers
(https://core.telegram.org/bots/faq#how-can-i-message-all-of-my-bot-39s-subscribers-at-once)."""

RECENT = timedelta(days=30)
"""How long ago somebody may have written to count as active."""


class BroadcastState(StrEnum):
    """Where a broadcast stands."""

    DRAFT = "draft"  # its sender is asked whether it is to go out
    RUNNING = "running"  # on its way
    DONE = "done"  # everybody was written to
    CANCELLED = "cancelled"  # it ended before


class Way(StrEnum):
    """How people get the message."""

    COPY = "copy"  # as the bot's own
    FORWARD = "forward"  # with the name of who wrote it


class Audience(StrEnum):
    """Who gets it, of those who have written to the bot, have not blocked it and are not banned."""

    EVERYBODY = "everybody"
    ACCESS = "access"  # who was given access by name
    ACTIVE = "active"  # who has written lately


class Outcome(StrEnum):
    """What became of one message."""

    SENT = "sent"
    BLOCKED = "blocked"  # that person cannot be written to any more
    FAILED = "failed"


class Whom(Value):
    """The people who get it, besides its sender, who has seen it."""

    audience: Audience
    besides: int
    """The sender's Telegram id."""
    named: tuple[int, ...] = ()
    """Who has access by the settings."""
    at: datetime
    """When it was started, or would be."""

    @property
    def since(self) -> datetime:
        """When the active ones have written last, at the earliest."""
        return self.at - RECENT


class Broadcast(Value):
    """One message, and how far it has come."""

    id: str
    by: Person
    chat_id: int
    """The sender's chat with the bot."""
    message_id: int
    """The message there that people get: the bot's preview, which nobody can change any more."""
    way: Way
    audience: Audience = Audience.EVERYBODY
    state: BroadcastState = BroadcastState.DRAFT
    status_message_id: int | None = None
    """The bot's message that asks, and later shows how far it is."""
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    total: int = 0
    """People who were to get it when it was started, its sender among them."""
    cursor: int = 0
    """Everybody up to this Telegram id was written to."""
    sent: int = 0
    """Its sender's own copy, the preview, counts once."""
    blocked: int = 0
    failed: int = 0
    ended_by: Person | None = None
    """Who has cancelled it."""
    problem: str = ""
    """Why it could not go on, as people read it."""
    untold: bool = False
    """It is over, and its sender was not told yet."""

    @property
    def handled(self) -> int:
        """People who were written to, with or without success."""
        return self.sent + self.blocked + self.failed

    @property
    def left(self) -> int:
        """People who are still to be written to."""
        return max(0, self.total - self.handled)

    def whom(self, named: frozenset[int], now: datetime) -> Whom:
        """Who gets it; `named` have access by the settings. It stays the same once it is started."""
        return Whom(
            audience=self.audience,
            besides=self.by.id,
            named=tuple(sorted(named)),
            at=self.started or now,
        )


class Tally(Value):
    """What became of some messages."""

    sent: int = 0
    blocked: int = 0
    failed: int = 0


def tally(outcomes: list[Outcome]) -> Tally:
    """These outcomes, counted."""
    return Tally(
        sent=outcomes.count(Outcome.SENT),
        blocked=outcomes.count(Outcome.BLOCKED),
        failed=outcomes.count(Outcome.FAILED),
    )


def remaining(left: int, held: float = 0.0) -> float:
    """Seconds until so many are written to, at the usual pace, after a pause of `held` seconds."""
    return held + left / PER_SECOND
