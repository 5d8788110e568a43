"""What people may not do, or did not mean."""

from medusa.errors.base import MedusaError


class BadLink(MedusaError):
    """That is not a link that I can fetch."""

    advice = "Send a link that starts with http:// or https://."


class UnknownCommand(MedusaError):
    """I do not know this command."""

    advice = "/help shows those that I know."


class WrongArgument(MedusaError):
    """That is not what this command needs."""


class NotAllowed(MedusaError):
    """You may not do that."""

    advice = "Ask the owner of this bot for access."


class NotYours(NotAllowed):
    """Only the person who sent the link can do that."""

    advice = ""


class OverLimit(NotAllowed):
    """That is more than you may have."""

    advice = ""


class Cancelled(MedusaError):
    """Cancelled."""


class Maintenance(MedusaError):
    """I am being looked after, so I take nothing new for now."""

    advice = "Try again later. What you have under way goes on."
