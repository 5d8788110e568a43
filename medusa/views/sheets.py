"""Numbers as pictures: which values are shown of a report, and what is written around them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from medusa.figures import Aspect, Period, Report, Share, Slot, Step, Theme, Wanted, shares
from medusa.histogram import PER_DOUBLING, Histogram, lower_end
from medusa.sheet import Form, Series, Sheet, Tone, Unit
from medusa.text import human_size
from medusa.views import statistics as words

MOST_BARS = 7


class _Words(NamedTuple):
    """What a column is called."""

    each: str
    base: str
    label: str
    """Its own, as strftime takes it."""


_STEPS = {
    Step.HOUR: _Words("an hour", "hour (UTC)", "%H:00"),
    Step.DAY: _Words("a day", "day (UTC)", "%-d %b"),
    Step.WEEK: _Words("a week", "week of (UTC)", "%-d %b"),
    Step.MONTH: _Words("a month", "month (UTC)", "%b ’%y"),
}
_NAMES = {Period.DAY: "today", Period.WEEK: "7 days", Period.MONTH: "30 days", Period.ALL: "from the start"}
_NOTHING = "Nothing was downloaded in this time."


def sheet(report: Report, wanted: Wanted) -> Sheet:
    """The picture of a report that somebody wants to see."""
    base = Sheet(
        form=Form.COLUMNS,
        dark=wanted.theme is Theme.DARK,
        title=f"{words.ASPECTS[wanted.aspect]}, {_NAMES[report.period]}",
        subtitle=words.dates(report),
        axis="",
        base=_STEPS[report.step].base,
        unit=Unit.COUNT,
        labels=_labels(report),
        series=(),
        empty=_NOTHING,
    )
    return _ASPECTS[wanted.aspect](report, base)


# --- over time ------------------------------------------------------------------------------------


def _downloads(report: Report, base: Sheet) -> Sheet:
    total = report.total
    success = f", {words.percent(total.success)} delivered" if total.success is not None else ""
    return base.evolve(
        subtitle=f"{words.amount(total.total, 'download')}{success}",
        axis=f"Downloads {_STEPS[report.step].each}",
        series=(
            _series("delivered", Tone.GOOD, report, lambda slot: slot.done),
            _series("failed", Tone.BAD, report, lambda slot: slot.failed),
            _series("cancelled", Tone.QUIET, report, lambda slot: slot.cancelled),
        ),
    )


def _bytes(report: Report, base: Sheet) -> Sheet:
    return base.evolve(
        subtitle=f"{human_size(report.total.bytes)} sent to people",
        axis=f"Bytes sent {_STEPS[report.step].each}",
        unit=Unit.BYTES,
        series=(_series("sent", Tone.GOOD, report, lambda slot: slot.bytes),),
    )


def _users(report: Report, base: Sheet) -> Sheet:
    return base.evolve(
        subtitle=f"{words.amount(report.total.users, 'different user')} in all",
        axis=f"Different users {_STEPS[report.step].each}",
        series=(_series("users", Tone.GOOD, report, lambda slot: slot.users),),
    )


def _speeds(report: Report, base: Sheet) -> Sheet:
    drawn = base.evolve(
        subtitle=_quantiles(report.total.speeds, words.speed),
        unit=Unit.SPEED,
        empty="Nothing was fetched in this time.",
    )
    if report.period is Period.DAY:
        return _spread(
            drawn, report.total.speeds, "Downloads by their speed", "bytes a second, at least", words.speed
        )
    return drawn.evolve(
        form=Form.LINES,
        axis="Speed, from the claim to the last message",
        series=_two(report, lambda slot: slot.speeds, "fastest 5 %", Tone.QUIET),
    )


def _waits(report: Report, base: Sheet) -> Sheet:
    drawn = base.evolve(
        subtitle=_quantiles(report.total.waits, words.wait),
        unit=Unit.TIME,
        empty="Nobody has waited in this time.",
    )
    if report.period is Period.DAY:
        return _spread(drawn, report.total.waits, "Downloads by their wait", "time, at least", words.wait)
    return drawn.evolve(
        form=Form.LINES,
        axis="Wait, from the link to the start",
        series=_two(report, lambda slot: slot.waits, "longest 5 %", Tone.BAD),
    )


def _two(report: Report, of: Callable[[Slot], Histogram], most: str, tone: Tone) -> tuple[Series, ...]:
    return (
        _series("middle", Tone.GOOD, report, lambda slot: of(slot).quantile(0.5)),
        _series(most, tone, report, lambda slot: of(slot).quantile(0.95)),
    )


def _spread(base: Sheet, found: Histogram, axis: str, below: str, shown: Callable[[float], str]) -> Sheet:
    """How often each value is there: a column for it and up to its double."""
    counts = dict[int, int]()
    for number, count in found.classes:
        doubling = number // PER_DOUBLING
        counts[doubling] = counts.get(doubling, 0) + count
    columns = range(min(counts, default=0), max(counts, default=0) + 1)
    return base.evolve(
        axis=axis,
        base=below,
        unit=Unit.COUNT,
        labels=tuple(shown(lower_end(PER_DOUBLING * column)) for column in columns),
        series=(Series(name=axis, tone=Tone.GOOD, values=tuple(counts.get(one, 0) for one in columns)),),
    )


def _quantiles(found: Histogram, shown: Callable[[float], str]) -> str:
    half, most = found.quantile(0.5), found.quantile(0.95)
    return "" if half is None or most is None else f"half {shown(half)}, 95 % {shown(most)} at most"


def _series(name: str, tone: Tone, report: Report, value: Callable[[Slot], float | None]) -> Series:
    return Series(name=name, tone=tone, values=tuple(value(slot) for slot in report.slots))


def _labels(report: Report) -> tuple[str, ...]:
    return tuple(f"{slot.at:{_STEPS[report.step].label}}" for slot in report.slots)


# --- by name --------------------------------------------------------------------------------------


def _sources(report: Report, base: Sheet) -> Sheet:
    found = report.total.sources
    return _bars(base, found, "Downloads by site, share delivered", words.site, _success)


def _kinds(report: Report, base: Sheet) -> Sheet:
    return _bars(
        base,
        report.total.kinds,
        "Delivered downloads by type, their bytes",
        words.kind,
        lambda one: human_size(one.bytes),
    )


def _failures(report: Report, base: Sheet) -> Sheet:
    failed = report.total.failed

    def share(one: Share) -> str:
        return words.percent(one.total / failed)

    drawn = _bars(
        base, report.total.failures, "Downloads that failed, by reason", words.reason, share, Tone.BAD
    )
    return drawn.evolve(
        subtitle=f"{failed:,} of {words.amount(report.total.total, 'download')} failed",
        empty="Nothing failed in this time.",
    )


def _success(one: Share) -> str:
    return words.percent(one.success) if one.success is not None else "–"


def _bars(
    base: Sheet,
    found: Sequence[Share],
    axis: str,
    name: Callable[[str], str],
    more: Callable[[Share], str],
    tone: Tone = Tone.GOOD,
) -> Sheet:
    kept = shares(found, MOST_BARS)
    return base.evolve(
        form=Form.BARS,
        axis=axis,
        labels=tuple(name(one.name) for one in kept),
        notes=tuple(f"{one.total:,} · {more(one)}" for one in kept),
        series=(Series(name=axis, tone=tone, values=tuple(one.total for one in kept)),),
    )


_ASPECTS: dict[Aspect, Callable[[Report, Sheet], Sheet]] = {
    Aspect.DOWNLOADS: _downloads,
    Aspect.BYTES: _bytes,
    Aspect.USERS: _users,
    Aspect.SOURCES: _sources,
    Aspect.KINDS: _kinds,
    Aspect.FAILURES: _failures,
    Aspect.SPEEDS: _speeds,
    Aspect.WAITS: _waits,
}
