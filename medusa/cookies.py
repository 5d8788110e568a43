"""Cookies that people give the bot: the Netscape file read strictly, written anew, and told of. Pure.

Format: https://curl.se/docs/http-cookies.html. Browsers' extensions and yt-dlp write it.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from itertools import groupby
from typing import NamedTuple

from medusa.errors import WrongArgument
from medusa.value import Value

LARGEST_FILE = 1_000_000
"""Bytes."""
MOST_COOKIES = 5000
HOW_TO_EXPORT = (
    "Export the cookies as cookies.txt in the Netscape format: the browser extension "
    "“Get cookies.txt LOCALLY” does that."
)

_HEADER = "# Netscape HTTP Cookie File\n"
_HTTP_ONLY = "#HttpOnly_"
_FIELDS = 7
_SHOWN_PROBLEMS = 5
_LONGEST_VALUE = 8192
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PATH = re.compile(r"/[\x21-\x3a\x3c-\x7e]*")
_NAME = re.compile(r"[\x21-\x3a\x3c\x3e-\x7e]+")
_VALUE = re.compile(r"[^\x00-\x1f;\x7f-\x9f]*")
_TIME = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,9})?")
_LAST_TIME = 253_402_300_799
"""The end of the year 9999."""
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gob", "gov", "mil", "ne", "net", "or", "org"})
"""Below a country's two letters these are no site: example.co.uk."""


class Cookie(Value):
    """One cookie."""

    domain: str
    """In small letters, without a dot in front."""
    has_subdomains: bool
    """Whether it is for all hosts below the domain, too."""
    path: str
    is_secure: bool
    """For https only."""
    expires: int
    """Seconds since 1970; 0: with the browser's session, which nobody can tell."""
    name: str
    value: str

    def is_expired(self, now: datetime) -> bool:
        """Whether no browser would send it any more."""
        return 0 < self.expires <= now.timestamp()


class CookieFile(NamedTuple):
    """What the media child gets."""

    text: str
    """As `write` makes it. Secret."""
    person_id: int
    """For whose jobs."""

    def __repr__(self) -> str:
        return f"CookieFile(for {self.person_id})"


class SiteCookies(Value):
    """What there is for one site, without anything that opens it."""

    site: str
    count: int
    expired: int
    first_expiry: datetime | None
    """Of those that have not expired; None where none says when."""


class Overview(Value):
    """What somebody has given, as far as anybody may see it."""

    sites: tuple[SiteCookies, ...]
    changed: datetime
    is_shared: bool = False
    """Everybody's links are opened with it."""
    is_lost: bool = False
    """It was sealed with another key, so nobody can use it any more."""


def parse(data: bytes) -> tuple[Cookie, ...]:
    """The cookies of a file. Raises WrongArgument, which names lines and says what is wrong, but no value."""
    if len(data) > LARGEST_FILE:
        raise WrongArgument("This file is too large for cookies: it has more than 1 MB.")
    found = read(data)
    if len(found) > MOST_COOKIES:
        raise WrongArgument(
            f"This file has {len(found)} cookies; I take at most {MOST_COOKIES}. Export one site only."
        )
    return found


def read(data: bytes) -> tuple[Cookie, ...]:
    """The same for a file of any size: what `write` has written. Raises WrongArgument."""
    found: dict[tuple[str, bool, str, str], Cookie] = {}
    problems: list[str] = []
    for number, line in enumerate(_text(data).split("\n"), 1):
        try:
            cookie = _cookie(line)
        except ValueError as error:
            problems.append(f"Line {number}: {error}.")
        else:
            if cookie is not None:
                found[cookie.domain, cookie.has_subdomains, cookie.path, cookie.name] = cookie
    _complain(problems, nothing_found=not found)
    return tuple(found.values())


def write(cookies: Iterable[Cookie]) -> str:
    """A Netscape file with nothing in it but these cookies. Latin-1, as headers are."""
    return _HEADER + "".join(f"{_line(cookie)}\n" for cookie in cookies)


def current(cookies: Iterable[Cookie], now: datetime) -> tuple[Cookie, ...]:
    """Without those that have expired."""
    return tuple(cookie for cookie in cookies if not cookie.is_expired(now))


def merged(own: Iterable[Cookie], shared: Iterable[Cookie]) -> tuple[Cookie, ...]:
    """Somebody's own cookies, and the shared ones of sites that they have none of: never two logins."""
    own = tuple(own)
    sites = {site_of(cookie.domain) for cookie in own}
    return (*own, *(cookie for cookie in shared if site_of(cookie.domain) not in sites))


