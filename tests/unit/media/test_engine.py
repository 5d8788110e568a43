"""Which yt-dlp children run, and when one is given up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.media.engine import MOST_CRASHES, SHIPPED, Engine
from medusa.media.records import Exit

HERE = "/data/yt-dlp/2026.11.20"


@pytest.fixture
def engine() -> Engine:
    engine = Engine()
    engine.use("2026.11.20", HERE)
    return engine


def test_the_shipped_one_is_the_one_that_is_installed() -> None:
    import yt_dlp.version

    assert Engine().in_use.version == SHIPPED == yt_dlp.version.__version__
    assert Engine().in_use.is_shipped


def test_another_one_and_back(engine: Engine) -> None:
    changes: list[str] = []
    engine.on_change(lambda: changes.append(engine.directory))
    engine.use("2026.11.20", HERE)
    assert (engine.in_use.version, engine.in_use.is_shipped) == ("2026.11.20", False)
    engine.use_shipped()
    engine.use_shipped()
    assert (engine.in_use.version, engine.in_use.is_shipped) == (SHIPPED, True)
    assert changes == [""]


def test_what_cannot_be_loaded_is_given_up_at_once(engine: Engine) -> None:
    engine.ended(HERE, Exit.UNUSABLE, "ImportError: no")
    assert engine.in_use.version == SHIPPED
    assert engine.given_up == ("2026.11.20", "ImportError: no")
    assert engine.trouble.is_set()


def test_what_crashes_is_given_up_after_some_times_in_a_row(engine: Engine) -> None:
    for code in [Exit.CRASHED] * (MOST_CRASHES - 1) + [Exit.REPORTED] + [Exit.CRASHED] * (MOST_CRASHES - 1):
        engine.ended(HERE, code, "TypeError: no")
    assert engine.in_use.version == "2026.11.20"
    engine.ended(HERE, Exit.CRASHED, "TypeError: no")
    assert engine.in_use.version == SHIPPED


@pytest.mark.parametrize("code", [None, Exit.OK, Exit.REPORTED, -9, -11, 3])
def test_what_is_not_its_fault_never_counts(engine: Engine, code: int | None) -> None:
    for _ in range(10):
        engine.ended(HERE, code, "")
    assert engine.in_use.version == "2026.11.20"


def test_a_child_that_was_stopped_does_not_excuse_the_others(engine: Engine) -> None:
    for _ in range(MOST_CRASHES):
        engine.ended(HERE, Exit.CRASHED, "")
        engine.ended(HERE, None, "")
    assert engine.in_use.version == SHIPPED


@given(st.lists(st.sampled_from([None, *Exit])), st.sampled_from(["", "/data/yt-dlp/2026.8.19"]))
def test_children_of_another_release_say_nothing_about_this_one(
    codes: list[int | None], directory: str
) -> None:
    engine = Engine()
    engine.use("2026.11.20", HERE)
    for code in codes:
        engine.ended(directory, code, "")
    assert engine.in_use.version == "2026.11.20"
    assert engine.given_up is None


def test_the_shipped_one_is_never_given_up() -> None:
    engine = Engine()
    for _ in range(MOST_CRASHES):
        engine.ended("", Exit.UNUSABLE, "ImportError: no")
    assert engine.given_up is None
    assert not engine.trouble.is_set()
