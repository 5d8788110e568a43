"""Secrets that are planted, each with a mark of its own, and the search for them in whatever leaves."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

TOKEN = "7000001:AAmarkTOKENx" + "9tk" * 9
HASH = "ab5ec4e7ab5ec4e7ab5ec4e7ab5ec4e7"
MONGO, REDIS = "markMONGO9p/w+x", "markREDIS9pwx"
COOKIES_KEY = "markCOOKIESKEY9 with a space"
COOKIE, OWNERS_COOKIE = "markCOOKIE9value", "markOWNERCOOKIE9value"
LINK_PASSWORD, LINK_TOKEN = "markLINKPASS9w", "markLINKTOKEN9t"
PROXY, INDEX = "markPROXY9w", "markINDEX9w"
ALL = {
    "BOT_TOKEN": TOKEN,
    "API_HASH": HASH,
    "password of MongoDB": MONGO,
    "password of Redis": REDIS,
    "COOKIES_KEY": COOKIES_KEY,
    "somebody's cookie": COOKIE,
    "the owner's cookie": OWNERS_COOKIE,
    "link password": LINK_PASSWORD,
    "link token": LINK_TOKEN,
    "password of a proxy": PROXY,
    "password of a package index": INDEX,
}
PIPS = ("password of a proxy", "password of a package index")
"""Only pip is told."""
LINKS = ("link password", "link token")
SETTINGS = {
    "API_HASH": HASH,
    "COOKIES_KEY": COOKIES_KEY,
    # Nobody is there; only pip is to be told of them.
    "HTTPS_PROXY": f"http://medusa:{PROXY}@127.0.0.1:9",
    "PIP_INDEX_URL": f"http://medusa:{INDEX}@127.0.0.1:9/simple",
}


def quoted(secret: str) -> str:
    """As it stands in a URI."""
    return quote(secret, safe="")


def signed(url: str) -> str:
    """A link that nobody else should use."""
    return f"{url}{'&' if '?' in url else '?'}token={LINK_TOKEN}"


def opening(url: str) -> str:
    """A link with a password, which the bot refuses."""
    return url.replace("//", f"//ann:{LINK_PASSWORD}@", 1)


def cookies(value: str) -> bytes:
    """A file with one cookie."""
    return f"# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t2000000000\tsession\t{value}\n".encode()


def forms(secret: str) -> set[bytes]:
    """How a secret may look: plain, quoted for a URL, for Python, for JSON, in hex, and in base64 wherever it
    begins in what was encoded."""
    raw = secret.encode()
    texts = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1]}
    texts |= {json.dumps(secret)[1:-1], raw.hex(), secret[::-1]}
    found = {text.encode() for text in texts}
    for shift in range(3):
        padded = b"\0" * shift + raw
        # What stands at the edges depends on the neighbours.
        inside = base64.b64encode(padded)[-(-8 * shift // 6) : len(padded) * 8 // 6]
        found |= {inside, inside.replace(b"+", b"-").replace(b"/", b"_")}
    return found


@dataclass
class Search:
    """What is searched for, and what was found."""

    secrets: dict[str, str]
    """By name."""
    leaks: list[str] = field(default_factory=list)
    context: dict[str, bytes] = field(default_factory=dict)
    """Of each, what stands around it."""
    searched: int = 0
    """Bytes."""

    def __post_init__(self) -> None:
        self._forms = {name: forms(secret) for name, secret in self.secrets.items()}

    def add(self, name: str, secret: str) -> None:
        """One more."""
        self.secrets[name] = secret
        self._forms[name] = forms(secret)

    def look(self, where: str, data: bytes, *, but: tuple[str, ...] = ()) -> None:
        """Look for all secrets, besides those that may stand there, in some bytes."""
        self.searched += len(data)
        for name, at in self._found(data):
            leak = f"{name} in {where}"
            if name not in but and leak not in self.leaks:
                self.leaks.append(leak)
                self.context[leak] = data[max(0, at - 300) : at + 60]

    def _found(self, data: bytes) -> Iterator[tuple[str, int]]:
        for name, shapes in self._forms.items():
            for shape in shapes:
                if (at := data.find(shape)) >= 0:
                    yield name, at
                    break
