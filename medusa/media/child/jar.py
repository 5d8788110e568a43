"""Somebody's cookies in yt-dlp's jar: sent to the hosts that they belong to, and to no others."""

import io
from http.cookiejar import Cookie, DefaultCookiePolicy
from urllib.request import Request

import yt_dlp


class Watch(DefaultCookiePolicy):
    """The usual policy, which notes whether any of the given cookies was due."""

    def __init__(self, given: frozenset[tuple[str, str, str]]) -> None:
        super().__init__()
        self._given = given
        self.has_used = False
        """Whether what was fetched may be for the owner of the cookies alone."""

    def return_ok(self, cookie: Cookie, request: Request) -> bool:
        """Whether a cookie goes with a request."""
        is_due = super().return_ok(cookie, request)
        self.has_used = self.has_used or (is_due and _key(cookie) in self._given)
        return is_due


def load(ydl: yt_dlp.YoutubeDL, netscape: str) -> Watch:
    """Put these cookies into the jar; empty: none."""
    if netscape:
        ydl.cookiejar.load(io.StringIO(netscape))
    watch = Watch(frozenset(_key(cookie) for cookie in ydl.cookiejar))
    ydl.cookiejar.set_policy(watch)
    return watch


def dump(ydl: yt_dlp.YoutubeDL) -> str:
    """All that is in the jar, for `load`. Secret."""
    file = io.StringIO()
    ydl.cookiejar.save(file)
    return file.getvalue()


def _key(cookie: Cookie) -> tuple[str, str, str]:
    return cookie.domain, cookie.path, cookie.name
