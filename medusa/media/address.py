"""Which network addresses a job may reach. Pure: names are resolved elsewhere."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address

# An IPv6 address in these may stand for any IPv4 address, so being global says nothing.
_WRAPPERS = (
    ip_network("2002::/16"),  # 6to4
    ip_network("2001::/32"),  # Teredo
    ip_network("64:ff9b::/96"),  # NAT64
    ip_network("64:ff9b:1::/48"),  # NAT64, local use
)


def is_public(address: Address) -> bool:
    """Whether everybody on the internet reaches the same machine under this address."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in wrapper for wrapper in _WRAPPERS):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def is_web_port(port: int) -> bool:
    """The web's ports, and those that need no privilege to listen on: media comes from 8080, 8443 … too."""
    return port in (80, 443) or 1024 <= port <= 65535


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
