"""What the bot itself runs on; for its owner and deployer."""

from medusa.errors.base import MedusaError


class StoreUnavailable(MedusaError):
    """My database does not answer, so I accepted nothing."""

    advice = "Try again in a minute."
    retryable = True


class SessionTaken(MedusaError):
    """Another process has taken over the session with Telegram, so this one stops."""


class PremiumUnusable(MedusaError):
    """The account of USER_SESSION_STRING cannot be used, so large files come in parts."""


class NoPremium(PremiumUnusable):
    """The account of USER_SESSION_STRING has no Telegram Premium, so large files come in parts."""


class NoRelay(PremiumUnusable):
    """No log channel lets both me and the account of USER_SESSION_STRING post: large files come in parts."""

    advice = "Make both of us admins of a log channel that does not forbid copying."


class SessionLost(PremiumUnusable):
    """Telegram does not accept USER_SESSION_STRING (any more), so large files come in parts."""

    advice = "Make a new one with ./scripts/session."


class NotInstalled(MedusaError):
    """Another yt-dlp could not be installed, so nothing has changed."""


class ReleaseBroken(MedusaError):
    """This yt-dlp does not work here, so it is not used."""

    def __init__(self, sentence: str | None = None, *, detail: str = "", version: str = "") -> None:
        super().__init__(sentence, detail=detail)
        self.version = version
        """Which one it is; empty: it cannot be told."""


class NewerDatabase(MedusaError):
    """A newer Medusa has made this database."""

    advice = "Start that one again, or restore a backup that this one has made."


class BrokenBackup(MedusaError):
    """This is no backup, or not all of it."""


class SettingsError(MedusaError):
    """A setting is wrong."""
