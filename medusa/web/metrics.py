"""Figures as Prometheus reads them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from medusa.counters import Counters
from medusa.vitals import (
    BrokerState,
    CopiesState,
    DatabaseState,
    DiskState,
    DownloadsState,
    LoopState,
    MemoryState,
    TelegramState,
    UptimeState,
    VitalState,
)
from medusa.web.status import NEEDED, Figures, is_well

CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposition(figures: Figures | None) -> bytes:
    """The figures, and those of the process that the kernel has; the latter alone before the start. Reads
    /proc."""
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    if figures is not None:
        registry.register(_Collector(figures))
    return generate_latest(registry)


class _Collector(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        return families(self._figures)


def families(figures: Figures) -> Iterator[Metric]:
    """Each figure under its name."""
    versions = figures.versions
    labels = {"version": versions.bot, "ytdlp": versions.ytdlp.version, "python": versions.python}
    yield InfoMetricFamily("medusa", "What is at work.", {**labels, "duty": figures.duty})
    yield _gauge("medusa_ytdlp_age_days", "Age of yt-dlp.", versions.ytdlp.age(figures.today))
    needed = {one.vital.value: is_well(one) for one in figures.findings if one.vital in NEEDED}
    yield _gauges("medusa_up", "Whether what the bot depends on is well.", "part", needed)
    for finding in figures.findings:
        if finding.state is not None:
            yield from _OF[type(finding.state)](finding.state)
    yield from _counted(figures.counters)


def _gauge(name: str, help: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help, value)


def _gauges(name: str, help: str, label: str, values: dict[str, Any]) -> Metric:
    family = GaugeMetricFamily(name, help, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _telegram(state: TelegramState) -> Iterator[Metric]:
    if state.ping_ms is not None:
        yield _gauge("medusa_telegram_ping_seconds", "To Telegram and back.", state.ping_ms / 1000)
    yield _gauge("medusa_media_connections", "Connections that carry files.", state.media_sessions)


def _database(state: DatabaseState) -> Iterator[Metric]:
    yield _gauge("medusa_database_ping_seconds", "To MongoDB and back.", state.latency_ms / 1000)
    yield _gauge("medusa_database_bytes", "Data and indexes.", state.size)


def _broker(state: BrokerState) -> Iterator[Metric]:
    return iter(())


def _disk(state: DiskState) -> Iterator[Metric]:
    yield _gauge("medusa_disk_free_bytes", "Free where DATA_DIR is.", state.free)
    yield _gauge("medusa_disk_bytes", "All of it.", state.total)


def _memory(state: MemoryState) -> Iterator[Metric]:
    parts = {"bot": state.bot, "children": state.children}
    yield _gauges("medusa_memory_bytes", "Memory of the bot and its media processes.", "of", parts)
    if state.limit is not None:
        yield _gauge("medusa_memory_limit_bytes", "What the platform allows.", state.limit)
    yield _gauge("medusa_media_processes", "Processes that fetch media.", state.processes)


def _loop(state: LoopState) -> Iterator[Metric]:
    yield _gauge(
        "medusa_loop_lag_seconds", "Longest delay of the event loop in a minute.", state.lag_ms / 1000
    )


def _downloads(state: DownloadsState) -> Iterator[Metric]:
    states = {"running": state.running, "queued": state.queued}
    yield _gauges("medusa_downloads", "Downloads under way, of all processes.", "state", states)


def _copies(state: CopiesState) -> Iterator[Metric]:
    states = {"waiting": state.waiting, "failed": state.failed}
    yield _gauges("medusa_log_copies", "Log copies on their way, of all processes.", "state", states)
    yield _gauge("medusa_log_channels_broken", "Log channels that take nothing.", state.broken)


def _uptime(state: UptimeState) -> Iterator[Metric]:
    yield _gauge("medusa_uptime_seconds", "Since the start.", state.seconds)


_OF: dict[type[VitalState], Callable[[Any], Iterator[Metric]]] = {
    TelegramState: _telegram,
    DatabaseState: _database,
    BrokerState: _broker,
    DiskState: _disk,
    MemoryState: _memory,
    LoopState: _loop,
    DownloadsState: _downloads,
    CopiesState: _copies,
    UptimeState: _uptime,
}


def _counted(counters: Counters) -> Iterator[Metric]:
    """Of this process, since its start."""
    yield CounterMetricFamily("medusa_received_bytes", "Bytes from sites.", counters.received)
    yield CounterMetricFamily("medusa_uploaded_bytes", "Bytes that Telegram has.", counters.uploaded)
    buckets = [("+Inf" if bound == float("inf") else str(bound), n) for bound, n in counters.parts.within()]
    yield HistogramMetricFamily(
        "medusa_part_seconds",
        "From a part's departure to its acknowledgement.",
        buckets=buckets,
        sum_value=counters.parts.total,
    )
    yield CounterMetricFamily(
        "medusa_part_failures", "Attempts to send a part in vain.", counters.failed_parts
    )
    yield CounterMetricFamily("medusa_flood_waits", "Pauses that Telegram asked for.", counters.flood_waits)
    yield CounterMetricFamily("medusa_flood_wait_seconds", "Seconds of these pauses.", counters.flood_seconds)
    ended = CounterMetricFamily("medusa_downloads_left", "Downloads by how they left here.", labels=["state"])
    for state, number in sorted(counters.ended.items()):
        ended.add_metric([state], number)
    yield ended
    yield _gauge("medusa_uploads", "Files on their way to Telegram.", counters.uploads)
