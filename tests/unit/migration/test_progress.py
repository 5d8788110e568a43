"""How far a long work is."""

import io

from hypothesis import given
from hypothesis import strategies as st

from medusa.migration.progress import WIDTH, ProgressLine, shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_with_a_bar() -> None:
    assert shown("read", 25, 100) == f"read {'█' * 6}{'░' * 18}  25 %  25 of 100"
    assert shown("read", 1234, None) == shown("read", 1234, 0) == "read 1,234"


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_the_bar_has_always_its_width(done: int, total: int) -> None:
    line = shown("read", done, total)
    assert line.count("█") + line.count("░") == WIDTH


def test_a_terminal_has_one_line_that_goes_away() -> None:
    times, stream = iter([0.0, 0.05, 0.2, 0.3]), Terminal()
    line = ProgressLine("read", stream, 100, clock=lambda: next(times))
    line(1)
    assert stream.getvalue() == ""
    line(50)
    line.end()
    assert stream.getvalue() == f"\r\033[K{shown('read', 50, 100)}\r\033[K"


def test_elsewhere_there_is_a_line_now_and_then() -> None:
    times, stream = iter([0.0, 1.0, 6.0, 7.0]), io.StringIO()
    line = ProgressLine("read", stream, clock=lambda: next(times))
    for done in (1, 2, 3):
        line(done)
    line.end()
    assert stream.getvalue() == "read 2\n"
