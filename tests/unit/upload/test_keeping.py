"""Ledgers in a database: kept while a file is under way, forgotten when they are of no use."""

import asyncio

import pytest

from medusa.errors import MedusaError, PartRefused, PartsMissing, StreamChanged
from medusa.kept import FileKey, KeptParts
from medusa.upload.keeping import Keeper
from medusa.upload.ledger import digest
from medusa.upload.parts import Part
from tests.unit.upload.memory import KeptFiles
from tests.unit.waiting import turns, until

KEY = FileKey("job", 7, "1 made so")
FIRST, SECOND = Part(0, b"a"), Part(1, b"b", 2)


async def test_what_is_acknowledged_is_kept_while_the_file_is_under_way() -> None:
    store = KeptFiles()
    async with Keeper(store, seconds=0).open(KEY) as ledger:
        assert store.parts == {}
        ledger.note(FIRST)
        await until(lambda: store.parts)
        assert store.parts[KEY] == KeptParts(file_id=ledger.file_id, digests={0: digest(FIRST)})
        ledger.note(SECOND)
        await until(lambda: store.parts[KEY].total)
    assert store.parts[KEY].digests == {0: digest(FIRST), 1: digest(SECOND)}
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_the_next_process_goes_on_where_it_was() -> None:
    store = KeptFiles()
    async with Keeper(store).open(KEY) as before:
        before.note(FIRST)
    async with Keeper(store).open(KEY) as after:
        assert after.file_id == before.file_id
        assert after.has(FIRST)
    async with Keeper(store).open(KEY._replace(account=8)) as other:
        assert other.file_id != before.file_id
        assert not other.has(FIRST)


async def interrupt(store: KeptFiles, problem: BaseException, *, down: bool = False) -> None:
    """A file whose first part is kept, and whose second one was just acknowledged when this happened."""
    async with Keeper(store, seconds=0).open(KEY) as ledger:
        ledger.note(FIRST)
        await until(lambda: store.parts)
        ledger.note(SECOND)
        store.down = down
        raise problem


@pytest.mark.parametrize("problem", [asyncio.CancelledError(), PartRefused(), ZeroDivisionError()])
async def test_an_interruption_keeps_what_is_there(problem: BaseException) -> None:
    store = KeptFiles()
    with pytest.raises(type(problem)):
        await interrupt(store, problem)
    assert store.parts[KEY].digests == {0: digest(FIRST), 1: digest(SECOND)}


@pytest.mark.parametrize("problem", [StreamChanged(), PartsMissing()])
async def test_what_is_of_no_use_is_forgotten(problem: MedusaError) -> None:
    store = KeptFiles()
    with pytest.raises(type(problem)):
        await interrupt(store, problem)
    assert store.parts == {}


async def test_without_a_database_at_the_end_the_error_is_the_upload_s_own() -> None:
    store = KeptFiles()
    with pytest.raises(PartRefused):
        await interrupt(store, PartRefused(), down=True)
    assert store.parts[KEY].digests == {0: digest(FIRST)}


async def test_without_a_database_the_upload_goes_on_and_is_kept_later() -> None:
    store = KeptFiles()
    store.down = True
    async with Keeper(store, seconds=0).open(KEY) as ledger:
        ledger.note(FIRST)
        await turns()
        store.down = False
        await until(lambda: store.parts)
    assert store.parts[KEY].digests == {0: digest(FIRST)}


async def test_without_a_database_nothing_is_ready() -> None:
    store = KeptFiles()
    store.down = True
    assert await Keeper(store).ready("job") is None
    await Keeper(store).forget(KEY)
