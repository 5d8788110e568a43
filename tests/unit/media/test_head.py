"""The heads of requests to the policy proxy, and of answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import PrivateAddress
from medusa.media.head import BadAnswer, BadRequest, read_head, rewrite_answer, split_answer


def test_a_request_is_rewritten_for_its_origin() -> None:
    head = read_head(
        b"POST http://Example.org:8080/a?b=c HTTP/1.1\r\nHost: evil.example\r\nRange: bytes=5-\r\n"
        b"Proxy-Connection: keep-alive\r\nConnection: keep-alive\r\nProxy-Authorization: Basic x\r\n"
        b"Upgrade: h2c\r\nContent-Length: 3\r\n\r\n"
    )
    assert (head.host.name, head.port, head.length) == ("example.org", 8080, 3)
    assert head.forward == (
        b"POST /a?b=c HTTP/1.1\r\nHost: example.org:8080\r\nRange: bytes=5-\r\nContent-Length: 3\r\n"
        b"Connection: close\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("line", "host", "port", "first"),
    [
        (b"CONNECT example.org:443 HTTP/1.1", "example.org", 443, b""),
        (b"CONNECT [2606:4700::1]:443 HTTP/1.1", "2606:4700::1", 443, b""),
        (b"GET http://example.org HTTP/1.0", "example.org", 80, b"GET / HTTP/1.1\r\nHost: example.org\r\n"),
        (
            b"GET http://example.org?x HTTP/1.0",
            "example.org",
            80,
            b"GET /?x HTTP/1.1\r\nHost: example.org\r\n",
        ),
        (b"GET http://example.org:/ HTTP/1.1", "example.org", 80, b"GET / HTTP/1.1\r\nHost: example.org\r\n"),
        (b"GET http://EXAMPLE.org./ HTTP/1.1", "example.org", 80, b"GET / HTTP/1.1\r\nHost: example.org\r\n"),
        (b"POST http://[::1]:81/ HTTP/1.1", "::1", 81, b"POST / HTTP/1.1\r\nHost: [::1]:81\r\n"),
        (
            b"HEAD HTTP://1.1.1.1/a@b\\c HTTP/1.1",
            "1.1.1.1",
            80,
            b"HEAD /a@b\\c HTTP/1.1\r\nHost: 1.1.1.1\r\n",
        ),
    ],
)
def test_where_it_goes(line: bytes, host: str, port: int, first: bytes) -> None:
    head = read_head(line + b"\r\n\r\n")
    assert (head.host.name, head.port) == (host, port)
    assert head.forward.startswith(first)
    assert bool(head.forward) is bool(first)


def test_whatever_host_it_says_it_is_for_the_one_that_is_asked_for() -> None:
    for field in (b"Host: evil", b"HOST:evil\r\nHost: other", b"host:\tevil:80"):
        assert read_head(b"GET http://a.example/ HTTP/1.1\r\n" + field + b"\r\n\r\n").forward == (
            b"GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n"
        )


@pytest.mark.parametrize("data", [b"", b"H", b"HTTP/1.1 200 OK\r\nA: b\r\n", b"HTTP/1.1 200 OK\r\n\r"])
def test_a_head_that_is_not_all_there(data: bytes) -> None:
    assert split_answer(data) is None


@pytest.mark.parametrize(
    ("data", "head", "rest"),
    [
        (b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n", b"body"),
        (b"HTTP/1.0 200 OK\n\nbody\r\n\r\n", b"HTTP/1.0 200 OK\n\n", b"body\r\n\r\n"),
        (b"ICY 200 OK\r\n\r\nbody", b"", b"ICY 200 OK\r\n\r\nbody"),
    ],
)
def test_head_and_body(data: bytes, head: bytes, rest: bytes) -> None:
    assert split_answer(data) == (head, rest)


@pytest.mark.parametrize(
    ("head", "forward"),
    [
        (
            b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nA: b\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nA: b\r\nConnection: close\r\n\r\n",
        ),
        (
            b"HTTP/1.1 302 Found\nconnection : x\n keep-alive\nLocation: y\n\n",
            b"HTTP/1.1 302 Found\r\nLocation: y\r\nConnection: close\r\n\r\n",
        ),
        (b"HTTP/1.0 200\r\n\r\n", b"HTTP/1.0 200\r\nConnection: close\r\n\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b""),
    ],
)
def test_an_answer_ends_its_connection(head: bytes, forward: bytes) -> None:
    assert rewrite_answer(head) == forward


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 101 Switching\r\n\r\n", b"HTTP/2 200\r\n\r\n", b"HTTP/1.1\r\n\r\n"]
)
def test_what_is_no_answer(head: bytes) -> None:
    with pytest.raises(BadAnswer):
        rewrite_answer(head)


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"GET http://", b"CONNECT ", b"GET http://a.example/ HTTP/1.1\r\n"]),
)
def test_no_bytes_do_anything_else(data: bytes, before: bytes) -> None:
    try:
        head = read_head(before + data + b"\r\n\r\n")
    except (BadRequest, PrivateAddress):
        return
    assert head.host.name
    assert 0 < head.port < 65536
    assert head.forward.count(b"\r\n\r\n") == (0 if head.length is None else 1)
    assert head.forward.count(b"\r\nHost: ") == (0 if head.length is None else 1)


@given(st.binary(max_size=300), st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n"]))
def test_any_answer_is_passed_on_or_refused(data: bytes, before: bytes) -> None:
    found = split_answer(before + data)
    if found is None or not found[0]:
        return
    assert found[0] + found[1] == before + data
    try:
        head = rewrite_answer(found[0])
    except BadAnswer:
        return
    assert not head or head.endswith(b"\r\nConnection: close\r\n\r\n")
