"""The figures read as Prometheus reads them."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from medusa.counters import Counters
from medusa.vitals import Finding, Vital
from medusa.web.metrics import exposition
from medusa.web.status import Figures
from tests.unit.web.saying import VERSIONS, WELL


def read(text: bytes) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Each sample with its labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def figures(counters: Counters, *without: Vital) -> Figures:
    findings = tuple(Finding(vital, None if vital in without else state) for vital, state in WELL.items())
    return Figures(findings, counters, VERSIONS, "worker", date(2026, 11, 5))


def test_every_figure_has_its_sample() -> None:
    counters = Counters()
    counters.receive(1000)
    counters.acknowledge(500, 0.3)
    counters.slow_down(7)
    counters.end("done")
    found = read(exposition(figures(counters)))
    for name, labels, value in (
        ("medusa_up", {"part": "telegram"}, 1),
        ("medusa_telegram_ping_seconds", {}, 0.02),
        ("medusa_database_ping_seconds", {}, 0.003),
        ("medusa_memory_bytes", {"of": "children"}, 200),
        ("medusa_memory_limit_bytes", {}, 512),
        ("medusa_media_processes", {}, 3),
        ("medusa_loop_lag_seconds", {}, 0.012),
        ("medusa_downloads", {"state": "queued"}, 7),
        ("medusa_log_copies", {"state": "waiting"}, 4),
        ("medusa_log_channels_broken", {}, 1),
        ("medusa_received_bytes_total", {}, 1000),
        ("medusa_uploaded_bytes_total", {}, 500),
        ("medusa_part_seconds_bucket", {"le": "0.25"}, 0),
        ("medusa_part_seconds_bucket", {"le": "0.5"}, 1),
        ("medusa_part_seconds_count", {}, 1),
        ("medusa_flood_waits_total", {}, 1),
        ("medusa_flood_wait_seconds_total", {}, 7),
        ("medusa_downloads_left_total", {"state": "done"}, 1),
        ("medusa_uploads", {}, 0),
        ("medusa_ytdlp_age_days", {}, 10),
        (
            "medusa_info",
            {"version": "1.0.0", "ytdlp": "2026.10.26", "python": "3.11.9", "duty": "worker"},
            1,
        ),
    ):
        assert found[name, tuple(sorted(labels.items()))] == value, name
    assert any(name == "process_resident_memory_bytes" for name, _ in found)


def test_what_does_not_answer_is_left_out_and_is_down() -> None:
    found = read(exposition(figures(Counters(), Vital.DATABASE, Vital.DOWNLOADS)))
    assert found["medusa_up", (("part", "database"),)] == 0
    assert not [name for name, _ in found if name in ("medusa_database_ping_seconds", "medusa_downloads")]


def test_before_the_start_there_is_the_process_alone() -> None:
    assert all(name.startswith("process_") for name, _ in read(exposition(None)))


@given(st.lists(st.floats(0, 1000, allow_nan=False)), st.integers(0, 2**60))
def test_whatever_was_counted_is_read_back(times: list[float], size: int) -> None:
    counters = Counters()
    for seconds in times:
        counters.acknowledge(size, seconds)
    found = read(exposition(figures(counters)))
    assert found["medusa_uploaded_bytes_total", ()] == float(size * len(times))
    assert found["medusa_part_seconds_bucket", (("le", "+Inf"),)] == len(times)
