"""Backup and restore of a real database: everything comes back exactly, in flat memory."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import bson
import psutil
import pytest
import pytest_asyncio
from bson import Binary, Int64
from bson.raw_bson import RawBSONDocument
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from medusa.errors import BrokenBackup, WrongArgument
from medusa.migration import backup
from medusa.migration.backup import Count, How, Restoration
from medusa.migration.backup_file import Portion, Sum, Writer
from medusa.storage import backup as storage
from medusa.storage.mongo import Store
from medusa.storage.schema import SCHEMA_ID
from tests.filling import Document, finished

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).parents[3]
Raw = AsyncDatabase[RawBSONDocument]

EVERY_TYPE: Document = {
    "_id": "types",
    "null": None,
    "true": True,
    "small": 5,
    "small of 64 bits": Int64(5),
    "large": 2**62,
    "negative": -(2**31),
    "half": 0.5,
    "whole": 3.0,
    "infinite": float("inf"),
    "text": 'ä "quoted"\n\u2028\x00 🐍',
    "binary": Binary(bytes(range(256))),
    "time": datetime(2026, 11, 28, 1, 2, 3, 456_000, UTC),
    "long ago": datetime(1900, 1, 1, tzinfo=UTC),
    "empty": {},
    "list": [None, [], {"text": "$numberLong"}],
}


@pytest_asyncio.fixture(loop_scope="module")
async def raw(mongo_uri: str) -> AsyncIterator[AsyncMongoClient[RawBSONDocument]]:
    async with AsyncMongoClient[RawBSONDocument](mongo_uri, document_class=RawBSONDocument) as client:
        yield client


async def export(store: Store, path: Path) -> dict[str, Sum]:
    return await backup.export(store.backup, partial(Writer, path, 1, "medusa"), lambda _: None)


async def restore(store: Store, path: Path, how: How = How.REFUSE) -> Restoration:
    return await backup.restore(store.backup, path, how, lambda _: None)


async def contents(database: Raw) -> dict[str, list[bytes]]:
    """The bytes of all documents that a backup holds."""
    kept = {"_id": {"$ne": SCHEMA_ID}}
    return {
        name: [bytes(one.raw) async for one in database[name].find(kept).sort("_id")] for name in storage.KEPT
    }


async def fill(store: Store, count: int = 30) -> None:
    database = store.database
    await database["downloads"].insert_many(finished(range(count), 1000))
    await database["users"].insert_many([{"_id": number, "words": []} for number in range(3)])
    await database["settings"].insert_one({"_id": "policy", "public": True})
    await database["cookies"].insert_one({"_id": 1, "sealed": b"\x00\xff", "changed": datetime.now(UTC)})
    await database["sessions"].insert_one({"_id": "medusa", "sealed": b"secret"})


async def test_every_collection_is_kept_or_left_out_for_a_reason() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "medusa" / "storage").glob("*.py"))
    used = {*re.findall(r'database\["(\w+)"\]', sources)}
    assert {*storage.KEPT, *storage.LEFT_OUT} == used
    assert not {*storage.KEPT} & {*storage.LEFT_OUT}


async def test_every_type_comes_back_exactly(
    store: Store, other: Store, raw: AsyncMongoClient[RawBSONDocument], tmp_path: Path
) -> None:
    mixed_ids: list[Any] = [{"_id": 5}, {"_id": "5"}, {"_id": {"chat": Int64(1), "person": 2}}]
    await store.database["downloads"].insert_one(RawBSONDocument(bson.encode(EVERY_TYPE)))
    await store.database["users"].insert_many(mixed_ids)
    await export(store, tmp_path / "a.gz")
    done = await restore(other, tmp_path / "a.gz")
    assert done.missing == 0
    before, after = [await contents(raw[one.database.name]) for one in (store, other)]
    assert after == before
    assert before["downloads"] == [bson.encode(EVERY_TYPE)]


async def test_all_but_secrets_comes_back(
    store: Store, other: Store, raw: AsyncMongoClient[RawBSONDocument], tmp_path: Path
) -> None:
    await fill(store)
    sums = await export(store, tmp_path / "a.gz")
    assert {name: one.count for name, one in sums.items() if one.count} == {
        "users": 3,
        "cookies": 1,
        "settings": 1,
        "downloads": 30,
    }
    looked = await backup.look(other.backup, tmp_path / "a.gz", lambda _: None)
    assert looked.counts["downloads"] == Count(total=30)
    assert sum((await other.backup.counts()).values()) == 0
    done = await restore(other, tmp_path / "a.gz")
    assert done.counts["downloads"] == Count(total=30, written=30, there=30)
    assert await contents(raw[other.database.name]) == await contents(raw[store.database.name])
    assert await other.database["sessions"].count_documents({}) == 0


async def test_a_database_with_data_is_left_alone(store: Store, other: Store, tmp_path: Path) -> None:
    await fill(store)
    await export(store, tmp_path / "a.gz")
    await other.database["users"].insert_one({"_id": 1, "mine": True})
    with pytest.raises(WrongArgument, match="1 users") as raised:
        await restore(other, tmp_path / "a.gz")
    assert "--merge" in str(raised.value)
    assert await other.database["downloads"].count_documents({}) == 0


@pytest.mark.parametrize(("how", "mine"), [(How.MERGE, True), (How.OVERWRITE, None)])
async def test_what_is_there_stays_or_is_replaced(
    store: Store, other: Store, tmp_path: Path, how: How, mine: bool | None
) -> None:
    await fill(store)
    await export(store, tmp_path / "a.gz")
    await other.database["users"].insert_many([{"_id": 1, "mine": True}, {"_id": 9, "mine": True}])
    for _ in range(2):  # as after an interruption
        done = await restore(other, tmp_path / "a.gz", how)
        assert done.missing == 0
    found = {one["_id"]: one.get("mine") async for one in other.database["users"].find({})}
    assert found == {0: None, 1: mine, 2: None, 9: True}


async def test_what_cannot_be_beside_what_is_there_is_left_out(
    store: Store, other: Store, tmp_path: Path
) -> None:
    seat = {"state": "running", "seat": 0, "request": {"person": {"id": 5}}}
    await store.database["downloads"].insert_many([{"_id": "a", **seat}, {"_id": "b", "state": "done"}])
    await other.database["downloads"].insert_one({"_id": "c", **seat})
    await export(store, tmp_path / "a.gz")
    for how in (How.MERGE, How.OVERWRITE):
        done = await restore(other, tmp_path / "a.gz", how)
        assert (done.counts["downloads"].refused, done.missing) == (1, 0)


async def test_what_a_bot_writes_meanwhile_does_no_harm(store: Store, other: Store, tmp_path: Path) -> None:
    await fill(store, 1500)

    async def writes() -> None:
        for number in range(200):
            await store.database["downloads"].insert_one({"_id": f"zz{number}"})

    await asyncio.gather(export(store, tmp_path / "a.gz"), writes())
    done = await restore(other, tmp_path / "a.gz")
    assert done.missing == 0
    assert done.counts["downloads"].total >= 1500


def write(path: Path, collection: str, line: str) -> None:
    with Writer(path, 1, "medusa") as writer:
        writer.begin(collection)
        writer.add(Portion(collection, [line]))
        writer.end()


@pytest.mark.parametrize(
    ("collection", "line"), [("system", '{"_id": 1}'), ("users", '{"_id": {"$date": "never"}}')]
)
async def test_a_backup_of_something_else_is_refused(
    store: Store, tmp_path: Path, collection: str, line: str
) -> None:
    await asyncio.to_thread(write, tmp_path / "a.gz", collection, line)
    with pytest.raises(BrokenBackup):
        await backup.look(store.backup, tmp_path / "a.gz", lambda _: None)


async def round_trip(store: Store, other: Store, path: Path, count: int) -> int:
    """Bring that many downloads over; by how many bytes the process has grown meanwhile, at the most."""
    for at in range(0, count, 5000):
        await store.database["downloads"].insert_many(finished(range(at, min(at + 5000, count)), 1000))
    process, sizes = psutil.Process(), list[int]()

    def tell(_: int) -> None:
        sizes.append(process.memory_info().rss)

    tell(0)
    await backup.export(store.backup, partial(Writer, path, 1, "medusa"), tell)
    done = await backup.restore(other.backup, path, How.REFUSE, tell)
    assert done.counts["downloads"] == Count(total=count, written=count, there=count)
    return max(sizes) - sizes[0]


async def same(raw: AsyncMongoClient[RawBSONDocument], store: Store, other: Store) -> bool:
    """Whether both have the same downloads, byte for byte."""
    cursors = [raw[one.database.name]["downloads"].find({}).sort("_id") for one in (store, other)]
    while pair := [bytes(one.raw) for cursor in cursors if (one := await anext(cursor, None)) is not None]:
        if len(pair) != 2 or pair[0] != pair[1]:
            return False
    return True


async def test_a_few_thousand_records_make_the_round_trip(
    store: Store, other: Store, raw: AsyncMongoClient[RawBSONDocument], tmp_path: Path
) -> None:
    await round_trip(store, other, tmp_path / "a.gz", 2500)
    assert await same(raw, store, other)


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_a_hundred_thousand_records_make_it_in_the_same_memory(
    store: Store, other: Store, raw: AsyncMongoClient[RawBSONDocument], tmp_path: Path
) -> None:
    few = await round_trip(store, other, tmp_path / "few.gz", 10_000)
    for one in (store, other):
        await one.database["downloads"].delete_many({})
    many = await round_trip(store, other, tmp_path / "many.gz", 100_000)
    grown = f"with 10,000 by {few / 2**20:.1f} MiB, with 100,000 by {many / 2**20:.1f} MiB"
    sys.stdout.write(f"it has grown {grown}\n")
    assert many < max(few, 0) + 32 * 2**20, grown
    assert await same(raw, store, other)
