"""Cookie files: read strictly, written anew, told of without values."""

import io
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yt_dlp.cookies import YoutubeDLCookieJar

from medusa import cookies
from medusa.cookies import HOW_TO_EXPORT, LARGEST_FILE, MOST_COOKIES, Cookie, CookieFile
from medusa.errors import WrongArgument

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LINE = ".example.org\tTRUE\t/\tTRUE\t1900000000\tsid\tsecret"


def file(*lines: str) -> bytes:
    return "\n".join(["# Netscape HTTP Cookie File", *lines, ""]).encode()


def cookie(**changes: object) -> Cookie:
    (whole,) = cookies.parse(file(LINE))
    return whole.evolve(**changes)


def domains() -> st.SearchStrategy[str]:
    label = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
    return st.lists(label, min_size=2, max_size=4).map(".".join).filter(lambda name: name[-1].isalpha())


COOKIES = st.builds(
    Cookie,
    domain=domains(),
    has_subdomains=st.booleans(),
    path=st.from_regex(r"/[a-z0-9/._-]{0,20}", fullmatch=True),
    is_secure=st.booleans(),
    expires=st.integers(0, 4_000_000_000),
    name=st.from_regex(r"[A-Za-z0-9_.-]{1,20}", fullmatch=True),
    value=st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters=";"), max_size=50),
)


