"""Of several addresses the first that answers is taken, and nothing is left of the others."""

import asyncio
from ipaddress import ip_address
from typing import Any
from unittest.mock import MagicMock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.media.address import Address
from medusa.media.eyeballs import first, in_turns
from medusa.media.network import Streams

ADDRESSES = [ip_address(text) for text in ("2606::1", "2606::2", "2606::3", "1.0.0.1", "1.0.0.2")]


class Connections:
    """What each address does: answers, fails, or is silent for ever."""

    def __init__(self, **does: str) -> None:
        self.tried: list[str] = []
        self.aborted: list[str] = []
        self.ended: list[str] = []
        self._does = does

    async def connect(self, address: Address) -> Streams:
        name = str(address)
        self.tried.append(name)
        what = self._does.get("v6" if address.version == 6 else "v4", "fails")
        try:
            if what == "silent":
                await asyncio.Event().wait()
            if what == "fails":
                raise ConnectionRefusedError(f"{name} refused")
            if what == "breaks":
                raise ValueError("a fault in the program")
            return self._streams(name)
        except asyncio.CancelledError:
            self.ended.append(name)
            if what == "late":
                return self._streams(name)
            raise

    def _streams(self, name: str) -> Streams:
        writer: Any = MagicMock()
        writer.name = name
        writer.transport.abort = lambda: self.aborted.append(name)
        return MagicMock(), writer


def name_of(streams: Streams) -> str:
    return str(streams[1].name)  # type: ignore[attr-defined]


def test_the_families_take_turns() -> None:
    expected = ["2606::1", "1.0.0.1", "2606::2", "1.0.0.2", "2606::3"]
    assert [str(one) for one in in_turns(ADDRESSES)] == expected
    assert str(in_turns(ADDRESSES[::-1])[0]) == "1.0.0.2"


@given(st.lists(st.ip_addresses(), unique=True))
def test_none_is_lost_and_the_first_stays_the_first(addresses: list[Address]) -> None:
    found = in_turns(addresses)
    assert sorted(map(str, found)) == sorted(map(str, addresses))
    assert found[:1] == addresses[:1]
    for version in (4, 6):
        kept = [one for one in addresses if one.version == version]
        assert [one for one in found if one.version == version] == kept


async def test_a_dead_family_costs_a_moment_only() -> None:
    net = Connections(v6="silent", v4="answers")
    async with asyncio.timeout(5):
        found = await first(in_turns(ADDRESSES), net.connect, pause=0.01)
    assert name_of(found) == "1.0.0.1"
    assert net.tried == ["2606::1", "1.0.0.1"]
    assert net.ended == ["2606::1"]


async def test_a_refusal_does_not_wait_for_the_pause() -> None:
    net = Connections(v6="fails", v4="answers")
    async with asyncio.timeout(5):
        assert name_of(await first(in_turns(ADDRESSES), net.connect, pause=60)) == "1.0.0.1"


async def test_the_last_failure_is_told() -> None:
    net = Connections(v6="fails", v4="fails")
    with pytest.raises(ConnectionRefusedError, match="2606::3 refused"):
        await first(in_turns(ADDRESSES), net.connect, pause=60)
    with pytest.raises(OSError, match="no address"):
        await first([], net.connect, pause=60)


async def test_whoever_loses_patience_leaves_nothing() -> None:
    net = Connections(v6="silent", v4="silent")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await first(in_turns(ADDRESSES), net.connect, pause=0.001)
    assert sorted(net.ended) == sorted(net.tried) == sorted(map(str, ADDRESSES))


async def test_a_fault_in_the_program_is_one() -> None:
    net = Connections(v6="silent", v4="breaks")
    with pytest.raises(ValueError, match="a fault"):
        await first(in_turns(ADDRESSES), net.connect, pause=0.001)
    assert net.ended == ["2606::1"]
