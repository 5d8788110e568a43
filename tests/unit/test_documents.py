"""What documents say of the code is so."""

import ast
import re
from pathlib import Path

from medusa.model import NEXT_STATES, CopyState, State

ROOT = Path(__file__).parents[2]
RELIABILITY = (ROOT / "docs" / "reliability.md").read_text()


def table(title: str) -> list[tuple[str, str]]:
    """The first two columns of the table under a title of docs/reliability.md."""
    section = RELIABILITY.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("|")]
    return [(first.strip(), second.strip()) for first, second in rows[2:]]


def test_the_table_of_states_is_that_of_the_model() -> None:
    written = table("The states of a download")
    assert len(set(written)) == len(written)
    assert {(State(leaving), State(to)) for leaving, to in written} == {
        (leaving, to) for leaving, following in NEXT_STATES.items() for to in following
    }


def test_the_table_of_log_copies_names_every_state() -> None:
    written = table("The states of a log copy")
    assert {CopyState(state) for row in written for state in row} == set(CopyState)


def test_every_test_that_is_named_is_there() -> None:
    rows = [line for line in RELIABILITY.splitlines() if "| `tests/" in line]
    named = [re.findall("`([^` ]+)`", line) for line in rows]
    assert named
    for file, test in ((names, name) for names in named for name in names if name.startswith("test_")):
        places = [ROOT / place for place in file if place.startswith("tests/")]
        assert any(test in functions(place) for place in places), test


def functions(path: Path) -> set[str]:
    """The names of a file's functions."""
    nodes = ast.walk(ast.parse(path.read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
