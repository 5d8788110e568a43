"""How the bot is run: what owners and admins change in chat, over the defaults of the settings. No I/O."""

from typing import Protocol

from medusa.allowance import Allowance
from medusa.value import Value
from medusa.wishes import Preferences, Wish


class Policy(Value):
    """Everything that can be changed while the bot runs."""

    public: bool = False
    """Everybody may send links."""
    requests: bool = True
    """Guests may ask for access."""
    maintenance: bool = False
    """Only admins are served."""
    archive: bool = True
    """Files come from the archive where it has them."""
    admin_log: bool = False
    """What admins do is posted into the log channels."""
    error_reports: bool = True
    """The owner is told of faults in the program."""
    ytdlp_weekly: bool = False
    """A newer yt-dlp is installed by itself, once a week."""
    welcome: str = ""
    """What /start says first; empty: the standard text."""
    caption: str | None = None
    """The caption template of who has set none; None: the standard one."""
    wish: Wish | None = None
    """The quality of who has set none; None: ask."""
    admins: Allowance = Allowance()
    users: Allowance = Allowance()
    strangers: Allowance = Allowance()
    """Of those who may send links only because the bot is public; on top of that of users."""


ALLOWANCES = ("admins", "users", "strangers")
"""The fields that are Allowances."""


class PolicySource(Protocol):
    """Knows the policy; medusa.policies in production."""

    async def current(self) -> Policy:
        """What counts now."""
        ...


def preferred(preferences: Preferences, policy: Policy) -> Preferences:
    """What somebody wants: what they have set, else what the policy says."""
    look = preferences.look
    if look.caption is None and policy.caption is not None:
        look = look.evolve(caption=policy.caption)
    wish = policy.wish if preferences.wish is None else preferences.wish
    return preferences.evolve(look=look, wish=wish)
