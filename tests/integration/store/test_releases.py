"""What was decided about yt-dlp, in the real database."""

import asyncio
from datetime import timedelta

import pytest

from medusa.release import Decision, Failure
from medusa.storage.mongo import Store
from tests.integration.store.conftest import NOW

pytestmark = pytest.mark.asyncio(loop_scope="module")
SHIPPED, NEWER, NEWEST = "2026.10.26", "2026.11.10", "2026.11.20"
DAY = timedelta(days=1)


def failure(version: str) -> Failure:
    return Failure(version=version, why="ImportError: no", at=NOW)


async def test_what_was_decided_last_counts(mongo: Store) -> None:
    record = mongo.releases
    assert await record.decision() == Decision()
    await record.decide(NEWER, over=SHIPPED, at=NOW - DAY)
    await record.decide(NEWEST, over=SHIPPED, at=NOW)
    assert await record.decision() == Decision(version=NEWEST, over=SHIPPED, at=NOW)
    await record.decide("", over=SHIPPED, at=NOW)
    assert (await record.decision()).version == ""


async def test_one_is_given_up_by_one_only(mongo: Store) -> None:
    record = mongo.releases
    assert not await record.give_up(failure(NEWER))
    await record.decide(NEWER, over=SHIPPED, at=NOW)
    assert not await record.give_up(failure(NEWEST))
    assert sorted(await asyncio.gather(*(record.give_up(failure(NEWER)) for _ in range(5)))) == [
        False
    ] * 4 + [True]
    found = await record.decision()
    assert (found.version, found.failed) == ("", failure(NEWER))


async def test_what_did_not_work_is_remembered_until_it_works(mongo: Store) -> None:
    record = mongo.releases
    await record.note_failure(failure(NEWEST))
    await record.decide(NEWER, over=SHIPPED, at=NOW)
    assert (await record.decision()).failed == failure(NEWEST)
    await record.decide(NEWEST, over=SHIPPED, at=NOW)
    assert (await record.decision()).failed is None


async def test_one_looks_for_a_newer_one(mongo: Store) -> None:
    record = mongo.releases
    looks = await asyncio.gather(*(record.look(NOW, before=NOW - DAY) for _ in range(5)))
    assert sum(looks) == 1
    assert not await record.look(NOW + DAY / 2, before=NOW - DAY / 2)
    assert await record.look(NOW + DAY, before=NOW)
    assert (await record.decision()).looked_at == NOW + DAY


async def test_a_record_that_cannot_be_read_decides_nothing(mongo: Store) -> None:
    await mongo.database["settings"].insert_one({"_id": "ytdlp", "version": 7})
    assert await mongo.releases.decision() == Decision()


async def test_it_is_no_policy(mongo: Store) -> None:
    await mongo.releases.decide(NEWER, over=SHIPPED, at=NOW)
    assert await mongo.policy.changed() == {}
