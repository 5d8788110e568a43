"""/health, /ping and /version: figures in words."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from medusa.release import Release
from medusa.text import human_size, human_time
from medusa.versions import Versions
from medusa.views.view import Button, View, word
from medusa.vitals import (
    BrokerState,
    CopiesState,
    DatabaseState,
    DiskState,
    DownloadsState,
    Finding,
    LoopState,
    Mark,
    MemoryState,
    Problem,
    TelegramState,
    UptimeState,
    Vital,
    VitalState,
    worst,
)

_MARKS = {Mark.GOOD: "✅", Mark.DOUBTFUL: "⚠️", Mark.BAD: "❌"}
_TITLES = {
    Vital.TELEGRAM: "Telegram",
    Vital.DATABASE: "MongoDB",
    Vital.BROKER: "Broker",
    Vital.DISK: "Disk",
    Vital.MEMORY: "Memory",
    Vital.LOOP: "Event loop",
    Vital.DOWNLOADS: "Downloads",
    Vital.COPIES: "Log copies",
    Vital.UPTIME: "Up",
}
_WHOLE = {
    Mark.GOOD: "Everything is well.",
    Mark.DOUBTFUL: "I work, and something needs a look.",
    Mark.BAD: "Something is broken.",
}
_SENTENCES = {
    Problem.SILENT: "It does not answer.",
    Problem.NOT_CONNECTED: "I am not connected, or get no answer.",
    Problem.AWAY: "Redis does not answer, so work is taken up a few seconds later.",
    Problem.READ_ONLY: "I cannot write in DATA_DIR: links work, a private database and /ytdlp update do not.",
    Problem.LITTLE_DISK: "Less than 1 GB is free; the private database needs some of it.",
    Problem.NO_DISK: "The disk is full; the private database will stop.",
    Problem.MUCH_MEMORY: "That is nearly all I may have; MAX_CONCURRENT_JOBS makes it less.",
    Problem.STUCK: "Something stops me for seconds at a time.",
    Problem.COPIES_FAILED: "Some have failed; /retry_logs tries them again.",
    Problem.CHANNELS_BROKEN: "A log channel takes nothing; /log_channels says why.",
}
_SLOW = {
    Vital.TELEGRAM: "Its answers are slow.",
    Vital.DATABASE: "Its answers are slow, and everything waits for them.",
    Vital.LOOP: "Something stops me for a moment now and then.",
}


def health(findings: Sequence[Finding]) -> View:
    """/health: a line for each, and a sentence where something is wrong."""
    lines = [_line(finding) for finding in findings]
    return View(
        f"🩺 <b>{_WHOLE[worst(findings)]}</b>\n\n" + "\n".join(lines),
        ((Button("🔄 Refresh", "health:refresh"),),),
    )


def _line(finding: Finding) -> str:
    facts = f": {_facts(finding.state)}" if finding.state is not None else ""
    line = f"{_MARKS[finding.mark]} <b>{_TITLES[finding.vital]}</b>{facts}"
    return f"{line}\n      {_sentence(finding)}" if finding.problem else line


def _sentence(finding: Finding) -> str:
    if finding.problem is Problem.SLOW:
        return _SLOW.get(finding.vital, "It is slow.")
    return _SENTENCES[finding.problem] if finding.problem else ""


def _facts(state: VitalState) -> str:
    for kind, words in _WORDS:
        if isinstance(state, kind):
            return words(state)
    raise TypeError(f"nobody has words for {state!r}")


def _telegram(state: TelegramState) -> str:
    ping = f", ping {state.ping_ms:.0f} ms" if state.ping_ms is not None else ""
    connected = "connected" if state.connected else "not connected"
    return f"{connected}{ping}, {_count(state.media_sessions, 'media session')}"


def _database(state: DatabaseState) -> str:
    return (
        f"{word(state.version)}, {'private' if state.is_private else 'a server'}, "
        f"{state.latency_ms:.0f} ms, {human_size(state.size)}"
    )


def _broker(state: BrokerState) -> str:
    return "Redis" if state.is_shared else "in memory"


def _disk(state: DiskState) -> str:
    return f"{human_size(state.free)} of {human_size(state.total)} free"


def _memory(state: MemoryState) -> str:
    limit = f", of {human_size(state.limit)}" if state.limit else ""
    return (
        f"{human_size(state.bot)}, and {human_size(state.children)} "
        f"in {_count(state.processes, 'media process', 'es')}{limit}"
    )


def _loop(state: LoopState) -> str:
    return f"at most {state.lag_ms:.0f} ms late, {_count(state.tasks, 'task')}"


def _downloads(state: DownloadsState) -> str:
    return f"{state.running} running, {state.queued} queued"


def _copies(state: CopiesState) -> str:
    failed = f", {state.failed} failed" if state.failed else ""
    return f"{state.waiting} waiting{failed}"


def _uptime(state: UptimeState) -> str:
    return duration(state.seconds)


_WORDS: tuple[tuple[type, Callable[..., str]], ...] = (
    (TelegramState, _telegram),
    (DatabaseState, _database),
    (BrokerState, _broker),
    (DiskState, _disk),
    (MemoryState, _memory),
    (LoopState, _loop),
    (DownloadsState, _downloads),
    (CopiesState, _copies),
    (UptimeState, _uptime),
)


def duration(seconds: float) -> str:
    """A long time: "3 days 4:05:06"."""
    days, rest = divmod(int(seconds), int(timedelta(days=1).total_seconds()))
    return f"{_count(days, 'day')} {human_time(rest)}" if days else human_time(rest)


def _count(number: int, what: str, more: str = "s") -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}{more}"


# --- /ping and /version ---------------------------------------------------------------------------


def pong(milliseconds: float | None) -> View:
    """/ping."""
    if milliseconds is None:
        return View("🏓 Pong, but Telegram took its time.")
    return View(f"🏓 Pong · {milliseconds:.0f} ms to Telegram and back")


def versions(found: Versions, today: date) -> View:
    """/version."""
    return View(
        f"🐍 <b>Medusa {word(found.bot)}</b>\n"
        f"yt-dlp {ytdlp(found.ytdlp, today)}\n"
        f"Python {word(found.python)} · kurigram {word(found.kurigram)} · PyAV {word(found.pyav)}"
    )


def ytdlp(release: Release, today: date) -> str:
    """Which one is in use, how old it is, and a warning where that is too old."""
    old = " ⚠️ It is old: sites may have changed since." if release.is_stale(today) else ""
    return f"{word(release.version)}, {_count(release.age(today), 'day')} old{old}"
