"""Which network addresses and ports a job may reach. Pure: names are resolved elsewhere."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address

_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is given out to networks; what is outside is local, reserved or a wrapper."""
SPECIAL: tuple[IPv4Network | IPv6Network, ...] = (
    # IANA's registries of special-purpose addresses, whether they call a block global or not.
    *(IPv4Network(block) for block in ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8")),
    *(IPv4Network(block) for block in ("169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24")),
    *(IPv4Network(block) for block in ("192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24")),
    *(IPv4Network(block) for block in ("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15")),
    *(IPv4Network(block) for block in ("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4")),
    IPv4Network("168.63.129.16/32"),  # Azure's host, seen from its machines
    IPv6Network("2001::/23"),  # protocols: Teredo, benchmarks, ORCHID
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4: may stand for any IPv4 address
    IPv6Network("2620:4f:8000::/48"),  # AS112
    IPv6Network("3ffe::/16"),  # 6bone, given back
    IPv6Network("3fff::/20"),  # documentation
)
"""Blocks that no media comes from. Python's ipaddress calls some of them global."""
_NO_WEB = frozenset(
    {
        *(1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, *range(6665, 6670), 6679, 6697),
        10080,
    }
)
"""The Fetch standard's "bad ports" above 1023: what listens there may take a request for its own commands."""


def is_public(address: Address) -> bool:
    """Whether everybody on the internet reaches the same machine under this address."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.scope_id is not None or address not in _UNICAST:
            return False
    if any(address in block for block in SPECIAL):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def is_web_port(port: int) -> bool:
    """The web's ports, and those that need no privilege to listen on: media comes from 8080, 8443 … too."""
    return port in (80, 443) or (1024 <= port <= 65535 and port not in _NO_WEB)


class Allowed:
    """The addresses that the deployer opens although they are not public."""

    def __init__(
        self, endpoints: frozenset[tuple[str, int]], networks: tuple[IPv4Network | IPv6Network, ...]
    ) -> None:
        self._endpoints = endpoints
        self._networks = networks

    @classmethod
    def of(cls, entries: Sequence[str]) -> Self:
        """From FETCH_ALLOW: `host:port` (a name or an IP address) or a network (CIDR). Raises ValueError."""
        endpoints, networks = set(), []
        for entry in entries:
            try:
                networks.append(ip_network(entry.strip()))
            except ValueError:
                endpoints.add(_endpoint(entry.strip()))
        return cls(frozenset(endpoints), tuple(networks))

    def may_permit(self, host: str, port: int) -> bool:
        """Whether there is an entry that could open this name, depending on what it resolves to."""
        known = any(
            entry == (host, port) or (entry[1] == port and _is_address(entry[0])) for entry in self._endpoints
        )
        return known or bool(self._networks)

    def permits(self, host: str, address: Address, port: int) -> bool:
        """Whether the connection to `address`, asked for as `host`, is opened by an entry."""
        address = getattr(address, "ipv4_mapped", None) or address
        return (
            (host.lower(), port) in self._endpoints
            or (str(address), port) in self._endpoints
            or any(address in network for network in self._networks)
        )


def may_connect(host: str, address: Address, port: int, allowed: Allowed) -> bool:
    """The whole policy, for one resolved address."""
    return allowed.permits(host, address, port) or (is_web_port(port) and is_public(address))


def _endpoint(entry: str) -> tuple[str, int]:
    parts = urlsplit(f"//{entry}")
    if not parts.hostname or parts.port is None or parts.path:
        raise ValueError(f"neither host:port nor a network: {entry!r}")
    try:
        return str(ip_address(parts.hostname)), parts.port
    except ValueError:
        return parts.hostname, parts.port


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
