"""What makes a fault the same one when it comes again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import MedusaError
from medusa.fault import MESSAGE_LIMIT, Fault, fault_of, fingerprint
from medusa.text import utf16_length
from medusa.wishes import Wish

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def plain(text: str) -> str:
    return text


def seen(error: BaseException, words: str = "it failed") -> Fault:
    """The fault that this error is, when it is raised here."""
    try:
        raise error
    except BaseException as raised:
        return fault_of(raised, words, NOW, plain)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("no download 17 of 3", "no download 4 of 500"),
        ("'film.mp4' is missing", "'song.mp3' is missing"),
        ("https://a.org/x?y=1 failed", "https://b.net/ failed"),
        ("object at 0x7f21", "object at 0x11ff"),
        ("job 6563f0c2a7b4d1e2f3a4b5c6 is gone", "job 6563f0c2a7b4d1e2f3a4b5c7 is gone"),
    ],
)
def test_what_differs_each_time_makes_no_other_fault(first: str, again: str) -> None:
    assert seen(ValueError(first)).id == seen(ValueError(again)).id


def test_another_kind_place_or_message_is_another_fault() -> None:
    def elsewhere() -> Fault:
        return seen_in_medusa()

    faults = [
        seen(ValueError("bad")),
        seen(TypeError("bad")),
        seen(ValueError("worse")),
        elsewhere(),
    ]
    assert len({fault.id for fault in faults}) == 4


def seen_in_medusa() -> Fault:
    """A fault that comes out of our own code, through a library."""
    try:
        Wish().evolve(max_height="tall")
    except ValueError as error:
        return fault_of(error, "it failed", NOW, plain)
    raise AssertionError


def test_the_place_is_in_our_own_code() -> None:
    assert seen_in_medusa().place == "medusa/value.py:Value.evolve"
    # Nothing of ours is on the way: the innermost function that there is.
    assert seen(ValueError()).place == "test_fault.py:seen"


def test_a_group_is_what_went_wrong_first_in_it() -> None:
    inner = ExceptionGroup("inner", [KeyError("x"), ValueError("y")])
    fault = seen(ExceptionGroup("outer", [inner, TypeError()]))
    assert (fault.kind, fault.message) == ("KeyError", "'x'")
    assert "inner" in fault.traceback


def test_an_error_without_words_has_those_of_the_log() -> None:
    class Unspeakable(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert seen(MedusaError("")).message == "Something went wrong."
    assert seen(ValueError()).message == "it failed"
    assert seen(Unspeakable()).message == "it failed"


def test_secrets_are_masked_before_anything_is_cut() -> None:
    secret = "hunter2"
    text = "x" * (MESSAGE_LIMIT - 3) + secret

    def redact(words: str) -> str:
        return words.replace(secret, "***")

    try:
        raise ValueError(text)
    except ValueError as error:
        fault = fault_of(error, text, NOW, redact)
    assert "hun" not in fault.message + fault.traceback


@given(st.text(), st.text(max_size=1000))
def test_any_message_has_a_short_fingerprint(kind: str, message: str) -> None:
    name = fingerprint(kind, "a place", message)
    assert len(name) == 12
    assert name == fingerprint(kind, "a place", message)
    assert name != fingerprint(kind, "another place", message)
    assert utf16_length(seen(ValueError(message)).message) <= MESSAGE_LIMIT
