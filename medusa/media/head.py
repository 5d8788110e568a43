"""The heads of requests to the policy proxy, and of the answers of origins. Pure.

What comes out is written anew from what was understood, so that an origin cannot read it in another way.
"""

import re
from typing import NamedTuple

from medusa.errors import PrivateAddress
from medusa.media.hosts import Disguised, Host, read_host

_REQUEST = re.compile(rb"([A-Z]+) ([!-~]+) HTTP/1\.[01]")
_AUTHORITY = r"(?P<host>\[[^\[\]/?#@\\]*\]|[^\[\]/?#@\\:]+)(?::(?P<port>[0-9]{0,5}))?"
_URL = re.compile(rf"http://{_AUTHORITY}(?P<path>/[^#]*|\?[^#]*)?", re.IGNORECASE)
_ENDPOINT = re.compile(_AUTHORITY)
_FIELD = re.compile(rb"(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):(?P<value>[\t -~\x80-\xff]*)")
_METHODS = frozenset({"GET", "HEAD", "POST"})
_HOP_BY_HOP = frozenset(
    {
        *(b"connection", b"proxy-connection", b"proxy-authorization", b"proxy-authenticate", b"keep-alive"),
        *(b"host", b"upgrade", b"expect", b"te", b"trailer"),
    }
)
"""What is between two neighbours only; and the host, which is written anew."""
_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?: .*)?", re.DOTALL)


class BadRequest(Exception):
    """Not a request that a proxy serves."""


class BadAnswer(Exception):
    """Not an answer that can be passed on."""


class Head(NamedTuple):
    """Where a request wants to go, and what is sent there before its body."""

    host: Host
    port: int
    forward: bytes = b""
    """Empty for a tunnel."""
    length: int | None = None
    """Bytes of the body; None for a tunnel: whatever comes."""


def read_head(head: bytes) -> Head:
    """The head of a CONNECT or absolute-URI request, rewritten for the origin.

    Raises BadRequest; PrivateAddress for a host that is written so as not to be recognised.
    """
    line, *rest = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    request = _REQUEST.fullmatch(line)
    if request is None:
        raise BadRequest("no request line")
    method, target = request[1].decode(), request[2].decode()
    fields = [_field(field) for field in rest]
    if method == "CONNECT":
        place = _ENDPOINT.fullmatch(target)
        if place is None or not place["port"]:
            raise BadRequest("a tunnel needs host:port")
        return Head(_host(place["host"]), _port(place["port"]))
    if method not in _METHODS:
        raise BadRequest(f"method {method}")
    url = _URL.fullmatch(target)
    if url is None:
        raise BadRequest("no http:// address of a host")
    host, port = _host(url["host"]), _port(url["port"] or "80")
    length = _body(fields)
    path = url["path"] or "/"
    lines = [f"{method} {path if path.startswith('/') else '/' + path} HTTP/1.1".encode(), _named(host, port)]
    lines += [name + b":" + value for name, value in fields if name.lower() not in _HOP_BY_HOP]
    return Head(host, port, b"\r\n".join([*lines, b"Connection: close", b"", b""]), length)


def split_answer(data: bytes) -> tuple[bytes, bytes] | None:
    """The head of an answer, with the empty line behind it, and what follows; None: it is not all there.

    What does not begin like HTTP has no head.
    """
    if not data.startswith(b"HTTP/"[: len(data)]):
        return b"", data
    end = _END.search(data)
    return None if end is None else (data[: end.end()], data[end.end() :])


def rewrite_answer(head: bytes) -> bytes:
    """The head of an answer for the child; empty for one that only announces another.

    It says that the connection ends with this answer: else the child would send its next request, which may
    be for another host, along the same connection. Raises BadAnswer.
    """
    line, *rest = re.split(rb"\r?\n", head.strip(b"\r\n"))
    status = _STATUS.fullmatch(line)
    if status is None or status[1] == b"101":
        raise BadAnswer("no status line of HTTP/1, or another protocol")
    if status[1].startswith(b"1"):
        return b""
    kept: list[bytes] = []
    is_kept = True
    for field in rest:
        if not field.startswith((b" ", b"\t")):
            is_kept = field.partition(b":")[0].strip().lower() not in _HOP_BY_HOP
        if is_kept:
            kept.append(field)
    return b"\r\n".join([line, *kept, b"Connection: close", b"", b""])


def _host(text: str) -> Host:
    try:
        return read_host(text)
    except Disguised as error:
        raise PrivateAddress(detail=str(error)) from error


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise BadRequest(f"port {text}")
    return port


def _named(host: Host, port: int) -> bytes:
    """The Host field: what was checked, whatever the request had there."""
    name = f"[{host.name}]" if ":" in host.name else host.name
    return f"Host: {name}{'' if port == 80 else f':{port}'}".encode()


def _field(line: bytes) -> tuple[bytes, bytes]:
    field = _FIELD.fullmatch(line)
    if field is None:  # no name, a space before the colon, a line that is folded, CR, LF or NUL
        raise BadRequest("a malformed field")
    return field["name"], field["value"]


def _body(fields: list[tuple[bytes, bytes]]) -> int:
    """How many bytes follow the head. Raises BadRequest where two readers could come to two answers."""
    named = [(name.lower(), value.strip()) for name, value in fields]
    lengths = [value for name, value in named if name == b"content-length"]
    if any(name == b"transfer-encoding" for name, _ in named):
        raise BadRequest("a body without a length")
    if len(lengths) > 1 or not all(re.fullmatch(rb"[0-9]{1,12}", length) for length in lengths):
        raise BadRequest("not one length")
    return int(lengths[0]) if lengths else 0
