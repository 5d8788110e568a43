"""How the bot was when it had started. Values, no I/O."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from medusa.versions import Versions
from medusa.vitals import DatabaseState


class PremiumState(StrEnum):
    """What becomes of files that are too large for a bot."""

    NONE = "none"  # there is no USER_SESSION_STRING
    USED = "used"
    ELSEWHERE = "elsewhere"  # another process has the session, or transfers at all
    UNUSABLE = "unusable"


class Start(NamedTuple):
    """For the owner."""

    versions: Versions
    today: date
    username: str
    premium: PremiumState
    premium_problem: str
    """Why it is unusable."""
    is_private: bool
    """The database is the bot's own."""
    database: DatabaseState | None
    """None: it does not answer."""
    is_shared: bool
    """Redis carries the tickets."""
    downloads: int
    """Accepted before, and not over."""
    batches: int
    copies: int
    """Log copies that wait."""
