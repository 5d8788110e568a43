"""Every error: in its place in the tree, in the words of the person it concerns."""

import inspect
import re

import pytest

from medusa import errors
from medusa.errors import MedusaError, SlowedDown

KINDS = [kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, MedusaError)]
TREE = re.findall(r"^([│ ├└─]*)(\w+)(.*)$", (errors.__doc__ or "").split("\n\n", 1)[1], re.MULTILINE)
"""Branch, name and remark of each line of the picture."""


def make(kind: type[MedusaError]) -> MedusaError:
    """An error with its own words."""
    return SlowedDown(7) if kind is SlowedDown else kind()


def test_the_picture_shows_the_tree_as_it_is() -> None:
    parents: list[str] = []
    drawn = {}
    for branch, name, _ in TREE:
        depth = len(branch) // 4
        parents[depth:] = [name]
        drawn[name] = parents[depth - 1] if depth else "Exception"
    assert drawn == {kind.__name__: kind.__bases__[0].__name__ for kind in KINDS}


def test_the_picture_shows_what_is_tried_again() -> None:
    drawn = {name for _, name, remark in TREE if "(retryable" in remark}
    assert drawn == {kind.__name__ for kind in KINDS if kind.retryable}


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_speaks_in_sentences(kind: type[MedusaError]) -> None:
    for text in filter(None, (make(kind).sentence, kind.advice)):
        assert re.fullmatch(r"[A-Z/].*\.", text), "a sentence begins with a capital and ends with a full stop"
        assert "\n" not in text
        assert len(text) < 150
        assert "Error" not in text


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not SlowedDown])
def test_other_words_replace_the_sentence_and_the_detail_is_for_the_log(kind: type[MedusaError]) -> None:
    error = kind("Other words.", detail="code 7")
    assert (error.sentence, str(error), error.detail) == ("Other words.", "Other words.", "code 7")
    assert kind().detail == ""
    assert kind().sentence == inspect.getdoc(kind)


def test_a_flood_wait_says_how_long() -> None:
    wait = SlowedDown(12.4, detail="FLOOD_WAIT_12")
    assert (wait.seconds, wait.detail) == (12.4, "FLOOD_WAIT_12")
    assert "12 s" in wait.sentence


def test_no_two_errors_say_the_same() -> None:
    sentences = [make(kind).sentence for kind in KINDS]
    assert len(set(sentences)) == len(sentences)
