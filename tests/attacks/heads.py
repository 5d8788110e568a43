"""What is sent to the policy proxy, as data: request heads that name the inside in one way or another.

`{inside}` is the port of servers that nobody may reach, `{site}` the one that FETCH_ALLOW opens, as
`127.0.0.1:port`, `{proxy}` the proxy's own port.
"""

from collections.abc import Iterator
from typing import NamedTuple

from tests.attacks.inside import own_addresses


class Sent(NamedTuple):
    """One connection to the proxy."""

    name: str
    data: bytes
    statuses: frozenset[int] = frozenset({400, 403})
    """With which of these it is refused; 200: it goes to the site, and there as it should."""


_LOOPBACK = (
    *("127.0.0.1", "127.0.0.2", "127.255.255.254", "127.1", "127.0.1", "127.0.0.1.", "127.0.0.01"),
    *("127.000.000.001", "00127.0.0.1", "0177.0.0.1", "0177.1", "017700000001", "0x7f.1", "0x7f.0.0.1"),
    *(
        "0X7F000001",
        "0x7f000001",
        "0x7f.0x0.0x0.0x1",
        "2130706433",
        "02130706433",
        "4294967297",
        "6425673729",
    ),
    *(
        "0",
        "0.0.0.0",
        "0x0",
        "00",
        "0.",
        "127.0.0.1%lo",
        "127.0.0.1%00.example",
        "%31%32%37.0.0.1",
        "127%2e0.0.1",
    ),
    *("１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "1②7.0.0.1", "127.0.0.1\u00ad"),
    *("[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
    *(
        "[0:0:0:0:0:ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[::7f00:1]",
        "[::ffff:0:127.0.0.1]",
        "[::1%lo]",
        "[::1%25lo]",
    ),
    *("[::1].", "::1", "[127.0.0.1]", "[::1", "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]"),
    *("[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[fe80::1]", "[fe80::1%lo]", "[fe80::1%25lo]"),
)
_PRIVATE = (
    *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "169.254.170.2"),
    *("100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.0.9", "192.0.2.1", "192.88.99.1", "198.18.0.1"),
    *("198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
    *("255.255.255.255", "168.63.129.16", "0xA9FEA9FE", "2852039166", "169.254.43518", "0251.0376.0251.0376"),
    *(
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fd20:ce::254]",
        "[fec0::1]",
        "[ff02::1]",
        "[100::1]",
        "[2001:db8::1]",
    ),
    *("[2001:2::1]", "[2001:10::1]", "[2001:20::1]", "[3fff::1]", "[5f00::1]", "[3ffe::1]", "[2002:a00:1::]"),
    *("[::ffff:169.254.169.254]", "[::ffff:10.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[4000::1]"),
)
_NAMES = (
    *("localhost", "LOCALHOST", "localhost.", "foo.localhost", "localhost.localdomain", "ip6-localhost"),
    *("ip6-loopback", "broadcasthost", "mongo", "redis", "metadata", "metadata.google.internal"),
    *(
        "metadata.google.internal.",
        "kubernetes.default.svc",
        "mongo.default.svc.cluster.local",
        "printer.local",
    ),
    *("host.docker.internal", "instance-data.ec2.internal", "router.lan", "nas.home.arpa", "intranet.corp"),
    *(
        "ⓛocalhost",
        "ｌｏｃａｌｈｏｓｔ",
        "local\u00adhost",
        "xn--localhost",
        "localhost%00",
        "localhost%2f",
        "local host",
    ),
    *("loop.example", "LOOP.example.", "loop6.example", "lan.example", "metadata.example", "any.example"),
    *("mapped.example", "compatible.example", "sixtofour.example", "nat64.example", "two-faced.example"),
    *("two-faced6.example", "many.example"),
)
_TARGETS = {
    "user information": "http://good.example@127.0.0.1:{inside}/x",
    "the site as user": "http://{site}@127.0.0.1:{inside}/x",
    "two at signs": "http://a@b@127.0.0.1:{inside}/x",
    "a password": "http://a:b@127.0.0.1:{inside}/x",
    "the inside as user": "http://127.0.0.1:{inside}@{site}/x",
    "a backslash": "http://{site}\\@127.0.0.1:{inside}/x",
    "two backslashes": "http:\\\\127.0.0.1:{inside}/x",
    "a fragment": "http://{site}#@127.0.0.1:{inside}/x",
    "a fragment in the path": "http://{site}/#@127.0.0.1:{inside}/x",
    "an escaped slash": "http://{site}%2f@127.0.0.1:{inside}/x",
    "an escaped colon": "http://127.0.0.1%3a{inside}/x",
    "a semicolon": "http://{site};127.0.0.1:{inside}/x",
    "a comma": "http://127.0.0.1:{inside},{site}/x",
    "two ports": "http://127.0.0.1:80:{inside}/x",
    "three slashes": "http:///127.0.0.1:{inside}/x",
    "one slash": "http:/127.0.0.1:{inside}/x",
    "no slash": "http:127.0.0.1:{inside}/x",
    "no scheme": "//127.0.0.1:{inside}/x",
    "https": "https://127.0.0.1:{inside}/x",
    "ftp": "ftp://127.0.0.1:{inside}/x",
    "gopher": "gopher://127.0.0.1:{inside}/_x",
    "file": "file:///etc/passwd",
    "data": "data:text/plain,x",
    "rtmp": "rtmp://127.0.0.1:{inside}/x",
    "ws": "ws://127.0.0.1:{inside}/x",
    "http+unix": "http+unix://%2frun%2fdocker.sock/x",
    "a path alone": "/x",
    "an asterisk": "*",
    "the proxy itself": "http://127.0.0.1:{proxy}/x",
    "the proxy by name": "http://localhost:{proxy}/x",
    "port 0": "http://127.0.0.1:0/x",
    "port 65536": "http://{siteless}:65536/x",
    "a port that wraps": "http://127.0.0.1:{wrapped}/x",
    "a signed port": "http://127.0.0.1:+{inside}/x",
    "a negative port": "http://127.0.0.1:-1/x",
    "a port with zeros": "http://127.0.0.1:000{inside}/x",
    "a port in Arabic digits": "http://127.0.0.1:٨٠/x",
    "a port in hexadecimal": "http://127.0.0.1:0x50/x",
    "SSH of everybody": "http://public.example:22/x",
    "mail of everybody": "http://public.example:25/x",
    "IRC of everybody": "http://public.example:6667/x",
}
_TUNNELS = (
    *(
        "127.0.0.1:{inside}",
        "localhost:{inside}",
        "[::1]:{inside}",
        "0x7f.1:{inside}",
        "[::ffff:127.0.0.1]:{inside}",
    ),
    *(
        "loop.example:{inside}",
        "two-faced.example:{inside}",
        "mongo:27017",
        "a@127.0.0.1:{inside}",
        "127.0.0.1",
    ),
    *("http://127.0.0.1:{inside}/", "127.0.0.1:{inside}/x", "127.0.0.1:0", "127.0.0.1:{wrapped}", "{site}@x"),
    *("169.254.169.254:80", "[fd00:ec2::254]:80", "metadata.google.internal:80", "public.example:25"),
    *(
        "{site}#127.0.0.1:{inside}",
        "{site}\\@127.0.0.1:{inside}",
        "127.0.0.1:{proxy}",
        "rebinding.example:{inside}",
    ),
)
_SITE = "GET http://{site}/ok HTTP/1.1\r\n"
_INSIDE = "GET http://127.0.0.1:{inside}/x HTTP/1.1\r\n"
_HEADS = {
    "a bare LF": "GET http://{site}/ok HTTP/1.1\nHost: 127.0.0.1:{inside}\r\n\r\n",
    "a bare CR": _SITE + "A: b\rHost: 127.0.0.1:{inside}\r\n\r\n",
    "a field behind a LF": _SITE + "A: b\nHost: 127.0.0.1:{inside}\r\n\r\n",
    "NUL in a field": _SITE + "A: b\0c\r\n\r\n",
    "NUL in the target": "GET http://127.0.0.1:{inside}\0.{site}/x HTTP/1.1\r\n\r\n",
    "a folded line": _SITE + "A: b\r\n Host: 127.0.0.1:{inside}\r\n\r\n",
    "a space before the colon": _SITE + "Host : 127.0.0.1:{inside}\r\n\r\n",
    "a field without a name": _SITE + ": x\r\n\r\n",
    "a field without a colon": _SITE + "Host\r\n\r\n",
    "two lengths": "POST http://{site}/ok HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "one length twice": "POST http://{site}/ok HTTP/1.1\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\na",
    "a signed length": "POST http://{site}/ok HTTP/1.1\r\nContent-Length: +1\r\n\r\na",
    "a list of lengths": "POST http://{site}/ok HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\na",
    "length and chunks": "POST http://{site}/ok HTTP/1.1\r\nContent-Length: 4\r\n"
    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks": "POST http://{site}/ok HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks in disguise": "POST http://{site}/ok HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n",
    "no version": "GET http://127.0.0.1:{inside}/x\r\n\r\n",
    "HTTP/0.9": "GET http://127.0.0.1:{inside}/x HTTP/0.9\r\n\r\n",
    "HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a version too many": "GET http://127.0.0.1:{inside}/x HTTP/1.1 HTTP/1.1\r\n\r\n",
    "a tab": "GET\thttp://127.0.0.1:{inside}/x\tHTTP/1.1\r\n\r\n",
    "a small method": "get http://{site}/ok HTTP/1.1\r\n\r\n",
    "TRACE": "TRACE http://{site}/ok HTTP/1.1\r\n\r\n",
    "OPTIONS": "OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1:{inside}\r\n\r\n",
    "a small tunnel": "connect 127.0.0.1:{inside} HTTP/1.1\r\n\r\n",
    "the inside as host": "GET /x HTTP/1.1\r\nHost: 127.0.0.1:{inside}\r\n\r\n",
    "SOCKS 4": "\x04\x01\x00\x50\x7f\x00\x00\x01\x00\r\n\r\n",
}
_HARMLESS = {
    "another host in the head": _SITE + "Host: 127.0.0.1:{inside}\r\n\r\n",
    "two hosts in the head": _SITE + "Host: {site}\r\nHost: 127.0.0.1:{inside}\r\n\r\n",
    "a second request behind": _SITE + "\r\n" + _INSIDE + "\r\n",
    "a second request behind a body": "POST http://{site}/ok HTTP/1.1\r\nContent-Length: 1\r\n\r\na"
    + _INSIDE
    + "\r\n",
    "the inside in the path": "GET http://{site}//127.0.0.1:{inside}/ok HTTP/1.1\r\n\r\n",
    "the inside in the query": "GET http://{site}?@127.0.0.1:{inside}/ok HTTP/1.1\r\n\r\n",
    "forwarded": _SITE + "X-Forwarded-Host: 127.0.0.1:{inside}\r\nForwarded: host=127.0.0.1\r\n\r\n",
    "an upgrade": _SITE + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n",
}


def all_sent() -> Iterator[Sent]:
    """Every case."""
    for host in (*_LOOPBACK, *own_addresses(), *_NAMES):
        yield Sent(f"GET {host}", _get(f"http://{host}:{{inside}}/x"))
        yield Sent(f"CONNECT {host}", _connect(f"{host}:{{inside}}"))
    for host in _PRIVATE:
        yield Sent(f"GET {host}", _get(f"http://{host}/x"))
    for name, target in _TARGETS.items():
        yield Sent(name, _get(target))
    for target in _TUNNELS:
        yield Sent(f"CONNECT {target}", _connect(target))
    for name, head in _HEADS.items():
        yield Sent(name, head.encode())
    yield Sent("huge", (_SITE + "A: " + "a" * 70_000 + "\r\n\r\n").encode(), frozenset({431}))
    yield Sent("huge without an end", (_INSIDE + "A: " + "a" * 70_000).encode(), frozenset({431}))
    yield Sent("many fields", (_INSIDE + "A: b\r\n" * 12_000 + "\r\n").encode(), frozenset({431}))
    yield Sent("a name that is none", _get("http://none.invalid/x"), frozenset({502}))
    yield Sent("a name without an address", _get("http://empty.example/x"), frozenset({502}))
    for name, head in _HARMLESS.items():
        yield Sent(name, head.encode(), frozenset({200}))


def _get(target: str) -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: {{site}}\r\n\r\n".encode()


def _connect(target: str) -> bytes:
    return f"CONNECT {target} HTTP/1.1\r\nHost: {{site}}\r\n\r\n".encode()
