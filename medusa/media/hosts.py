"""Hosts as requests name them: an address in its one plain spelling, or a name of DNS. Pure.

Whoever resolves names reads far more than that as an address: `0x7f.1`, `2130706433`, `127.1`. Here each of
them is refused, so that nothing depends on who reads it how.
"""

import re
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from medusa.media.address import Address

_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""A last label that makes the whole an address: no top-level domain is a number."""
_LONGEST = 253
_LOCAL = frozenset(
    {
        *("localhost", "local", "localdomain", "internal", "intranet", "private", "lan", "home", "corp"),
        *("arpa", "test", "onion", "svc", "cluster", "consul"),
    }
)
"""Top-level domains that mean something else in each network: RFC 6761, 6762, 7686 and 8375, what ICANN keeps
out of the DNS for that reason, and those of containers."""


class Disguised(ValueError):
    """Neither an address in its plain spelling nor a name."""


class Host(NamedTuple):
    """Where a request wants to go."""

    name: str
    """In small letters, without a dot at the end; of an address its plain spelling."""
    address: Address | None = None
    """None: a name, which has to be resolved."""

    @property
    def is_local(self) -> bool:
        """Whether only this network knows the name: `mongo`, `localhost`, `metadata.google.internal`."""
        _, dot, last = self.name.rpartition(".")
        return self.address is None and (not dot or last in _LOCAL)


def read_host(text: str) -> Host:
    """The host of a request, an IPv6 address in brackets. Raises Disguised."""
    if text.startswith("[") and text.endswith("]"):
        return _ipv6(text[1:-1])
    name = text.lower()
    last = name.removesuffix(".").rpartition(".")[2]
    if _NUMBER.fullmatch(last):
        return _ipv4(name)
    name = name.removesuffix(".")
    if len(name) > _LONGEST or not _NAME.fullmatch(name):
        raise Disguised(f"no name: {text!r}")
    return Host(name)


def _ipv4(text: str) -> Host:
    try:
        address = IPv4Address(text)
    except ValueError as error:
        raise Disguised(f"an address in another spelling: {text!r}") from error
    return Host(str(address), address)


def _ipv6(text: str) -> Host:
    try:
        address = IPv6Address(text)
    except ValueError as error:
        raise Disguised(f"no address: {text!r}") from error
    if address.scope_id is not None:
        raise Disguised(f"an address of one link: {text!r}")
    return Host(str(address), address)
