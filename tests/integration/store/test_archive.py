"""Delivered downloads as an archive."""

import pytest

from medusa.model import State
from medusa.storage.mongo import Store
from tests.integration.store.conftest import Server
from tests.unit.jobs.memory import done

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_was_delivered_with_the_same_fingerprint_is_found_the_newest_first(mongo: Store) -> None:
    for minute in range(8):
        await mongo.downloads.add(done(f"{minute}", minute=minute).evolve(fingerprint="same"))
    await mongo.downloads.add(done("other").evolve(fingerprint="other"))
    await mongo.downloads.add(done("running", minute=9).evolve(fingerprint="same", state=State.RUNNING))
    await mongo.downloads.add(done("old"))
    assert [download.id for download in await mongo.archive.archived("same")] == ["7", "6", "5", "4", "3"]
    assert await mongo.archive.archived("none") == []


async def test_what_is_gone_is_not_found_again(mongo: Store) -> None:
    await mongo.downloads.add(done("a").evolve(fingerprint="same"))
    await mongo.archive.drop("a")
    await mongo.archive.drop("nobody's")
    assert await mongo.archive.archived("same") == []
    assert await mongo.downloads.get("a") == done("a")


async def test_a_record_that_cannot_be_read_is_left_out(mongo: Store, server: Server) -> None:
    for job in ("a", "b"):
        await mongo.downloads.add(done(job).evolve(fingerprint="same"))
    await server.database.downloads.update_one({"_id": "a"}, {"$set": {"sent": 5, "plan": 5}})
    assert [download.id for download in await mongo.archive.archived("same")] == ["b"]