def overview(
    cookies: Iterable[Cookie], changed: datetime, now: datetime, *, is_shared: bool = False
) -> Overview:
    """What is there, by site."""
    ordered = sorted(cookies, key=lambda cookie: site_of(cookie.domain))
    sites = tuple(_site(name, tuple(of), now) for name, of in groupby(ordered, lambda c: site_of(c.domain)))
    return Overview(sites=sites, changed=changed, is_shared=is_shared)


def site_of(domain: str) -> str:
    """The site that a host belongs to, for people and near enough: `example.co.uk` of `www.example.co.uk`."""
    labels = domain.split(".")
    if _is_address(domain) or len(labels) <= 2:
        return domain
    is_national = len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if is_national else -2 :])


def _text(data: bytes) -> str:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        raise WrongArgument(f"These cookies are in JSON, which I do not read. {HOW_TO_EXPORT}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongArgument(f"This is no text file with cookies. {HOW_TO_EXPORT}") from error
    return text.replace("\r\n", "\n")


def _complain(problems: list[str], *, nothing_found: bool) -> None:
    """Raises WrongArgument when there is a reason to."""
    if nothing_found:
        first = f" {problems[0]}" if problems else ""
        raise WrongArgument(f"There are no cookies in this file.{first} {HOW_TO_EXPORT}")
    if problems:
        more = f" … and {len(problems) - _SHOWN_PROBLEMS} more." if len(problems) > _SHOWN_PROBLEMS else ""
        raise WrongArgument(
            f"I kept nothing of this file. {' '.join(problems[:_SHOWN_PROBLEMS])}{more} {HOW_TO_EXPORT}"
        )


def _cookie(line: str) -> Cookie | None:
    """None for an empty line and a comment. Raises ValueError with what is wrong."""
    line = line.removeprefix(_HTTP_ONLY)
    if not line.strip() or line.startswith("#"):
        return None
    fields = line.split("\t")
    if len(fields) != _FIELDS:
        spaces = ", are these spaces instead" if len(line.split()) == _FIELDS else ""
        raise ValueError(f"{len(fields)} fields between tabs where {_FIELDS} belong{spaces}")
    domain, subdomains, path, secure, expires, name, value = fields
    bare, is_wide = _host(domain, _flag(subdomains, "second"))
    _check(_PATH.fullmatch(path), "the path does not begin with / or has odd characters")
    if not name:  # sites do not set such a cookie on purpose
        return None
    _check(_NAME.fullmatch(name), "the name has odd characters")
    _check(_VALUE.fullmatch(value), "the value has odd characters")
    _check(len(path) + len(name) + len(value) <= _LONGEST_VALUE, "it is too long")
    return Cookie(
        domain=bare,
        has_subdomains=is_wide,
        path=path,
        is_secure=_flag(secure, "fourth"),
        expires=_time(expires),
        name=name,
        value=value,
    )


def _host(domain: str, is_wide: bool) -> tuple[str, bool]:
    """The host, and whether those below it are meant too."""
    bare = domain.lower().removeprefix(".")
    _check(len(bare) <= 253 and _DOMAIN.fullmatch(bare), "the domain is no host name")
    if _is_address(bare):
        return bare, False
    is_wide = is_wide or domain.startswith(".")
    _check("." in bare or not is_wide, "the domain is a whole top-level domain")
    return bare, is_wide


def _flag(text: str, which: str) -> bool:
    _check(text.upper() in ("TRUE", "FALSE"), f"the {which} field is neither TRUE nor FALSE")
    return text.upper() == "TRUE"


def _time(text: str) -> int:
    if text in ("", "-1"):  # how some exports write "with the session"
        return 0
    _check(_TIME.fullmatch(text), "the expiry is no number")
    return min(int(float(text)), _LAST_TIME)


def _check(is_right: object, problem: str) -> None:
    if not is_right:
        raise ValueError(problem)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _line(cookie: Cookie) -> str:
    # yt-dlp insists that the dot and the second field say the same.
    domain = f".{cookie.domain}" if cookie.has_subdomains else cookie.domain
    flags: Mapping[bool, str] = {True: "TRUE", False: "FALSE"}
    return "\t".join(
        (
            domain,
            flags[cookie.has_subdomains],
            cookie.path,
            flags[cookie.is_secure],
            str(cookie.expires),
            cookie.name,
            # Headers are Latin-1: so the bytes are those that a browser sends.
            cookie.value.encode().decode("latin-1"),
        )
    )


def _site(name: str, cookies: tuple[Cookie, ...], now: datetime) -> SiteCookies:
    ends = [cookie.expires for cookie in cookies if cookie.expires and not cookie.is_expired(now)]
    return SiteCookies(
        site=name,
        count=len(cookies),
        expired=sum(cookie.is_expired(now) for cookie in cookies),
        first_expiry=datetime.fromtimestamp(min(ends), UTC) if ends else None,
    )
