"""The worker: whatever happens to a download, its record says how it stands, and the worker goes on."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from loguru import logger

from medusa.errors import LoginNeeded, MedusaError, SlowedDown, SourceUnreachable
from medusa.jobs.retry import JITTER, MAX_ATTEMPTS, MAX_LOSSES
from medusa.jobs.worker import HEARTBEAT_SECONDS, LEASE, Worker
from medusa.model import Download, State
from medusa.recordings import Recordings
from tests.unit.jobs.memory import LONG_AGO, MemoryStore, queued
from tests.unit.waiting import turns, until

if TYPE_CHECKING:
    from loguru import Record


@dataclass(frozen=True)
class Ended:
    state: State = State.DONE
    changes: dict[str, object] = field(default_factory=dict)


class Deliveries:
    """Delivers as told: waits for `go`, then ends as `outcome` says."""

    def __init__(self, outcome: Ended | BaseException | None = None) -> None:
        self.outcome = outcome or Ended()
        self.go = asyncio.Event()
        self.taken: list[str] = []
        self.running: set[str] = set()
        self.most = 0

    async def __call__(self, download: Download) -> Ended:
        self.taken.append(download.id)
        self.running.add(download.id)
        self.most = max(self.most, len(self.running))
        try:
            await self.go.wait()
            if isinstance(self.outcome, BaseException):
                raise self.outcome
            return self.outcome
        finally:
            self.running.discard(download.id)


class Announcements:
    """What people were shown, as (job, state), and failures as (job, error, retry_in)."""

    def __init__(self) -> None:
        self.states: list[tuple[str, State]] = []
        self.failures: list[tuple[str, MedusaError, float | None]] = []

    def announce(self, download: Download) -> None:
        self.states.append((download.id, download.state))

    def announce_failure(self, download: Download, error: MedusaError, retry_in: float | None) -> None:
        self.failures.append((download.id, error, retry_in))


class Office:
    """A worker with everything that it needs."""

    def __init__(
        self,
        store: MemoryStore,
        deliveries: Deliveries,
        *,
        slots: int = 3,
        grace_seconds: float = 0,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self.store = store
        self.deliveries = deliveries
        self.shown = Announcements()
        self.recordings = Recordings()
        self.done = 0
        self.worker = Worker(
            store,
            deliveries,
            self.shown,
            holder="me",
            slots=slots,
            on_done=self._count,
            recordings=self.recordings,
            grace_seconds=grace_seconds,
            heartbeat_seconds=heartbeat_seconds,
        )

    def _count(self) -> None:
        self.done += 1

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Office"]:
        """Run the worker; at the end it is stopped and has left nothing behind."""
        running = asyncio.create_task(self.worker.run())
        try:
            yield self
            assert not running.done(), "the worker has stopped"
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert not self.deliveries.running


def seconds_from_now(moment: datetime | None) -> float:
    assert moment is not None
    return (moment - datetime.now(UTC)).total_seconds()


@pytest.fixture
def complaints() -> Iterator[list["Record"]]:
    """What was logged as an error."""
    records: list[Record] = []

    def keep(record: "Record") -> bool:
        records.append(record)
        return False

    handler = logger.add(sys.stderr, level="ERROR", filter=keep)
    yield records
    logger.remove(handler)


# --- taking up ------------------------------------------------------------------------------------


async def test_a_delivery_is_recorded_and_shown() -> None:
    office = Office(MemoryStore(queued()), Deliveries(Ended(State.DONE, {"title": "Film"})))
    office.deliveries.go.set()
    async with office.open():
        await until(lambda: office.done)
    assert office.store.state() is State.DONE
    assert (office.store["job"].title, office.store["job"].lease_until) == ("Film", None)
    assert office.shown.states == [("job", State.RUNNING), ("job", State.DONE)]


async def test_a_question_is_recorded_and_shown() -> None:
    office = Office(MemoryStore(queued()), Deliveries(Ended(State.ASKING)))
    office.deliveries.go.set()
    async with office.open():
        await until(lambda: office.store.state() is State.ASKING)
    assert office.shown.states[-1] == ("job", State.ASKING)


async def test_no_more_run_than_there_are_slots_and_the_longest_waiting_come_first() -> None:
    jobs = [queued(f"job {n}", minute=n) for n in (3, 1, 4, 0, 2)]
    office = Office(MemoryStore(*jobs), Deliveries(), slots=2)
    async with office.open():
        await until(lambda: len(office.deliveries.running) == 2)
        await turns()
        assert office.deliveries.taken == ["job 0", "job 1"]
        office.deliveries.go.set()
        await until(lambda: office.done == 5)
    assert office.deliveries.taken == [f"job {n}" for n in range(5)]
    assert office.deliveries.most == 2


async def test_new_work_starts_at_once_when_the_worker_is_woken() -> None:
    office = Office(MemoryStore(), Deliveries())
    async with office.open():
        await turns()
        await office.store.add(queued())
        await turns()
        assert office.deliveries.taken == [], "nobody has told the worker"
        office.worker.wake()
        await turns(10)
        assert office.deliveries.taken == ["job"]


async def test_a_free_slot_is_filled_at_once() -> None:
    office = Office(MemoryStore(queued("a"), queued("b", minute=1)), Deliveries(), slots=1)
    async with office.open():
        await until(lambda: office.deliveries.taken == ["a"])
        office.deliveries.go.set()
        await turns(30)
    assert office.deliveries.taken == ["a", "b"]


async def test_what_a_lost_worker_held_is_taken_up() -> None:
    lost = queued(state=State.RUNNING, lease_until=LONG_AGO, attempts=1)
    held = queued("held", state=State.RUNNING, lease_until=datetime.now(UTC) + LEASE, attempts=1)
    office = Office(MemoryStore(lost, held), Deliveries())
    office.deliveries.go.set()
    async with office.open():
        await until(lambda: office.done)
        await turns()
    assert office.store.state() is State.DONE
    assert office.store.state("held") is State.RUNNING


async def test_a_job_whose_lease_ended_while_the_database_was_down_does_not_run_twice() -> None:
    office = Office(MemoryStore(queued()), Deliveries(), slots=2, heartbeat_seconds=0.01)
    async with office.open():
        await until(lambda: office.deliveries.running)
        office.store.set("job", lease_until=LONG_AGO)
        office.worker.wake()
        await until(lambda: seconds_from_now(office.store["job"].lease_until) > 0)
        await turns()
        assert office.deliveries.taken == ["job"]
        office.deliveries.go.set()
        await until(lambda: office.done)
    assert office.store.state() is State.DONE


async def test_what_has_killed_many_workers_is_given_up() -> None:
    office = Office(
        MemoryStore(queued(state=State.RUNNING, lease_until=LONG_AGO, losses=MAX_LOSSES)), Deliveries()
    )
    async with office.open():
        await until(lambda: office.shown.failures)
    assert office.deliveries.taken == []
    assert office.store.state() is State.FAILED
    assert "again and again" in (office.store["job"].error or "")


async def test_what_ends_well_is_no_poison() -> None:
    office = Office(
        MemoryStore(queued(state=State.RUNNING, lease_until=LONG_AGO, losses=MAX_LOSSES - 1)),
        Deliveries(SourceUnreachable()),
    )
    office.deliveries.go.set()
    async with office.open():
        await until(lambda: office.shown.failures)
    assert (office.store.state(), office.store["job"].losses) == (State.QUEUED, 0)


async def test_a_stop_does_not_wait_for_a_database_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("medusa.jobs.worker.LAST_SECONDS", 0.01)
    office = Office(MemoryStore(queued()), Deliveries())

    async def hang(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(office.store, "settle", hang)
    async with asyncio.timeout(5), office.open():
        await until(lambda: office.deliveries.running)
    assert office.store.state() is State.RUNNING


async def test_who_has_lost_a_download_neither_ends_nor_shows_it() -> None:
    office = Office(MemoryStore(queued()), Deliveries(Ended(State.DONE)))
    async with office.open():
        await until(lambda: office.deliveries.running)
        office.store.set("job", claims=2, holder="another")
        office.deliveries.go.set()
        await until(lambda: not office.deliveries.running)
        await turns()
    assert (office.store.state(), office.store["job"].holder) == (State.RUNNING, "another")
    assert office.shown.states == [("job", State.RUNNING)]


async def test_it_is_idle_when_there_is_a_free_slot_and_nothing_to_take_up() -> None:
    office = Office(MemoryStore(queued("a"), queued("b", minute=1)), Deliveries(), slots=2)
    async with office.open():
        await until(lambda: len(office.deliveries.running) == 2)
        await turns()
        idle = asyncio.create_task(office.worker.idle())
        await turns()
        assert (office.worker.is_full, idle.done()) == (True, False)
        office.deliveries.go.set()
        await idle
        assert not office.worker.is_full
        # Whoever hears of work waits until it was looked for.
        await office.store.add(queued("c"))
        office.worker.wake()
        await office.worker.idle()
        assert "c" in office.deliveries.taken


async def test_what_is_taken_up_again_here_outlives_the_claim_that_was_lost() -> None:
    office = Office(MemoryStore(queued()), Deliveries(), slots=2, heartbeat_seconds=0)
    async with office.open():
        await until(lambda: office.deliveries.taken == ["job"])
        # Another process took it over, and handed it back.
        office.store.set("job", state=State.QUEUED, claims=2)
        office.worker.wake()
        await until(lambda: office.deliveries.taken == ["job", "job"])
        await turns(200)
        assert (office.store.state(), office.store["job"].claims) == (State.RUNNING, 3)
        office.deliveries.go.set()
        await until(lambda: office.store.state() is State.DONE)
        assert not office.worker.is_full


# --- stopping -------------------------------------------------------------------------------------


async def test_who_stops_a_download_sees_it_cancelled() -> None:
    office = Office(MemoryStore(queued()), Deliveries())
    async with office.open():
        await until(lambda: office.deliveries.running)
        assert office.worker.interrupt("job")
        await until(lambda: office.store.state() is State.CANCELLED)
        await turns()
    assert office.shown.states[-1] == ("job", State.CANCELLED)
    assert office.done == 0


async def test_a_press_right_after_the_claim_loses_nothing() -> None:
    # The database's answers to the claim and to the request to cancel come in the same turn.
    office = Office(MemoryStore(queued()), Deliveries(), slots=1)

    def press_when_claimed() -> None:
        if not office.worker.interrupt("job"):
            asyncio.get_running_loop().call_soon(press_when_claimed)

    async with office.open():
        press_when_claimed()
        await until(lambda: office.store.state() is State.CANCELLED)
        await office.store.add(queued("next"))
        office.deliveries.go.set()
        office.worker.wake()
        await until(lambda: office.done)
    assert office.shown.states[0] == ("job", State.CANCELLED)


async def test_what_was_cancelled_before_it_was_taken_up_again_does_not_start() -> None:
    office = Office(MemoryStore(queued(cancel_requested=True, attempts=1)), Deliveries())
    async with office.open():
        await until(lambda: office.store.state() is State.CANCELLED)
    assert office.deliveries.taken == []
    assert office.shown.states == [("job", State.CANCELLED)]


async def test_a_stop_of_the_bot_puts_downloads_back() -> None:
    office = Office(MemoryStore(queued("a"), queued("b")), Deliveries())
    async with office.open():
        await until(lambda: len(office.deliveries.running) == 2)
    for job in ("a", "b"):
        assert office.store.state(job) is State.QUEUED
        assert office.store[job].lease_until is None
        assert abs(seconds_from_now(office.store[job].not_before)) < 5
        assert office.store[job].attempts == 0, "a stop of the bot is no failed attempt"
    assert set(office.shown.states[-2:]) == {("a", State.QUEUED), ("b", State.QUEUED)}


async def test_what_ends_soon_may_end_before_the_bot_stops() -> None:
    office = Office(MemoryStore(queued("a"), queued("b")), Deliveries(), slots=1, grace_seconds=60)
    async with office.open():
        await until(lambda: office.deliveries.running)
        asyncio.get_running_loop().call_later(0.01, office.deliveries.go.set)
    assert office.store.state("a") is State.DONE
    assert office.deliveries.taken == ["a"], "a bot that stops takes up nothing"
    assert office.store.state("b") is State.QUEUED


@pytest.mark.parametrize("count", range(12))
async def test_a_stop_of_the_bot_at_any_moment_leaves_nothing_running(count: int) -> None:
    office = Office(MemoryStore(queued("a"), queued("b", minute=1)), Deliveries(), slots=1)
    office.deliveries.go.set()
    async with office.open():
        await turns(count)
    # A claim whose answer was not awaited is the only thing that may be left, for its lease to end.
    unanswered = [job for job in ("a", "b") if office.store.state(job) is State.RUNNING]
    assert not set(unanswered) & set(office.deliveries.taken)
    assert len(unanswered) <= 1


async def test_a_stop_of_the_bot_while_a_person_stops_a_download_keeps_their_wish() -> None:
    office = Office(MemoryStore(queued()), Deliveries())
    async with office.open():
        await until(lambda: office.deliveries.running)
        office.worker.interrupt("job")
        await turns(2)
        office.worker.interrupt("job")
    assert office.store.state() is State.CANCELLED


async def test_a_delivery_that_has_ended_is_recorded_whoever_stops_it_then() -> None:
    office = Office(MemoryStore(queued()), Deliveries())
    answers: list[bool] = []
    office.store.on_call = lambda method: (
        answers.append(office.worker.interrupt("job")) if method == "settle" else None
    )
    office.deliveries.go.set()
    async with office.open():
        await until(lambda: office.done)
    assert answers == [False]
    assert office.store.state() is State.DONE


async def test_a_stop_of_the_bot_waits_for_the_record_of_what_was_delivered() -> None:
    office = Office(MemoryStore(queued()), Deliveries())
    moving = asyncio.Event()
    office.store.on_call = lambda method: moving.set() if method == "settle" else None
    async with office.open():
        await until(lambda: office.deliveries.running)
        office.deliveries.go.set()
        await until(lambda: not office.deliveries.running)
    assert moving.is_set()
    assert office.store.state() is State.DONE
    assert office.done == 1


async def test_what_does_not_run_here_cannot_be_interrupted() -> None:
    office = Office(MemoryStore(queued()), Deliveries())
    assert not office.worker.interrupt("job")
    office.deliveries.go.set()
    async with office.open():
        await until(lambda: office.done)
        await turns()
        assert not office.worker.interrupt("job")
    assert office.store.state() is State.DONE


# --- failing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "attempts", "delay"),
    [(SourceUnreachable(), 0, 5), (SourceUnreachable(), 1, 20), (SlowedDown(33), 0, 33)],
)
async def test_what_may_get_better_is_tried_again_later(
    error: MedusaError, attempts: int, delay: float
) -> None:
    office = Office(MemoryStore(queued(attempts=attempts)), Deliveries(error))
    office.deliveries.go.set()
    async with office.open():
        await until(lambda: office.shown.failures)
    assert office.store.state() is State.QUEUED
    assert office.store["job"].lease_until is None
    assert seconds_from_now(office.store["job"].not_before) == pytest.approx(delay, abs=3 + delay * JITTER)
    ((job, shown, retry_in),) = office.shown.failures
    assert (job, shown) == ("job", error)
    assert retry_in is not None
    assert delay <= retry_in <= delay * (1 + JITTER)


async def test_the_time_of_a_retry_wakes_the_worker() -> None:
    office = Office(MemoryStore(queued()), Deliveries(SlowedDown(0.01)))
    office.deliveries.go.set()
    async with office.open():
        await until(lambda: len(office.deliveries.taken) == 2)
    assert office.deliveries.taken == ["job", "job"]


@pytest.mark.parametrize(("error", "attempts"), [(LoginNeeded(), 0), (SourceUnreachable(), MAX_ATTEMPTS - 1)])
async def test_what_will_not_get_better_fails_with_its_sentence(error: MedusaError, attempts: int) -> None:
    office = Office(MemoryStore(queued(attempts=attempts)), Deliveries(error))
    office.deliveries.go.set()
    async with office.open():
        await until(lambda: office.shown.failures)
    assert office.store.state() is State.FAILED
    assert (office.store["job"].error, office.store["job"].lease_until) == (error.sentence, None)
    assert office.store["job"].reason == type(error).__name__
    assert office.shown.failures == [("job", error, None)]


async def test_a_fault_of_the_program_is_loud_and_costs_one_download(complaints: list["Record"]) -> None:
    office = Office(MemoryStore(queued("bad")), Deliveries(ZeroDivisionError("a bug")), slots=1)
    office.deliveries.go.set()
    async with office.open():
        await until(lambda: office.shown.failures)
        office.deliveries.outcome = Ended()
        await office.store.add(queued("good"))
        office.worker.wake()
        await until(lambda: office.done)
    assert office.store.state("bad") is State.FAILED
    assert office.store["bad"].error == "Something went wrong inside me; it has been noted."
    (complaint,) = complaints
    assert complaint["exception"] is not None
    assert complaint["exception"].type is ZeroDivisionError


async def test_a_failure_of_what_somebody_else_has_ended_is_not_shown() -> None:
    office = Office(MemoryStore(queued()), Deliveries(LoginNeeded()))
    async with office.open():
        await until(lambda: office.deliveries.running)
        office.store.set("job", state=State.DONE)
        office.deliveries.go.set()
        await until(lambda: not office.deliveries.running)
        await turns()
    assert office.shown.failures == []
    assert office.store.state() is State.DONE


# --- the database is down -------------------------------------------------------------------------


async def test_without_a_database_the_worker_waits_and_then_goes_on() -> None:
    office = Office(MemoryStore(queued()), Deliveries())
    office.deliveries.go.set()
    office.store.down = {"claim"}
    async with office.open():
        await turns()
        office.store.down = set()
        office.worker.wake()
        await until(lambda: office.done)
    assert office.store.state() is State.DONE


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(Ended(), State.DONE), (LoginNeeded(), State.FAILED), (Ended(State.ASKING), State.ASKING)],
)
async def test_an_end_waits_for_the_database(
    outcome: Ended | MedusaError, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medusa.jobs.worker.RECORD_SECONDS", 0.001)
    office = Office(MemoryStore(queued()), Deliveries(outcome))
    office.deliveries.go.set()
    calls: list[str] = []

    def recover(method: str) -> None:
        calls.extend([method] if method == "settle" else [])
        if len(calls) == 20:
            office.store.down = set()

    office.store.down, office.store.on_call = {"settle"}, recover
    async with office.open():
        await until(lambda: office.store.state() is state)
    assert office.deliveries.taken == ["job"]


async def test_an_end_that_cannot_be_recorded_does_not_keep_the_bot_from_stopping(
    complaints: list["Record"],
) -> None:
    office = Office(MemoryStore(queued("lost")), Deliveries())
    office.deliveries.go.set()
    office.store.down = {"settle"}
    async with office.open():
        await until(lambda: office.deliveries.taken)
    # Its lease ends, and it is taken up again.
    assert office.store.state("lost") is State.RUNNING
    assert office.store["lost"].lease_until is not None
    assert complaints


# --- the heartbeat --------------------------------------------------------------------------------


async def test_a_heartbeat_keeps_the_lease() -> None:
    office = Office(MemoryStore(queued()), Deliveries(), heartbeat_seconds=0)
    async with office.open():
        await until(lambda: office.deliveries.running)
        office.store.set("job", lease_until=datetime.now(UTC) + timedelta(seconds=1))
        await until(lambda: seconds_from_now(office.store["job"].lease_until) > 10)
        assert office.deliveries.running


async def test_a_heartbeat_brings_a_wish_to_cancel_from_elsewhere() -> None:
    office = Office(MemoryStore(queued()), Deliveries(), heartbeat_seconds=0)
    async with office.open():
        await until(lambda: office.deliveries.running)
        office.store.set("job", cancel_requested=True)
        await until(lambda: office.store.state() is State.CANCELLED)
    assert not office.deliveries.running


@pytest.mark.parametrize("elsewhere", [State.DONE, State.FAILED, State.CANCELLED])
async def test_a_heartbeat_that_finds_the_lease_lost_stops_the_work(elsewhere: State) -> None:
    office = Office(MemoryStore(queued()), Deliveries(), heartbeat_seconds=0)
    async with office.open():
        await until(lambda: office.deliveries.running)
        office.store.set("job", state=elsewhere, lease_until=None)
        await until(lambda: not office.deliveries.running)
        await turns()
    assert office.store.state() is elsewhere
    assert office.shown.states == [("job", State.RUNNING)]


async def test_a_heartbeat_outlives_an_absence_of_the_database() -> None:
    office = Office(MemoryStore(queued()), Deliveries(), heartbeat_seconds=0)
    async with office.open():
        await until(lambda: office.deliveries.running)
        office.store.down = {"renew"}
        await turns()
        office.store.down = set()
        office.store.set("job", cancel_requested=True)
        await until(lambda: office.store.state() is State.CANCELLED)


async def test_the_heart_stops_with_its_job() -> None:
    beats: list[str] = []
    office = Office(MemoryStore(queued()), Deliveries(), heartbeat_seconds=0)
    office.store.on_call = lambda method: beats.append(method) if method == "renew" else None
    office.deliveries.go.set()
    async with office.open():
        await until(lambda: office.done)
        await turns()
        beats.clear()
        await turns()
        assert beats == []


async def test_what_a_delivery_logs_carries_its_job() -> None:
    jobs: list[object] = []
    handler = logger.add(lambda message: jobs.append(message.record["extra"].get("job")), level="INFO")

    async def deliver(download: Download) -> Ended:
        logger.info("hello")
        return Ended()

    store = MemoryStore(queued("a"), queued("b"))
    ended = asyncio.Event()
    worker = Worker(store, deliver, Announcements(), holder="me", slots=1, on_done=ended.set)
    running = asyncio.create_task(worker.run())
    await until(lambda: {store.state("a"), store.state("b")} == {State.DONE})
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    logger.remove(handler)
    assert jobs == ["a", "a", "b", "b"]


# --- recordings -----------------------------------------------------------------------------------


async def test_a_heartbeat_brings_a_wish_to_keep_what_there_is() -> None:
    office = Office(MemoryStore(queued()), Deliveries(), heartbeat_seconds=0)
    with office.recordings.under_way("job", office.deliveries.go.set):
        async with office.open():
            await until(lambda: office.deliveries.running)
            office.store.set("job", finish_requested=True)
            await until(lambda: office.store.state() is State.DONE)


async def test_a_stop_of_the_bot_keeps_what_is_recorded() -> None:
    office = Office(MemoryStore(queued()), Deliveries(), grace_seconds=10)
    with office.recordings.under_way("job", office.deliveries.go.set):
        async with office.open():
            await until(lambda: office.deliveries.running)
    assert office.store.state() is State.DONE


async def test_who_presses_cancel_twice_does_not_stop_the_tidying() -> None:
    tidied = asyncio.Event()

    class Tidy(Deliveries):
        async def __call__(self, download: Download) -> Ended:
            try:
                return await super().__call__(download)
            finally:
                await turns()
                tidied.set()

    office = Office(MemoryStore(queued()), Tidy())
    async with office.open():
        await until(lambda: office.deliveries.running)
        assert office.worker.interrupt("job")
        await asyncio.sleep(0)
        assert office.worker.interrupt("job")
        await until(lambda: office.store.state() is State.CANCELLED)
    assert tidied.is_set()
