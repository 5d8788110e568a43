"""The job that counts days: each once when it is over, today again and again, and any once more."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from medusa.errors import StoreUnavailable, WrongArgument
from medusa.figures import Counts, Day, OwnFigures, Period, Slot, Step, begin
from medusa.jobs.statistics import FRESH, GRACE, Statistics

NOW = datetime(2026, 11, 27, 15, tzinfo=UTC)
TODAY = NOW.date()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


class Days:
    """A DayStore in memory. Each day has as many downloads as was decided for it."""

    def __init__(self, downloads: dict[date, int]) -> None:
        self.downloads = downloads
        self.kept: dict[date, Day] = {}
        self.counted: list[date] = []
        self.asked: list[tuple[date, date]] = []
        self.is_down = False

    async def earliest(self) -> date | None:
        return min(self.downloads, default=None)

    async def last_complete(self) -> date | None:
        if self.is_down:
            raise StoreUnavailable
        return max((day for day, one in self.kept.items() if one.complete), default=None)

    async def count(self, day: date, now: datetime, *, complete: bool) -> Day:
        done = self.downloads.get(day, 0)
        hours = (Slot(at=begin(day) + timedelta(hours=9), done=done),)
        self.counted.append(day)
        self.kept[day] = Day(day=day, made=now, complete=complete, done=done, users=min(done, 2), hours=hours)
        return self.kept[day]

    async def days(self, first: date, last: date) -> list[Day]:
        return [one for day, one in sorted(self.kept.items()) if first <= day <= last]

    async def first(self) -> date | None:
        return min(self.kept, default=None)

    async def different_users(self, spans: Sequence[tuple[date, date]]) -> list[int]:
        self.asked = [*spans]
        return [5] * len(spans)

    async def own(self, person_id: int, today: date) -> OwnFigures:
        nothing = Counts()
        return OwnFigures(week=nothing, month=nothing, total=nothing, sources=())


class Desk:
    """The job with a clock that is moved by hand."""

    def __init__(self, downloads: dict[date, int] | None = None) -> None:
        self.store = Days(downloads or {})
        self.now = NOW
        self.slept = list[float]()
        self.job = Statistics(self.store, now=lambda: self.now, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.store.is_down = len(self.slept) == 1
        if len(self.slept) == 3:
            raise Stop


class Stop(Exception):
    """The end of a test of what never ends."""


async def test_each_day_that_is_over_is_counted_once_and_today_again() -> None:
    desk = Desk({ago(3): 1, ago(1): 2})
    await desk.job.catch_up()
    assert desk.store.counted == [ago(3), ago(2), ago(1), TODAY]
    assert [one.complete for _, one in sorted(desk.store.kept.items())] == [True, True, True, False]
    await desk.job.catch_up()
    assert desk.store.counted[4:] == [TODAY]


async def test_yesterday_is_complete_only_after_a_while() -> None:
    desk = Desk({ago(1): 1})
    for now, complete in ((begin(TODAY), False), (begin(TODAY) + GRACE, True)):
        desk.now = now
        await desk.job.catch_up()
        assert desk.store.kept[ago(1)].complete is complete
    desk.store.counted.clear()
    await desk.job.catch_up()
    assert desk.store.counted == [TODAY]


async def test_what_was_interrupted_goes_on() -> None:
    desk = Desk({ago(4): 1})
    await desk.store.count(ago(4), NOW, complete=True)
    await desk.store.count(ago(3), NOW, complete=False)
    desk.store.counted.clear()
    await desk.job.catch_up()
    assert desk.store.counted == [ago(3), ago(2), ago(1), TODAY]


async def test_a_new_bot_has_today() -> None:
    desk = Desk()
    await desk.job.catch_up()
    assert desk.store.counted == [TODAY]


async def test_it_survives_a_database_that_is_down() -> None:
    desk = Desk()
    with pytest.raises(Stop):
        await desk.job.run()
    assert desk.store.counted == [TODAY, TODAY], "the second of three looks was in vain"


async def test_a_report_has_all_days_of_its_period_also_those_without_any() -> None:
    desk = Desk({ago(6): 3, TODAY: 4})
    await desk.store.count(ago(6), NOW, complete=True)
    report = await desk.job.report(Period.WEEK)
    assert (report.first, report.last, report.step) == (ago(6), TODAY, Step.DAY)
    assert [slot.done for slot in report.slots] == [3, 0, 0, 0, 0, 0, 4]
    assert [slot.users for slot in report.slots] == [2, 0, 0, 0, 0, 0, 2]
    assert (report.total.done, report.total.users) == (7, 5)
    assert [one.day for one in report.days] == [ago(6), TODAY]
    assert desk.store.asked == [(ago(6), TODAY)], "a day alone knows its users itself"


async def test_today_is_shown_by_the_hour() -> None:
    report = await Desk({TODAY: 4}).job.report(Period.DAY)
    assert (report.step, len(report.slots), report.slots[9].done) == (Step.HOUR, 24, 4)
    assert (report.total.done, report.total.users) == (4, 2)


async def test_all_days_begin_with_the_first_that_is_known() -> None:
    desk = Desk({ago(364): 1})
    await desk.job.catch_up()
    report = await desk.job.report(Period.ALL)
    assert (report.first, report.step, len(report.slots)) == (ago(364), Step.WEEK, 53)
    assert report.slots[0].done == 1
    assert {slot.users for slot in report.slots[1:-1]} == {5}


async def test_today_is_counted_for_whoever_asks_but_not_at_every_press() -> None:
    desk = Desk({TODAY: 1})
    await desk.job.catch_up()
    desk.store.downloads[TODAY] = 2
    assert (await desk.job.report(Period.DAY)).total.done == 2
    desk.store.downloads[TODAY] = 3
    assert (await desk.job.report(Period.WEEK)).total.done == 2
    desk.now += FRESH + timedelta(seconds=1)
    assert (await desk.job.report(Period.WEEK)).total.done == 3
    desk.now = begin(TODAY + timedelta(days=1))
    assert (await desk.job.report(Period.DAY)).total.done == 0


async def test_a_day_is_counted_anew() -> None:
    desk = Desk({ago(2): 1})
    await desk.job.catch_up()
    desk.store.downloads[ago(2)] = 9
    assert (await desk.job.rebuild(f"rebuild {ago(2)}")).done == 9
    assert desk.store.kept[ago(2)].complete


async def test_a_day_of_which_no_download_is_kept_stays_as_it_is() -> None:
    desk = Desk({ago(5): 2, ago(2): 1})
    await desk.job.catch_up()
    del desk.store.downloads[ago(5)]  # somebody has made room
    for day in (ago(5), ago(2000)):
        with pytest.raises(WrongArgument, match=f"{ago(2)}"):
            await desk.job.rebuild(f"rebuild {day}")
    assert desk.store.kept[ago(5)].done == 2
    assert min(desk.store.kept) == ago(5), "all days begin where they began"
    assert (await desk.job.rebuild(f"rebuild {ago(1)}")).done == 0
    with pytest.raises(WrongArgument, match="no downloads"):
        await Desk().job.rebuild(f"rebuild {ago(1)}")


@pytest.mark.parametrize("written", ["", "rebuild", "rebuild x", "rebuild 2026-02-30", f"rebuild {ago(-1)}"])
async def test_a_day_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(WrongArgument):
        await Desk().job.rebuild(written)
