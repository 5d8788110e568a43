"""What Telegram has of files, in the database."""

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.kept import FileKey, Finished, KeptParts, Ready, Uploaded
from medusa.model import Kind, Media, Method, Plan, State, Summary
from medusa.storage.mongo import Store
from medusa.storage.uploads import LIFE, packed, unpacked
from tests.integration.store.conftest import Server
from tests.unit.jobs.memory import queued

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEY = FileKey("job", 7, "1 made so")
DIGESTS = {0: b"a" * 16, 3999: b"b" * 16}
READY = Ready(
    media=Media(url="https://example.org/a", title="Film", source="Example", kind=Kind.VIDEO, formats=()),
    file=Finished(
        plan=Plan(
            method=Method.PASS, format_ids=("1",), kind=Kind.VIDEO, file_name="Film.mp4", mime="video/mp4"
        ),
        summary=Summary(size=5, thumbnail=b"jpeg"),
        uploaded=Uploaded(file_id=2**63 - 1, parts=1, size=5),
        piece=None,
    ),
    fingerprint="same",
)

parts = st.dictionaries(st.integers(0, 2**32 - 1), st.binary(min_size=16, max_size=16), max_size=20)


@given(st.lists(parts, max_size=5))
async def test_packed_parts_come_back_the_latest_last(blocks: list[dict[int, bytes]]) -> None:
    expected = {index: digest for block in blocks for index, digest in block.items()}
    assert unpacked(packed(block) for block in blocks) == expected


async def test_parts_are_added_to_what_is_kept(mongo: Store) -> None:
    assert await mongo.uploads.load(KEY) is None
    await mongo.uploads.keep(KEY, 5, {0: DIGESTS[0]}, None)
    await mongo.uploads.keep(KEY, 5, {3999: DIGESTS[3999]}, 4000)
    assert await mongo.uploads.load(KEY) == KeptParts(file_id=5, digests=DIGESTS, total=4000)
    for other in (KEY._replace(job="x"), KEY._replace(account=8), KEY._replace(name="2 made so")):
        assert await mongo.uploads.load(other) is None


async def test_what_telegram_will_have_forgotten_is_not_relied_on(mongo: Store, server: Server) -> None:
    await mongo.uploads.keep(KEY, 5, DIGESTS, None)
    await mongo.uploads.complete(KEY, READY)
    await server.database.uploads.update_many({}, {"$set": {"updated": datetime.now(UTC) - LIFE}})
    assert await mongo.uploads.load(KEY) is None
    assert await mongo.uploads.ready("job") is None
    indexes = await server.database.uploads.index_information()
    assert indexes["life"]["expireAfterSeconds"] == LIFE.total_seconds()


async def test_a_job_that_comes_further_has_lost_no_worker_in_vain(mongo: Store) -> None:
    for job in ("job", "other"):
        await mongo.downloads.add(queued(job, state=State.RUNNING, losses=3))
    await mongo.uploads.keep(KEY, 5, DIGESTS, None)
    found = await asyncio.gather(mongo.downloads.get("job"), mongo.downloads.get("other"))
    assert [download.losses for download in found if download] == [0, 3]


async def test_the_only_file_of_a_job_is_ready_until_it_is_dropped(mongo: Store) -> None:
    await mongo.uploads.keep(KEY, 5, DIGESTS, 4000)
    assert await mongo.uploads.ready("job") is None
    await mongo.uploads.complete(KEY, READY)
    assert await mongo.uploads.ready("job") == (KEY, READY)
    assert await mongo.uploads.ready("other") is None
    await mongo.uploads.drop(KEY)
    assert await mongo.uploads.ready("job") is None
    assert await mongo.uploads.load(KEY) is None


async def test_one_of_several_files_is_not_all(mongo: Store) -> None:
    await mongo.uploads.keep(KEY, 5, DIGESTS, 4000)
    await mongo.uploads.complete(KEY, READY.evolve(file=READY.file.evolve(piece=1)))
    assert await mongo.uploads.ready("job") is None


async def test_what_is_not_under_way_cannot_be_complete(mongo: Store) -> None:
    await mongo.uploads.complete(KEY, READY)
    assert await mongo.uploads.ready("job") is None
