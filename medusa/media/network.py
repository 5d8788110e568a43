"""The network as the policy proxy uses it: names, which addresses are this machine's, connections."""

import asyncio
import socket
from ipaddress import ip_address
from typing import Protocol

from medusa.media.address import Address

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
BLOCK = 256 * 1024


class Network(Protocol):
    """What the proxy needs of it."""

    async def resolve(self, name: str) -> list[Address]:
        """The addresses of a name, each once, in the resolver's order. Raises OSError."""
        ...

    def is_own(self, address: Address) -> bool:
        """Whether it is an address of this very machine."""
        ...

    async def connect(self, address: Address, port: int) -> Streams:
        """A connection to this address. Raises OSError."""
        ...


class SystemNetwork:
    """The one of the operating system."""

    async def resolve(self, name: str) -> list[Address]:
        """As /etc/hosts and the DNS have it. Raises OSError."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise OSError(str(error)) from error
        return list(dict.fromkeys(ip_address(sockaddr[0]) for *_, sockaddr in found))

    def is_own(self, address: Address) -> bool:
        """Asked of the routes, and nothing is sent: to oneself one speaks from the same address."""
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.setblocking(False)
                probe.connect((str(address), 9))
                return ip_address(probe.getsockname()[0]) == address
        except OSError:  # no way there at all
            return False

    async def connect(self, address: Address, port: int) -> Streams:
        """Raises OSError."""
        return await asyncio.open_connection(str(address), port, limit=BLOCK)
