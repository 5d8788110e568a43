"""The heads of requests to the policy proxy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.media.proxy import BadRequest, read_head


def test_a_request_is_rewritten_for_its_origin() -> None:
    head = read_head(
        b"GET http://example.org:8080/a?b=c HTTP/1.1\r\nHost: example.org:8080\r\nRange: bytes=5-\r\n"
        b"Proxy-Connection: keep-alive\r\nConnection: keep-alive\r\nProxy-Authorization: Basic x\r\n\r\n"
    )
    assert (head.host, head.port) == ("example.org", 8080)
    assert head.forward == (
        b"GET /a?b=c HTTP/1.1\r\nHost: example.org:8080\r\nRange: bytes=5-\r\nConnection: close\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("line", "host", "port"),
    [
        (b"CONNECT example.org:443 HTTP/1.1", "example.org", 443),
        (b"CONNECT [2606:4700::1]:443 HTTP/1.1", "2606:4700::1", 443),
        (b"GET http://example.org HTTP/1.0", "example.org", 80),
        (b"POST http://[::1]:81/ HTTP/1.1", "::1", 81),
    ],
)
def test_where_it_goes(line: bytes, host: str, port: int) -> None:
    head = read_head(line + b"\r\n\r\n")
    assert (head.host, head.port) == (host, port)
    assert (head.forward == b"") is line.startswith(b"CONNECT")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"GET / HTTP/1.1",
        b"GET ftp://example.org/ HTTP/1.1",
        b"GET https://example.org/ HTTP/1.1",
        b"GET http:// HTTP/1.1",
        b"CONNECT example.org HTTP/1.1",
        b"CONNECT example.org:x HTTP/1.1",
        b"GET http://example.org:99999/ HTTP/1.1",
        b"GET http://example.org/ SPDY/3",
        b"GET http://ex\xffmple.org/ HTTP/1.1",
        b"GET http://example.org/ a HTTP/1.1",
    ],
)
def test_what_is_no_request_for_a_proxy(line: bytes) -> None:
    with pytest.raises(BadRequest):
        read_head(line + b"\r\n\r\n")


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_else(data: bytes) -> None:
    try:
        head = read_head(data + b"\r\n\r\n")
    except BadRequest:
        return
    assert head.host
    assert 0 <= head.port < 65536