# --- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        file(LINE),
        b"\xef\xbb\xbf" + file(LINE).replace(b"\n", b"\r\n"),
        file("# a comment", "", f"#HttpOnly_{LINE}"),
        LINE.encode(),
        file(LINE.replace("\tTRUE\t/", "\tFALSE\t/")),
        file(LINE.replace(".example", ".EXAMPLE")),
        file(LINE.replace("secret", "an earlier one"), LINE),
        file(LINE.replace("1900000000", "1900000000.5")),
    ],
)
def test_what_browsers_and_their_extensions_write_is_understood(data: bytes) -> None:
    (found,) = cookies.parse(data)
    assert found == Cookie(
        domain="example.org",
        has_subdomains=True,
        path="/",
        is_secure=True,
        expires=1900000000,
        name="sid",
        value="secret",
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (LINE.replace("\t", " "), "1 fields between tabs where 7 belong, are these spaces instead"),
        (LINE + "\tmore", "8 fields between tabs where 7 belong"),
        ("GET /secret HTTP/1.1", "1 fields between tabs"),
        (LINE.replace(".example.org", "exa mple.org"), "no host name"),
        (LINE.replace(".example.org", ""), "no host name"),
        (LINE.replace(".example.org", ".org"), "a whole top-level domain"),
        (LINE.replace("TRUE\t/", "yes\t/"), "the second field"),
        (LINE.replace("\tTRUE\t19", "\t1\t19"), "the fourth field"),
        (LINE.replace("\t/\t", "\tnowhere\t"), "the path"),
        (LINE.replace("\t/\t", "\t/; Domain=evil.example\t"), "the path"),
        (LINE.replace("1900000000", "soon"), "the expiry"),
        (LINE.replace("sid", "s=id"), "the name"),
        (LINE.replace("sid", "s id"), "the name"),
        (LINE.replace("secret", "secret; Domain=evil.example"), "the value"),
        (LINE.replace("secret", "secret\rHost: evil.example"), "the value"),
        (LINE.replace("secret", "secret\x00"), "the value"),
        (LINE.replace("secret", "x" * 9000), "too long"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_of_it_is_repeated(line: str, problem: str) -> None:
    with pytest.raises(WrongArgument) as caught:
        cookies.parse(file(LINE, line))
    assert "Line 3: " in caught.value.sentence
    assert problem in caught.value.sentence
    assert "secret" not in caught.value.sentence
    assert "evil" not in caught.value.sentence


def test_of_many_wrong_lines_some_are_named() -> None:
    with pytest.raises(WrongArgument, match=r"Line 6: .* … and 4 more\."):
        cookies.parse(file(LINE, *["wrong"] * 8, LINE, "wrong"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (json.dumps([{"name": "sid", "value": "secret"}]).encode(), "in JSON"),
        (b' \n{"cookies": []}', "in JSON"),
        (b"", "no cookies in this file"),
        (file("# nothing"), "no cookies in this file"),
        (b"Cookie: sid=secret", "no cookies in this file"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "no text file"),
        (file(LINE).decode().encode("utf-16"), "no text file"),
    ],
)
def test_what_is_no_such_file_tells_how_to_get_one(data: bytes, words: str) -> None:
    with pytest.raises(WrongArgument) as caught:
        cookies.parse(data)
    assert words in caught.value.sentence
    assert HOW_TO_EXPORT in caught.value.sentence
    assert "secret" not in caught.value.sentence


def test_too_much_is_refused() -> None:
    with pytest.raises(WrongArgument, match="more than 1 MB"):
        cookies.parse(b"#" * (LARGEST_FILE + 1))
    many = [LINE.replace("sid", f"s{number}") for number in range(MOST_COOKIES + 1)]
    with pytest.raises(WrongArgument, match="Export one site only"):
        cookies.parse(file(*many))


def test_a_cookie_of_an_address_is_for_that_address() -> None:
    (found,) = cookies.parse(file(LINE.replace(".example.org", ".127.0.0.1")))
    assert (found.domain, found.has_subdomains) == ("127.0.0.1", False)


def test_a_cookie_without_a_name_is_left_out() -> None:
    assert len(cookies.parse(file(LINE, LINE.replace("sid", "")))) == 1


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_nothing_breaks_the_reader(data: bytes) -> None:
    with suppress(WrongArgument):
        assert cookies.parse(data)


# --- writing --------------------------------------------------------------------------------------


@given(st.lists(COOKIES, min_size=1, max_size=8))
def test_what_is_written_is_read_as_it_was(given_cookies: list[Cookie]) -> None:
    unique = {(one.domain, one.has_subdomains, one.path, one.name): one for one in given_cookies}
    written = cookies.write(unique.values()).encode("latin-1")
    assert cookies.read(written) == tuple(unique.values())


@given(st.lists(COOKIES, min_size=1, max_size=8))
def test_yt_dlp_reads_the_same_cookies_and_no_others(given_cookies: list[Cookie]) -> None:
    jar: Any = YoutubeDLCookieJar()
    jar.load(io.StringIO(cookies.write(given_cookies)))
    expected = {(one.domain, one.path, one.name) for one in given_cookies}
    assert {(one.domain.removeprefix("."), one.path, one.name) for one in jar} == expected
    assert all(one.domain_specified == one.domain.startswith(".") for one in jar)


def test_nobody_reads_it_by_mistake() -> None:
    assert "secret" not in repr(CookieFile("secret", 5))


# --- choosing -------------------------------------------------------------------------------------


def test_what_has_expired_is_not_sent() -> None:
    session, old, new = (cookie(expires=at) for at in (0, int(NOW.timestamp()), int(NOW.timestamp()) + 1))
    assert cookies.current([session, old, new], NOW) == (session, new)


def test_ones_own_cookies_of_a_site_replace_the_shared_ones() -> None:
    own = cookie(domain="www.example.org", has_subdomains=False)
    shared = cookie(domain="example.org", value="the owner's")
    other = cookie(domain="example.com")
    assert cookies.merged([own], [shared, other]) == (own, other)
    assert cookies.merged([], [shared, other]) == (shared, other)


@pytest.mark.parametrize(
    ("domain", "site"),
    [
        ("example.org", "example.org"),
        ("www.example.org", "example.org"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("10.0.0.1", "10.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_hosts_of_a_site_belong_together(domain: str, site: str) -> None:
    assert cookies.site_of(domain) == site


# --- telling --------------------------------------------------------------------------------------


def test_the_overview_counts_by_site_and_shows_no_value() -> None:
    soon = NOW + timedelta(days=3)
    found = [
        cookie(domain="www.example.org", expires=int(soon.timestamp()) + 99),
        cookie(expires=int(soon.timestamp())),
        cookie(name="old", expires=1),
        cookie(domain="example.com", expires=0),
    ]
    overview = cookies.overview(found, NOW, NOW)
    assert [(one.site, one.count, one.expired, one.first_expiry) for one in overview.sites] == [
        ("example.com", 1, 0, None),
        ("example.org", 3, 1, soon),
    ]
    assert "secret" not in overview.model_dump_json()


@given(st.lists(COOKIES, max_size=10))
def test_every_cookie_is_counted_once(given_cookies: list[Cookie]) -> None:
    overview = cookies.overview(given_cookies, NOW, NOW)
    assert sum(site.count for site in overview.sites) == len(given_cookies)
    assert all(0 <= site.expired <= site.count for site in overview.sites)
    assert len({site.site for site in overview.sites}) == len(overview.sites)
