"""An operator's proxy: SOCKS5 (RFC 1928, with the password of RFC 1929) or CONNECT of HTTP (RFC 9110).

What goes wrong is told without the proxy's address and credentials: its errors come before people.
"""

import asyncio
import base64
import re
import socket
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

SCHEMES = ("socks5", "http")
_LONGEST_HEAD = 16 * 1024
"""Bytes of the answer to CONNECT."""
_REASONS = {
    1: "it failed",
    2: "it does not allow that",
    3: "the network cannot be reached",
    4: "the host cannot be reached",
    5: "the connection was refused",
    6: "the way is too long",
    7: "it does not do that",
    8: "it does not know that kind of address",
}
"""RFC 1928, section 6."""


class Upstream(NamedTuple):
    """Where it is, and how to be let in."""

    scheme: str
    host: str
    port: int
    username: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Upstream({self.scheme})"


class ProxyRefused(OSError):
    """The proxy does not do what is asked of it."""


def read_upstream(url: str) -> Upstream:
    """From `socks5://user:password@host:1080` or `http://host:3128`; the user may be left out, and what has a
    meaning in an address is written as %xx. Raises ValueError, which tells nothing of the text."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.replace("socks5h", "socks5"), parts.hostname, parts.port
    except ValueError:
        raise ValueError("no address of a proxy") from None
    if (
        scheme not in SCHEMES
        or not host
        or not port
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
    ):
        raise ValueError("no address of a proxy")
    found = Upstream(scheme, host, port, unquote(parts.username or ""), unquote(parts.password or ""))
    for text in (found.username, found.password):
        if len(text.encode()) > 255 or re.search(r"[\x00-\x1f\x7f]", text):
            raise ValueError("a user name or a password that no proxy takes")
    if scheme == "http" and ":" in found.username:
        raise ValueError("a user name that no proxy takes")
    return found


async def dial(upstream: Upstream, host: str, port: int) -> socket.socket:
    """A connection to this host and port by way of the proxy; it does not block. `host`: an address, or a
    name, which the proxy resolves. Raises OSError. Put a time limit on it."""
    sock = await _connect(upstream)
    try:
        await (_socks5 if upstream.scheme == "socks5" else _http)(_Line(sock), upstream, host, port)
    except BaseException:
        sock.close()
        raise
    return sock


async def _connect(upstream: Upstream) -> socket.socket:
    """To the first of the proxy's addresses that answers."""
    loop = asyncio.get_running_loop()
    try:
        places = await loop.getaddrinfo(upstream.host, upstream.port, type=socket.SOCK_STREAM)
    except OSError:
        raise ProxyRefused("the proxy's name does not resolve") from None
    for family, kind, _, _, address in places:
        sock = socket.socket(family, kind)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await loop.sock_connect(sock, address)
        except OSError:
            sock.close()
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise ProxyRefused("the proxy cannot be reached")


class _Line(NamedTuple):
    """Takes exactly what belongs to the proxy: the next byte is the destination's."""

    sock: socket.socket

    async def send(self, data: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self.sock, data)

    async def take(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            block = await asyncio.get_running_loop().sock_recv(self.sock, size - len(data))
            if not block:
                raise ProxyRefused("the proxy hung up")
            data += block
        return data


async def _socks5(line: _Line, upstream: Upstream, host: str, port: int) -> None:
    method = 2 if upstream.username else 0
    await line.send(bytes((5, 1, method)))
    version, chosen = await line.take(2)
    if version != 5:
        raise ProxyRefused("the proxy does not speak SOCKS5")
    if chosen != method:
        raise ProxyRefused(
            "the proxy wants another login" if upstream.username else "the proxy wants a login"
        )
    if method == 2:
        name, password = upstream.username.encode(), upstream.password.encode()
        await line.send(bytes((1, len(name))) + name + bytes((len(password),)) + password)
        if (await line.take(2))[1] != 0:
            raise ProxyRefused("the proxy refuses the login")
    await line.send(b"\x05\x01\x00" + _destination(host) + port.to_bytes(2, "big"))
    version, reply, _, kind = await line.take(4)
    if version != 5 or reply != 0:
        raise ProxyRefused(f"the proxy answers: {_REASONS.get(reply, 'something unknown')}")
    lengths = {1: 4, 4: 16}
    length = lengths[kind] if kind in lengths else (await line.take(1))[0]
    await line.take(length + 2)  # where the proxy connects from


def _destination(host: str) -> bytes:
    try:
        packed = ip_address(host).packed
    except ValueError:
        name = host.encode("idna")
        return bytes((3, len(name))) + name
    return bytes((1 if len(packed) == 4 else 4,)) + packed


async def _http(line: _Line, upstream: Upstream, host: str, port: int) -> None:
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    if upstream.username:
        login = base64.b64encode(f"{upstream.username}:{upstream.password}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {login}")
    await line.send("\r\n".join([*lines, "", ""]).encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        if len(head) > _LONGEST_HEAD:
            raise ProxyRefused("the proxy answers too much")
        # One by one: what follows is not the proxy's.
        head += await line.take(1)
    status = re.match(rb"HTTP/1\.[01] ([0-9]{3})", head)
    if status is None:
        raise ProxyRefused("the proxy does not speak HTTP")
    if not status[1].startswith(b"2"):
        wants_login = status[1] == b"407"
        raise ProxyRefused(
            "the proxy refuses the login" if wants_login else f"the proxy answers {status[1].decode()}"
        )
