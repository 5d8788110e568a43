"""The pace of a chat, which all processes keep together."""

import asyncio

import pytest

from medusa.storage.mongo import Store

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_bucket_is_emptied_on_credit_too(mongo: Store) -> None:
    tokens = [await mongo.paces.take(1, burst=3, rate=0.01) for _ in range(5)]
    assert tokens == pytest.approx([3, 2, 1, 0, -1], abs=0.05)
    assert await mongo.paces.take(2, burst=3, rate=0.01) == pytest.approx(3, abs=0.05)


async def test_tokens_come_back(mongo: Store) -> None:
    for _ in range(3):
        await mongo.paces.take(1, burst=3, rate=100)
    async with asyncio.timeout(5):
        while await mongo.paces.take(1, burst=3, rate=100) < 2.9:
            await asyncio.sleep(0.05)


async def test_many_who_take_at_once_take_different_tokens(mongo: Store) -> None:
    tokens = await asyncio.gather(*(mongo.paces.take(1, burst=20, rate=0.01) for _ in range(20)))
    assert sorted(tokens) == pytest.approx(list(range(1, 21)), abs=0.05)
