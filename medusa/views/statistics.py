"""What the bot says of numbers: what stands under a picture, the same as text, one's own, and tables."""

import csv
import io
import re
from collections.abc import Callable, Iterable

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
    Theme,
    Wanted,
)
from medusa.histogram import Histogram
from medusa.text import clip, escape, human_size, one_line
from medusa.views.view import Button, TextFile, View

PERIODS = {Period.DAY: "Today", Period.WEEK: "Week", Period.MONTH: "Month", Period.ALL: "All"}
ASPECTS = {
    Aspect.DOWNLOADS: "Downloads",
    Aspect.BYTES: "Bytes",
    Aspect.USERS: "Users",
    Aspect.SOURCES: "Sites",
    Aspect.KINDS: "Types",
    Aspect.FAILURES: "Failures",
    Aspect.SPEEDS: "Speeds",
    Aspect.WAITS: "Waits",
}
_ROWS = (
    (Aspect.DOWNLOADS, Aspect.BYTES, Aspect.USERS),
    (Aspect.SOURCES, Aspect.KINDS, Aspect.FAILURES),
    (Aspect.SPEEDS, Aspect.WAITS),
)
_KINDS = {"video": "Videos", "audio": "Music", "document": "Files", "photo": "Photos"}
_NAME = 40
_LISTED = 5
_LATEST = 7


# --- the bot's ------------------------------------------------------------------------------------


def caption(report: Report, wanted: Wanted) -> View:
    """What stands under a picture, with the buttons that turn it."""
    return View("\n".join(_facts(report)), buttons(wanted))


def numbers(report: Report, wanted: Wanted) -> View:
    """The same and more, where there is no picture."""
    return View(f"{listed(report)}\n<i>The picture could not be drawn.</i>", buttons(wanted))


def listed(report: Report) -> str:
    """All numbers of a period as text."""
    total = report.total
    lists = (
        ("Sites", total.sources, site),
        ("Types", total.kinds, kind),
        ("Failures", total.failures, reason),
    )
    lines = _facts(report)
    for title, found, name in lists:
        if found:
            lines += ["", f"<b>{title}</b>", *_listed(found, name)]
    return "\n".join([*lines, "", *_latest(report), *_speeds(total)])


def dates(report: Report) -> str:
    """Which days these are."""
    if report.first == report.last:
        return f"{report.last:%-d %b %Y}, until now"
    return f"{report.first:%-d %b %Y} – {report.last:%-d %b %Y}"


def rebuilt(day: Day) -> View:
    """The answer to `/stats rebuild`."""
    return View(f"✅ {day.day} is counted anew.\n{_summed(day)} · {amount(day.users, 'user')}")


def buttons(wanted: Wanted) -> tuple[tuple[Button, ...], ...]:
    """Each shows another picture, but for the last ones."""
    periods = tuple(
        _turn(label, wanted._replace(period=one), one is wanted.period) for one, label in PERIODS.items()
    )
    aspects = tuple(
        tuple(_turn(ASPECTS[one], wanted._replace(aspect=one), one is wanted.aspect) for one in row)
        for row in _ROWS
    )
    other = Theme.LIGHT if wanted.theme is Theme.DARK else Theme.DARK
    last = (
        _turn("☀ Light" if other is Theme.LIGHT else "🌙 Dark", wanted._replace(theme=other), False),
        Button("📄 CSV", f"days:{wanted.period}"),
        Button("👤 Mine", "mine:stats"),
    )
    return (periods, *aspects, last)


def _turn(label: str, to: Wanted, is_shown: bool) -> Button:
    return Button(f"• {label}" if is_shown else label, f"stats:{to.period}:{to.aspect}:{to.theme}")


def _facts(report: Report) -> list[str]:
    total = report.total
    lines = [f"📊 <b>{dates(report)}</b>", f"{_summed(total)} · {amount(total.users, 'user')}"]
    if total.success is not None:
        lines.append(f"{percent(total.success)} delivered, {total.failed:,} failed")
    if total.archived:
        lines.append(f"{total.archived:,} from the archive")
    return lines


def _listed(found: Iterable[Share], name: Callable[[str], str]) -> list[str]:
    return [f"{escape(name(one.name))}: {one.total:,}" for one in [*found][:_LISTED]]


