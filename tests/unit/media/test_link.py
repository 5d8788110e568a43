"""Which links are fetched at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import BadLink
from medusa.media.link import LONGEST, check_link, numbered, split_number

GOOD = [
    "https://example.org/watch?v=1",
    "http://example.org:8080/a%20b.mp4#t=10",
    "HTTPS://EXAMPLE.ORG/",
    "http://[2606:4700::1111]/v.mp4",
    "https://bücher.example/ü.mp4",
]
BAD = [
    "",
    "example.org/video.mp4",
    "ftp://example.org/v.mp4",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http:example.org",
    "http:///v.mp4",
    "http://me:secret@example.org/",
    "http://example.org@10.0.0.1/",
    "http://example.org:99999/",
    "http://[::1/",
    "http://example.org\\@10.0.0.1/",
    "http://example.org/a b",
    "http://example.org/\r\nHost: other",
    "http://example.org/#__youtubedl_smuggle=%7B%7D",
    "--exec=touch x",
    "http://example.org/" + "a" * LONGEST,
]


@pytest.mark.parametrize("url", GOOD)
def test_links_of_the_web_are_taken_as_they_are(url: str) -> None:
    assert check_link(f"  {url}\n") == url


@pytest.mark.parametrize("text", BAD)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(BadLink):
        check_link(text)


@given(st.text())
def test_no_text_is_taken_for_an_option_or_breaks_a_request(text: str) -> None:
    try:
        url = check_link(text)
    except BadLink:
        return
    assert url.lower().startswith(("http://", "https://"))
    assert not any(character.isspace() and character < "\x80" for character in url)


@given(st.from_regex(r"[a-z0-9%._~!$&'()*+,;=:-]*", fullmatch=True))
def test_user_information_never_passes(user: str) -> None:
    with pytest.raises(BadLink):
        check_link(f"http://{user}@example.org/")


@given(st.sampled_from(GOOD), st.integers(1, 99_999))
def test_one_of_several_behind_a_link_has_a_link_of_its_own(url: str, number: int) -> None:
    link = check_link(numbered(url, number))
    assert split_number(link) == (url, number)


@given(st.text())
def test_other_links_have_no_number(text: str) -> None:
    url, number = split_number(text)
    assert (url, number) == (text, None) or numbered(url, number or 0) == text
