"""Numbers in words, in tables, and as they are to be drawn."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.figures import (
    OTHERS,
    Aspect,
    Counts,
    Day,
    Figures,
    OwnFigures,
    Period,
    Report,
    Share,
    Slot,
    Step,
    Theme,
    Wanted,
    begin,
)
from medusa.histogram import Histogram
from medusa.sheet import Form, Unit
from medusa.text import CAPTION_LIMIT, MESSAGE_LIMIT, utf16_length
from medusa.views import statistics
from medusa.views.sheets import MOST_BARS, sheet

LAST = date(2026, 11, 27)
SPEEDS = Histogram(classes=((80, 10), (84, 5), (92, 1)))


def report(period: Period = Period.WEEK, step: Step = Step.DAY, columns: int = 7, **fields: object) -> Report:
    """A report with as many columns."""
    first = LAST - timedelta(days=columns - 1)
    days = [first + timedelta(days=number) for number in range(columns)]
    total = Figures(
        done=90,
        failed=10,
        cancelled=3,
        bytes=1_500_000_000,
        users=12,
        archived=4,
        sources=(Share(name="YouTube", done=80, failed=5), Share(name=OTHERS, done=10, failed=5)),
        kinds=(Share(name="video", done=90, bytes=1_500_000_000),),
        failures=(Share(name="SourceGone", failed=7), Share(name="MedusaError", failed=3)),
        speeds=SPEEDS,
        waits=SPEEDS,
    )
    slots = [Slot(at=begin(day), done=9, bytes=150, users=2, speeds=SPEEDS, waits=SPEEDS) for day in days]
    known = [Day(day=day, made=begin(day), complete=True, done=9, bytes=150, speeds=SPEEDS) for day in days]
    made = Report(
        period=period, first=first, last=LAST, total=total, step=step, slots=tuple(slots), days=tuple(known)
    )
    return made.evolve(**fields)


NOTHING = report(total=Figures(), slots=tuple(Slot(at=begin(LAST)) for _ in range(7)), days=())
EVERYTHING = [Wanted(period, aspect, theme) for period in Period for aspect in Aspect for theme in Theme]


@pytest.mark.parametrize("wanted", EVERYTHING, ids="-".join)
@pytest.mark.parametrize("found", [report(), NOTHING], ids=["much", "nothing"])
def test_every_picture_can_be_shown(wanted: Wanted, found: Report) -> None:
    drawn = sheet(found.evolve(period=wanted.period), wanted)
    assert drawn.dark is (wanted.theme is Theme.DARK)
    assert drawn.title
    assert drawn.is_empty is (found is NOTHING)
    for series in drawn.series:
        assert len(series.values) == len(drawn.labels)
    if drawn.form is Form.BARS:
        assert len(drawn.notes) == len(drawn.labels)
    for view in (statistics.caption(found, wanted), statistics.numbers(found, wanted)):
        buttons = [button for row in view.buttons for button in row]
        assert all(len(button.data.encode()) <= 64 for button in buttons)
        assert len({button.data for button in buttons}) == len(buttons) - 1, "the two that are shown now"
        assert [button.label for button in buttons if button.label.startswith("•")] == [
            f"• {statistics.PERIODS[wanted.period]}",
            f"• {statistics.ASPECTS[wanted.aspect]}",
        ]


def test_the_theme_travels_with_every_button() -> None:
    for theme in Theme:
        shown = [button for row in statistics.buttons(Wanted(theme=theme)) for button in row]
        turns = [button.data.split(":") for button in shown if button.data.startswith("stats:")]
        other = {Theme.LIGHT: "dark", Theme.DARK: "light"}[theme]
        assert [data[3] for data in turns if data[3] != theme] == [other]


def test_a_caption_has_the_numbers() -> None:
    assert statistics.caption(report(), Wanted()).text.splitlines() == [
        "📊 <b>21 Nov 2026 – 27 Nov 2026</b>",
        "103 downloads · 1.50 GB · 12 users",
        "90 % delivered, 10 failed",
        "4 from the archive",
    ]


def test_a_text_has_what_the_pictures_have() -> None:
    text = statistics.numbers(report(), Wanted()).text
    for line in (
        *("YouTube: 85", "Others: 15", "Videos: 90", "Source gone: 7", "Fault in the program: 3"),
        *("27 Nov: 9 downloads · 150 B", "Speed: half 1.2 MB/s", "could not be drawn"),
    ):
        assert line in text


names = st.text(min_size=1, max_size=200).map(lambda name: f"<b>&{name}")


@given(st.lists(names, min_size=1, max_size=30, unique=True))
def test_whatever_sites_are_called_it_fits_and_is_text(found: list[str]) -> None:
    sources = tuple(Share(name=name, done=1, failed=1) for name in found)
    total = report().total.evolve(sources=sources, failures=sources)
    shown = report(total=total)
    text = statistics.numbers(shown, Wanted()).text
    assert utf16_length(text) <= MESSAGE_LIMIT
    assert "<b>&" not in text
    assert utf16_length(statistics.caption(shown, Wanted()).text) <= CAPTION_LIMIT
    drawn = sheet(shown, Wanted(aspect=Aspect.SOURCES))
    assert len(drawn.labels) <= MOST_BARS + 1
    own = OwnFigures(week=Counts(), month=Counts(), total=Counts(done=2), sources=sources)
    assert "<b>&" not in statistics.own(own).text


def test_columns_are_named_by_what_they_are() -> None:
    hours = report(
        Period.DAY, Step.HOUR, slots=tuple(Slot(at=begin(LAST) + timedelta(hours=n)) for n in range(24))
    )
    assert sheet(hours, Wanted(aspect=Aspect.BYTES)).labels[13] == "13:00"
    days = sheet(report(), Wanted(aspect=Aspect.BYTES))
    assert (days.labels[-1], days.axis, days.base) == ("27 Nov", "Bytes sent a day", "day (UTC)")
    weeks = sheet(report(Period.ALL, Step.WEEK), Wanted(aspect=Aspect.USERS))
    assert (weeks.labels[-1], weeks.axis, weeks.base) == (
        "27 Nov",
        "Different users a week",
        "week of (UTC)",
    )
    assert sheet(report(Period.ALL, Step.MONTH), Wanted()).labels[-1] == "Nov ’26"


def test_of_today_the_spread_of_speeds_is_shown_with_its_gaps() -> None:
    drawn = sheet(report(Period.DAY, Step.HOUR), Wanted(aspect=Aspect.SPEEDS))
    assert (drawn.form, drawn.unit) == (Form.COLUMNS, Unit.COUNT)
    assert drawn.labels == ("1.0 MB/s", "2.1 MB/s", "4.2 MB/s", "8.4 MB/s")
    assert drawn.series[0].values == (10, 5, 0, 1)


def test_a_day_without_any_is_a_gap_in_a_line_and_a_zero_in_a_column() -> None:
    slots = (report().slots[0], Slot(at=datetime(2026, 11, 22, tzinfo=UTC)))
    found = report(slots=slots)
    middle, longest = sheet(found, Wanted(aspect=Aspect.WAITS)).series
    assert (middle.values[1], longest.values[1]) == (None, None)
    assert sheet(found, Wanted()).series[0].values == (9, 0)


@pytest.mark.parametrize(
    ("share", "text"), [(1, "100 %"), (0.99999, "99.9 %"), (0.5, "50 %"), (0.123, "12.3 %"), (0, "0 %")]
)
def test_a_share_is_whole_only_when_nothing_is_missing(share: float, text: str) -> None:
    assert statistics.percent(share) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [("SourceGone", "Source gone"), ("GaveUp", "Gave up"), ("It is gone.", "It is gone."), ("", "Others")],
)
def test_a_reason_in_words(name: str, text: str) -> None:
    assert statistics.reason(name) == text


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(12, "12 ms"), (1500, "1.5 s"), (90_000, "1.5 min"), (5.4e6, "1.5 h"), (2e8, "2.3 d")],
)
def test_a_wait_in_words(milliseconds: float, text: str) -> None:
    assert statistics.wait(milliseconds) == text


def test_a_table_has_a_row_for_each_day() -> None:
    file = statistics.table(report())
    assert (file.name, file.mime) == ("medusa-2026-11-21-2026-11-27.csv", "text/csv")
    rows = [*csv.DictReader(io.StringIO(file.text))]
    assert [row["day"] for row in rows] == [f"2026-11-{number}" for number in range(21, 28)]
    assert (rows[0]["delivered"], rows[0]["bytes"], rows[0]["success"]) == ("9", "150", "1.0000")
    assert float(rows[0]["speed_p50_bytes_per_s"]) == pytest.approx(1.2e6, rel=0.2)
    assert rows[0]["wait_p50_ms"] == ""
    assert [*csv.DictReader(io.StringIO(statistics.table(NOTHING).text))] == []


def test_ones_own_numbers() -> None:
    own = OwnFigures(
        week=Counts(),
        month=Counts(done=1, failed=1, bytes=5),
        total=Counts(done=9, bytes=50),
        sources=(Share(name="YouTube", done=9), Share(name=OTHERS, done=1)),
    )
    assert statistics.own(own).text.splitlines() == [
        "📊 <b>Your downloads</b>",
        "",
        "<b>7 days</b>: 0 downloads · 0 B",
        "<b>30 days</b>: 2 downloads · 5 B · 50 % delivered",
        "<b>All</b>: 9 downloads · 50 B · 100 % delivered",
        "",
        "<b>Your sites</b>",
        "YouTube: 9",
    ]
    assert "nothing yet" in statistics.own(own.evolve(total=Counts())).text
