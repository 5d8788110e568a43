"""Telegram: the bytes that it takes, and the chats."""

from medusa.errors.base import MedusaError


class UploadError(MedusaError):
    """Telegram did not take the file."""


class PartRefused(UploadError):
    """Telegram refused a part of the file."""


class StreamedTotalRefused(UploadError):
    """Telegram wants to know the size of the file before it arrives."""


class PartsMissing(UploadError):
    """Telegram lost a part of the file."""

    advice = "Send the link again."
    retryable = True


class StreamChanged(UploadError):
    """The media is not the same as before, so its upload cannot go on where it was."""

    advice = "Send the link again."
    retryable = True


class AccountLost(UploadError):
    """Telegram has ended the session of the account that I upload with."""

    advice = "Tell the owner of this bot."
    retryable = True


class TelegramUnreachable(UploadError):
    """Telegram does not answer."""

    advice = "Try again in a few minutes."
    retryable = True


class SlowedDown(MedusaError):
    """Telegram is slowing us down."""

    retryable = True

    def __init__(self, seconds: float, *, detail: str = "") -> None:
        super().__init__(f"Telegram is slowing us down; going on in {seconds:.0f} s.", detail=detail)
        self.seconds = seconds


class MessageGone(MedusaError):
    """The finished message was deleted before it could be copied."""


class ChatUnavailable(MedusaError):
    """I cannot write to that chat."""

    advice = "Add me there as an admin who may post messages."
