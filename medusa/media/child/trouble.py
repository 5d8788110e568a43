"""Foreign exceptions to medusa.errors: the one place that reads an error text of yt-dlp."""

import re
import sys
from collections.abc import Iterator

from yt_dlp.networking.exceptions import CertificateVerifyError, HTTPError, RequestError, SSLError
from yt_dlp.utils import (
    DownloadError,
    ExtractorError,
    GeoRestrictedError,
    UnsupportedError,
    UserNotLive,
    YoutubeDLError,
)

from medusa.errors import (
    GeoBlocked,
    LoginNeeded,
    MediaUnreadable,
    MedusaError,
    MemoryShort,
    NotEncrypted,
    NotStarted,
    ProtectedMedia,
    SourceGone,
    SourceRefused,
    SourceUnreachable,
    SourceUntrusted,
    UnsupportedSite,
)

_STATUSES: dict[int, type[MedusaError]] = {
    401: LoginNeeded,
    403: SourceRefused,
    404: SourceGone,
    410: SourceGone,
    451: GeoBlocked,
}
# Extractors say what is wrong in words only. In this order: "private video, sign in" is about the login.
_WORDS: tuple[tuple[str, type[MedusaError]], ...] = (
    (r"\bDRM\b", ProtectedMedia),
    (r"not a bot|captcha|cloudflare|rate.?limit|too many requests", SourceRefused),
    (r"geo.?restrict|available (?:in|from) your (?:country|location|region)", GeoBlocked),
    (
        r"premieres in|will begin in|has not (?:yet )?started|upcoming|scheduled for|not started yet",
        NotStarted,
    ),
    (
        r"sign in|log ?in|logged.in|registered users|subscri|members.only|private|--cookies|password|\bage\b",
        LoginNeeded,
    ),
    (r"removed|deleted|unavailable|no longer|not exist|not found|terminated|taken down|expired", SourceGone),
    (
        r"unsupported url|not a valid url|no (?:video|media|suitable|formats)|unable to extract",
        UnsupportedSite,
    ),
    (r"timed out|unable to (?:download|connect)|connection|resolve|network", SourceUnreachable),
)

_NO_TLS = re.compile(r"WRONG_VERSION_NUMBER|wrong version number|RECORD_LAYER_FAILURE")
"""What OpenSSL says, through Python or curl, of an answer that is no handshake."""


def translate(error: BaseException) -> MedusaError | None:
    """What a person should be told; None when it is neither yt-dlp's, nor PyAV's, nor ours."""
    chain = list(_causes(error))
    for link in chain:
        if isinstance(link, MedusaError):
            return link
    detail = " < ".join(f"{type(link).__name__}: {link}" for link in chain)
    kind = next((kind for kind in map(_kind, reversed(chain)) if kind), None)
    if kind is None and any(isinstance(link, YoutubeDLError) for link in chain):
        kind = UnsupportedSite  # an extractor that its site has outgrown
    return kind(detail=detail) if kind else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what is behind it, outermost first."""
    link: object = error
    while isinstance(link, BaseException):
        yield link
        match link:
            case DownloadError(exc_info=(_, inner, _)) | YoutubeDLError(cause=inner) if inner is not link:
                link = inner
            case _:
                link = link.__cause__


def _kind(error: BaseException) -> type[MedusaError] | None:
    match error:
        case HTTPError(status=status):
            return _STATUSES.get(
                status, SourceUnreachable if status == 429 or status >= 500 else SourceRefused
            )
        case CertificateVerifyError():
            return SourceUntrusted
        case SSLError() if _NO_TLS.search(str(error)):
            return NotEncrypted
        case RequestError():
            return SourceUnreachable
        case MemoryError():
            return MemoryShort
        case GeoRestrictedError():
            return GeoBlocked
        case UserNotLive():
            return NotStarted
        case UnsupportedError():
            return UnsupportedSite
        case DownloadError() | ExtractorError() | YoutubeDLError():
            return _by_words(str(error))
    av = sys.modules.get("av")
    return MediaUnreadable if av is not None and isinstance(error, av.FFmpegError) else None


def _by_words(text: str) -> type[MedusaError] | None:
    return next((kind for words, kind in _WORDS if re.search(words, text, re.IGNORECASE)), None)
