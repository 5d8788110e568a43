"""The site, the media, and what fetches it."""

from medusa.errors.base import MedusaError


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


class SourceEndless(SourceError):
    """The site sends more and more, far beyond what this media can have, so I stopped."""


class SourceSlow(SourceError):
    """The site took too long to send this media, so I stopped."""


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


class GaveUp(MedusaError):
    """I broke down again and again on this link without getting any further, so I gave it up."""

    advice = "Try a lower quality, or another link."
