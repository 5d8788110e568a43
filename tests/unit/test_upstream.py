"""A proxy's address is read, and what is odd is refused without a word of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.upstream import Upstream, read_upstream


@pytest.mark.parametrize(
    ("url", "upstream"),
    [
        ("socks5://host:1080", Upstream("socks5", "host", 1080)),
        ("socks5h://host:1080/", Upstream("socks5", "host", 1080)),
        ("SOCKS5://Host:1080", Upstream("socks5", "host", 1080)),
        ("http://[::1]:3128", Upstream("http", "::1", 3128)),
        ("http://ann:p%40ss%3aword@10.0.0.1:3128", Upstream("http", "10.0.0.1", 3128, "ann", "p@ss:word")),
        ("socks5://a%3ab:@host:1", Upstream("socks5", "host", 1, "a:b", "")),
    ],
)
def test_addresses(url: str, upstream: Upstream) -> None:
    assert tuple(read_upstream(url)) == tuple(upstream)


@pytest.mark.parametrize(
    "url",
    [
        *("", "host:1080", "socks4://host:1", "https://host:1", "tg://proxy?server=x", "socks5://host"),
        *(
            "socks5://:1080",
            "socks5://host:0",
            "socks5://host:65536",
            "socks5://host:x",
            "http://host:1/path",
        ),
        *(
            "http://host:1?x",
            "http://host:1#x",
            "http://[::1:1",
            "http://a%0d%0aX:@host:1",
            "http://a%3ab:c@h:1",
        ),
        "socks5://" + "u" * 256 + ":p@host:1",
    ],
)
def test_nonsense(url: str) -> None:
    with pytest.raises(ValueError, match=r"no address|no proxy takes"):
        read_upstream(url)


@given(st.text(max_size=60))
def test_whatever_is_given_is_read_or_refused_and_not_told(text: str) -> None:
    planted = f"http://planted:{text}@planted-host:1"
    for url in (text, planted):
        told = ""
        try:
            told = repr(read_upstream(url))
        except ValueError as error:
            told = str(error)
        assert "planted" not in told
