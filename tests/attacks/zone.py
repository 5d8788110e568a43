"""Names as an attacker's DNS server answers them, for the policy proxy; nothing is asked of a real one."""

from collections.abc import Sequence
from ipaddress import ip_address

from medusa.media.address import Address
from medusa.media.network import Streams, SystemNetwork

NAMES: dict[str, Sequence[Sequence[str]]] = {
    "public.example": [["1.1.1.1"]],
    "loop.example": [["127.0.0.1"]],
    "loop6.example": [["::1"]],
    "lan.example": [["10.0.0.1"]],
    "metadata.example": [["169.254.169.254"]],
    "any.example": [["0.0.0.0"]],
    "mapped.example": [["::ffff:127.0.0.1"]],
    "compatible.example": [["::127.0.0.1"]],
    "sixtofour.example": [["2002:7f00:1::"]],
    "nat64.example": [["64:ff9b::7f00:1"]],
    "two-faced.example": [["1.1.1.1", "127.0.0.1"]],
    "two-faced6.example": [["2606:4700:4700::1111", "::1"]],
    "many.example": [[*(f"1.1.1.{last}" for last in range(1, 100)), "127.0.0.1"]],
    "rebinding.example": [["127.0.0.2"], ["127.0.0.1"]],
    "empty.example": [[]],
}
"""The answers to each name, one after the other; the last one is repeated."""


class Zone(SystemNetwork):
    """The network of the operating system, but for its names: whatever reads as an address is one to it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.reached: list[tuple[str, int]] = []
        """Where connections were made to."""

    async def resolve(self, name: str) -> list[Address]:
        """Raises OSError."""
        plain = name.removesuffix(".")
        answers = NAMES.get(plain)
        if answers is None:
            # The resolver's own reading of "127.1" and the like; it asks nobody for what has no letters.
            if not plain.replace(".", "").replace("x", "").isalnum() or plain.endswith(
                ("example", "invalid")
            ):
                raise OSError("no such name")
            return await super().resolve(plain)
        turn = min(self.asked.count(plain), len(answers) - 1)
        self.asked.append(plain)
        return [ip_address(address) for address in answers[turn]]

    async def connect(self, address: Address, port: int) -> Streams:
        """Raises OSError."""
        self.reached.append((str(address), port))
        return await super().connect(address, port)
