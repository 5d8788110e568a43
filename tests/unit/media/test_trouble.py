"""Foreign exceptions and what a person is told."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import av
import pytest
from yt_dlp.networking import Response
from yt_dlp.networking.exceptions import CertificateVerifyError, HTTPError, SSLError, TransportError
from yt_dlp.utils import DownloadError, ExtractorError, GeoRestrictedError, UnsupportedError, UserNotLive

from medusa import errors
from medusa.media.child.trouble import translate


def http_error(status: int) -> HTTPError:
    return HTTPError(Response(BytesIO(), "http://example.org/", {}, status))


def wrapped(error: Exception) -> DownloadError:
    """As YoutubeDL reports it."""
    return DownloadError(f"ERROR: {error}", (type(error), error, None))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, errors.LoginNeeded),
        (403, errors.SourceRefused),
        (404, errors.SourceGone),
        (410, errors.SourceGone),
        (418, errors.SourceRefused),
        (429, errors.SourceUnreachable),
        (451, errors.GeoBlocked),
        (500, errors.SourceUnreachable),
        (503, errors.SourceUnreachable),
    ],
)
@pytest.mark.parametrize("wrap", [lambda e: e, wrapped, lambda e: wrapped(ExtractorError("no", cause=e))])
def test_statuses(status: int, kind: type[Exception], wrap: Callable[[Any], Exception]) -> None:
    assert type(translate(wrap(http_error(status)))) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("This video is DRM protected", errors.ProtectedMedia),
        ("Private video. Sign in if you've been granted access to this video", errors.LoginNeeded),
        ("This video is only available for registered users. Use --cookies", errors.LoginNeeded),
        ("Join this channel to get access to members-only content", errors.LoginNeeded),
        ("Sign in to confirm you’re not a bot. Use --cookies", errors.SourceRefused),
        ("The uploader has not made this video available in your country", errors.GeoBlocked),
        ("Premieres in 3 hours", errors.NotStarted),
        ("This live event will begin in 5 minutes.", errors.NotStarted),
        ("Video unavailable. This video has been removed by the uploader", errors.SourceGone),
        ("This account has been terminated", errors.SourceGone),
        ("No video formats found!", errors.UnsupportedSite),
        ("Unable to extract title; please report this issue on  https://github.com/", errors.UnsupportedSite),
    ],
)
def test_words_of_extractors(text: str, kind: type[Exception]) -> None:
    assert type(translate(wrapped(ExtractorError(text, expected=True)))) is kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (wrapped(UnsupportedError("http://example.org/")), errors.UnsupportedSite),
        (wrapped(GeoRestrictedError("no", countries=["DE"])), errors.GeoBlocked),
        (wrapped(UserNotLive()), errors.NotStarted),
        (wrapped(ExtractorError("no", cause=TransportError("timed out"))), errors.SourceUnreachable),
        (TransportError("connection reset"), errors.SourceUnreachable),
        (wrapped(ExtractorError("no", cause=CertificateVerifyError("self-signed"))), errors.SourceUntrusted),
        (SSLError("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)"), errors.NotEncrypted),
        (SSLError("[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred"), errors.SourceUnreachable),
        (wrapped(MemoryError()), errors.MemoryShort),
        (MemoryError(), errors.MemoryShort),
        (av.InvalidDataError(1, "bad"), errors.MediaUnreadable),
        (errors.SourceChanged(detail="x"), errors.SourceChanged),
        (wrapped(errors.TooLarge()), errors.TooLarge),
    ],
)
def test_kinds(error: Exception, kind: type[Exception]) -> None:
    assert type(translate(error)) is kind


def test_an_extractor_that_breaks_is_a_site_that_is_not_supported() -> None:
    assert type(translate(wrapped(KeyError("sourceURL")))) is errors.UnsupportedSite


def test_what_nobody_foresaw_is_not_guessed_at() -> None:
    assert translate(ZeroDivisionError()) is None


def test_the_detail_names_the_whole_chain() -> None:
    found = translate(wrapped(ExtractorError("no page", cause=http_error(404))))
    assert found is not None
    assert "DownloadError" in found.detail
    assert "HTTP Error 404" in found.detail
