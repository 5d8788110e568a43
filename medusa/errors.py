"""Everything that can go wrong, in the words of the person it concerns.

MedusaError
├── BadLink                 no link that can be fetched
├── UnknownCommand
├── WrongArgument           of a command or a button
├── SourceError             the site or the media
│   ├── UnsupportedSite
│   ├── PrivateAddress
│   ├── ProtectedMedia
│   ├── LoginNeeded
│   ├── GeoBlocked
│   ├── SourceRefused
│   ├── NotStarted
│   ├── LiveStream
│   ├── SourceGone
│   ├── SourceUnreachable   (retryable)
│   ├── SourceIncomplete    (retryable)
│   ├── SourceChanged       (retryable)
│   ├── MediaUnreadable
│   ├── SubtitlesLost       there are some, but they cannot be had
│   ├── TooLarge
│   │   └── Uncuttable
│   └── IndexTooSmall       (retryable, with a larger reservation)
├── MediaChildDied          (retryable)
├── UploadError             Telegram and the bytes
│   ├── PartRefused
│   ├── StreamedTotalRefused
│   ├── PartsMissing        (retryable)
│   ├── StreamChanged       (retryable)
│   ├── AccountLost         (retryable)
│   └── TelegramUnreachable (retryable)
├── GaveUp                  a download that stops its worker each time
├── SlowedDown              (retryable, after `seconds`)
├── MessageGone             somebody deleted it
├── ChatUnavailable         a message cannot be delivered there
├── StoreUnavailable        (retryable)
├── SessionTaken            by another process
├── NotAllowed
│   └── NotYours
├── Cancelled
├── PremiumUnusable         the user session; for the owner
│   ├── NoPremium
│   ├── NoRelay
│   └── SessionLost
└── SettingsError           a setting is wrong; for the deployer
"""

from typing import ClassVar


class MedusaError(Exception):
    """Something went wrong."""

    advice: ClassVar[str] = ""
    retryable: ClassVar[bool] = False

    def __init__(self, sentence: str | None = None, *, detail: str = "") -> None:
        """`sentence` is for the person, by default the class's docstring; `detail` is for the log only."""
        self.sentence = sentence or (type(self).__doc__ or "").strip()
        """What went wrong, as the person reads it."""
        self.detail = detail
        super().__init__(self.sentence)


class BadLink(MedusaError):
    """That is not a link that I can fetch."""

    advice = "Send a link that starts with http:// or https://."


class UnknownCommand(MedusaError):
    """I do not know this command."""

    advice = "/help shows those that I know."


class WrongArgument(MedusaError):
    """That is not what this command needs."""


class SourceError(MedusaError):
    """The site did not give the media."""


class UnsupportedSite(SourceError):
    """I found no media behind this link."""

    advice = "Send the link of the page that plays the video, or of the file itself."


class PrivateAddress(SourceError):
    """This address is private, so I do not fetch it."""

    advice = "Send a link that is reachable from the public internet."


class ProtectedMedia(SourceError):
    """This media is protected by DRM, so it cannot be downloaded."""


class LoginNeeded(SourceError):
    """The site shows this media only to people who are logged in."""

    advice = "/cookies lets me see what you see; or send a link that opens without logging in."


class GeoBlocked(SourceError):
    """The site does not show this media in the country where I run."""


class SourceRefused(SourceError):
    """The site refused to give me this media."""

    advice = "Some sites turn bots and servers away; try a link from another site."


class NotStarted(SourceError):
    """This live stream has not started yet."""

    advice = "Send the link again when it is over."


class LiveStream(SourceError):
    """This is live now in a way that I cannot record; send the link again when it is over."""


class SourceGone(SourceError):
    """The site says that this media does not exist (any more)."""

    advice = "Check the link in a browser."


class SourceUnreachable(SourceError):
    """The site does not answer."""

    advice = "Try again in a few minutes."
    retryable = True


class SourceIncomplete(SourceError):
    """The site sent only a part of the media, so I did not deliver it."""

    advice = "Try again in a few minutes."
    retryable = True


class SourceChanged(SourceError):
    """The media changed while it was arriving, so I did not deliver it."""

    advice = "Send the link again."
    retryable = True


class MediaUnreadable(SourceError):
    """The media is damaged or in a format that I cannot read."""


class SubtitlesLost(SourceError):
    """The site did not give the subtitles."""


class TooLarge(SourceError):
    """The media is larger than Telegram accepts."""

    advice = "Choose a lower quality."


class Uncuttable(TooLarge):
    """The video is larger than one file may be, and there is no place in it where I could cut it."""


class IndexTooSmall(SourceError):
    """The space kept for the index of the file was too small."""

    retryable = True


class MediaChildDied(MedusaError):
    """The download process ended unexpectedly."""

    advice = "Send the link again."
    retryable = True


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


class GaveUp(MedusaError):
    """I broke down again and again on this link without getting any further, so I gave it up."""

    advice = "Try a lower quality, or another link."


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


class StoreUnavailable(MedusaError):
    """My database does not answer, so I accepted nothing."""

    advice = "Try again in a minute."
    retryable = True


class SessionTaken(MedusaError):
    """Another process has taken over the session with Telegram, so this one stops."""


class NotAllowed(MedusaError):
    """You may not do that."""

    advice = "Ask the owner of this bot for access."


class NotYours(NotAllowed):
    """Only the person who sent the link can do that."""

    advice = ""


class Cancelled(MedusaError):
    """Cancelled."""


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


class SettingsError(MedusaError):
    """A setting is wrong."""