def _latest(report: Report) -> list[str]:
    if report.period is Period.DAY:
        return []
    return [*(f"{one.day:%-d %b}: {_summed(one)}" for one in report.days[-_LATEST:]), ""]


def _speeds(total: Figures) -> list[str]:
    lines = [*_quantiles("Speed", total.speeds, speed), *_quantiles("Wait", total.waits, wait)]
    return [*lines, ""] if lines else []


def _quantiles(title: str, found: Histogram, shown: Callable[[float], str]) -> list[str]:
    half, most = found.quantile(0.5), found.quantile(0.95)
    return (
        [] if half is None or most is None else [f"{title}: half {shown(half)}, 95 % {shown(most)} at most"]
    )


# --- one's own ------------------------------------------------------------------------------------


def own(found: OwnFigures) -> View:
    """/stats for somebody who uses the bot."""
    if not found.total.total:
        return View("📊 I have brought you nothing yet. Send me a link.")
    lines = ["📊 <b>Your downloads</b>", ""]
    for title, counts in (("7 days", found.week), ("30 days", found.month), ("All", found.total)):
        lines.append(f"<b>{title}</b>: {_summed(counts)}{_delivered(counts)}")
    sources = [*_listed((one for one in found.sources if one.name != OTHERS), site)]
    return View("\n".join([*lines, "", "<b>Your sites</b>", *sources]))


def _delivered(counts: Counts) -> str:
    return f" · {percent(counts.success)} delivered" if counts.success is not None else ""


# --- words ----------------------------------------------------------------------------------------


def site(name: str) -> str:
    """A site, as a picture or a text names it; to be escaped."""
    return clip(one_line(name), _NAME) or "Others"


def kind(name: str) -> str:
    """A kind of files."""
    return _KINDS.get(name, name)


def reason(name: str) -> str:
    """Why something failed: "SourceGone" is "Source gone"; what is no class is said as it was."""
    if name == "MedusaError":
        return "Fault in the program"
    words = re.sub(r"(?<=[a-z])([A-Z])", lambda match: f" {match[1].lower()}", name)
    return clip(one_line(words if name.isidentifier() else name), _NAME) or "Others"


def percent(share: float) -> str:
    """A share as people read it; never 100 % where something is missing."""
    shown = f"{100 * share:.1f}".removesuffix(".0")
    return "99.9 %" if shown == "100" and share < 1 else f"{shown} %"


def amount(count: int, of: str) -> str:
    """So many of something."""
    return f"{count:,} {of}{'' if count == 1 else 's'}"


def speed(value: float) -> str:
    """Bytes a second."""
    return f"{human_size(value)}/s"


def wait(milliseconds: float) -> str:
    """How long something took."""
    for size, unit in ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s")):
        if milliseconds >= size:
            return f"{milliseconds / size:.1f} {unit}"
    return f"{milliseconds:.0f} ms"


def _summed(counts: Counts) -> str:
    return f"{amount(counts.total, 'download')} · {human_size(counts.bytes)}"


# --- tables ---------------------------------------------------------------------------------------

_COLUMNS: dict[str, Callable[[Day], object]] = {
    "day": lambda one: one.day.isoformat(),
    "delivered": lambda one: one.done,
    "failed": lambda one: one.failed,
    "cancelled": lambda one: one.cancelled,
    "success": lambda one: "" if one.success is None else f"{one.success:.4f}",
    "bytes": lambda one: one.bytes,
    "users": lambda one: one.users,
    "from_archive": lambda one: one.archived,
    "speed_p50_bytes_per_s": lambda one: _rounded(one.speeds.quantile(0.5)),
    "speed_p95_bytes_per_s": lambda one: _rounded(one.speeds.quantile(0.95)),
    "wait_p50_ms": lambda one: _rounded(one.waits.quantile(0.5)),
    "wait_p95_ms": lambda one: _rounded(one.waits.quantile(0.95)),
}


def table(report: Report) -> TextFile:
    """A row for each day, as CSV."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(_COLUMNS)
    rows.writerows([column(one) for column in _COLUMNS.values()] for one in report.days)
    return TextFile(f"medusa-{report.first}-{report.last}.csv", written.getvalue(), "text/csv")


def table_caption(report: Report) -> str:
    """What stands under it."""
    return f"📄 {dates(report)}: {amount(len(report.days), 'day')}, in UTC"


def _rounded(value: float | None) -> object:
    return "" if value is None else round(value)
