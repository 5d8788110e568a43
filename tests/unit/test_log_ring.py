"""What is kept of the log in memory is the end of it, and not more than there is room for."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from medusa.log_ring import LogRing

lines = st.lists(st.text(max_size=40), max_size=60)


@given(lines, st.integers(1, 20), st.integers(1, 200))
def test_it_is_the_end_and_has_its_bounds(written: list[str], most_lines: int, most_bytes: int) -> None:
    ring = LogRing(most_lines=most_lines, most_bytes=most_bytes)
    for line in written:
        ring.add(line)
    kept = ring.last()
    assert len(kept) <= most_lines
    assert sum(len(line.encode()) + 1 for line in kept) <= most_bytes
    end = written[len(written) - len(kept) :]
    assert all(line.startswith(short) for line, short in zip(end, kept, strict=True))
    if len(kept) < min(len(written), most_lines):
        one_more = written[len(written) - len(kept) - 1 :]
        assert sum(len(line.encode()) + 1 for line in one_more) > most_bytes


@given(lines, st.integers(1, 70))
def test_only_so_many_are_asked_for(written: list[str], most: int) -> None:
    ring = LogRing()
    for line in written:
        ring.add(line)
    assert ring.last(most) == written[-most:]
    assert ring.last() == written


def fill(ring: LogRing) -> None:
    for number in range(500):
        ring.add("x" * number)


def test_threads_write_while_others_read() -> None:
    ring = LogRing(most_lines=50)
    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(fill, ring) for _ in range(3)]
        reading = pool.submit(lambda: [len(ring.last()) for _ in range(500)])
        for one in writing:
            one.result()
        assert max(reading.result()) <= 50
