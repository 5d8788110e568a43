"""One process at a time has a session: two of them, at one store in memory."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta

import pytest

from medusa.errors import Cancelled, MedusaError, SessionTaken, StoreUnavailable
from medusa.lease import Holder
from medusa.process import this_process
from medusa.seal import Seal
from medusa.telegram.tenure import Tenure, Terms, tenure
from tests.unit.telegram.session_memory import MemorySessions

SEAL = Seal("token", "hash", purpose="test")
QUICK = Terms(lease=5, renew=0.01, look=0.01)
NEVER = Terms(lease=5, renew=1000, look=0.01)
ONE, TWO = Holder(id="one"), Holder(id="two")


def held(
    store: MemorySessions,
    holder: Holder,
    *,
    names: Sequence[str] = ("medusa",),
    terms: Terms = QUICK,
    stop: asyncio.Event | None = None,
) -> AbstractAsyncContextManager[Tenure]:
    return tenure(store, names, holder=holder, seal=SEAL, terms=terms, stop=stop or asyncio.Event())


async def seconds_pass(store: MemorySessions, seconds: float) -> None:
    """For the leases, at least."""
    for kept in store.kept.values():
        kept.until -= timedelta(seconds=seconds)


async def some_looks() -> None:
    """As long as a few looks at the lease take."""
    await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0.1)


async def test_the_second_waits_until_the_first_gives_it_back() -> None:
    store = MemorySessions()
    order = []

    async def second() -> None:
        async with held(store, TWO) as (session, previous):
            order.append("taken")
            assert (session.name, previous) == ("medusa", None)

    async with held(store, ONE):
        waiting = asyncio.create_task(second())
        await some_looks()
        assert not waiting.done()
        order.append("given back")
    await waiting
    assert order == ["given back", "taken"]


async def test_what_the_first_kept_is_there_for_the_second() -> None:
    store = MemorySessions()
    async with held(store, ONE) as (session, _):
        await session.auth_key(b"key")
    async with held(store, TWO) as (session, _):
        assert await session.auth_key() == b"key"


async def test_a_lease_that_is_over_is_taken_and_its_holder_named() -> None:
    store = MemorySessions()
    assert await store.take("medusa", ONE, 5, None)
    await seconds_pass(store, 5)
    async with held(store, TWO) as (_, previous):
        assert previous == "one"


async def test_a_lease_lasts_as_long_as_its_holder_renews_it() -> None:
    store = MemorySessions()
    async with held(store, ONE):
        kept = store.kept["medusa"]
        for _ in range(3):
            kept.until = datetime.now(UTC) - timedelta(seconds=1)
            async with asyncio.timeout(5):
                while kept.until < datetime.now(UTC):
                    await asyncio.sleep(0)


async def test_a_dead_process_of_this_machine_is_not_waited_for() -> None:
    me = await asyncio.to_thread(this_process, "me")
    dead = me.evolve(id="dead", started=me.started - 1)
    store = MemorySessions()
    assert await store.take("medusa", dead, 1000, None)
    async with asyncio.timeout(5), held(store, me) as (_, previous):
        assert previous == "dead"


async def test_a_living_process_of_this_machine_is_waited_for() -> None:
    me = await asyncio.to_thread(this_process, "me")
    store = MemorySessions()
    assert await store.take("medusa", me.evolve(id="alive"), 1000, None)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1), held(store, me):
            pytest.fail("it took what is in use")


async def test_whoever_is_stopped_while_waiting_gives_up() -> None:
    store = MemorySessions()
    stop = asyncio.Event()
    assert await store.take("medusa", ONE, 1000, None)
    asyncio.get_running_loop().call_soon(stop.set)
    with pytest.raises(Cancelled):
        async with asyncio.timeout(5), held(store, TWO, stop=stop, terms=Terms(look=1000)):
            pytest.fail("it took what is in use")
    assert store.kept["medusa"].holder == ONE


async def test_a_holder_that_lost_its_lease_stops_with_a_clear_error() -> None:
    store = MemorySessions()

    async def first() -> None:
        async with asyncio.timeout(5), held(store, ONE):
            store.kept["medusa"].holder = TWO
            await asyncio.Event().wait()

    with pytest.raises(SessionTaken):
        await first()
    assert store.kept["medusa"].holder == TWO, "what is another's is not given back"


async def test_while_the_database_is_down_the_holder_goes_on() -> None:
    store = MemorySessions()
    async with held(store, ONE):
        store.down = True
        await some_looks()
        store.down = False
        await seconds_pass(store, 100)
        await some_looks()
        assert (await store.leases(["medusa"]))["medusa"].seconds_left > 0
    assert store.kept["medusa"].holder is None


async def test_a_database_that_was_emptied_gets_the_lease_again() -> None:
    store = MemorySessions()
    async with held(store, ONE):
        store.kept.clear()
        await some_looks()
        assert store.kept["medusa"].holder == ONE


async def test_a_lease_that_cannot_be_given_back_ends_by_itself() -> None:
    store = MemorySessions()
    async with held(store, ONE):
        store.down = True
    assert store.kept["medusa"].holder == ONE


async def test_without_a_database_there_is_no_session() -> None:
    store = MemorySessions()
    store.down = True
    with pytest.raises(StoreUnavailable):
        async with held(store, ONE):
            pytest.fail("there is none")


@pytest.mark.parametrize("error", [MedusaError("it failed"), RuntimeError("a fault"), KeyError("x")])
async def test_an_error_inside_comes_out_as_it_is(error: Exception) -> None:
    store = MemorySessions()
    with pytest.raises(type(error)) as raised:
        async with held(store, ONE):
            raise error
    assert raised.value is error
    assert store.kept["medusa"].holder is None


async def test_cancelling_gives_it_back() -> None:
    store = MemorySessions()
    inside = asyncio.Event()

    async def first() -> None:
        async with held(store, ONE):
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(first())
    await inside.wait()
    assert store.kept["medusa"].holder == ONE
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert store.kept["medusa"].holder is None


async def test_several_processes_take_a_session_each() -> None:
    store = MemorySessions()
    names = ("transfer-1", "transfer-2")
    async with held(store, ONE, names=names) as first, held(store, TWO, names=names) as second:
        assert [first.session.name, second.session.name] == list(names)
        third = asyncio.create_task(_name(store, Holder(id="three"), names))
        await some_looks()
        assert not third.done()
    assert await third in names


async def _name(store: MemorySessions, holder: Holder, names: Sequence[str]) -> str:
    async with held(store, holder, names=names) as (session, _):
        return session.name


async def test_when_many_want_a_free_one_each_session_has_one_holder_at_a_time() -> None:
    store = MemorySessions()
    holders: dict[str, str] = {}

    async def work(number: int) -> None:
        async with held(store, Holder(id=str(number)), names=("a", "b"), terms=NEVER) as (session, previous):
            assert previous is None
            assert session.name not in holders
            holders[session.name] = str(number)
            await asyncio.sleep(0)
            del holders[session.name]

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        for number in range(10):
            group.create_task(work(number))
