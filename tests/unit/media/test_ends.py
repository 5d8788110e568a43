"""How a child ended, in words."""

import signal

import pytest

from medusa.media.ends import GARBLED, STUCK, sentence_of


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGKILL, "memory"),
        (signal.SIGSEGV, "crashed"),
        (signal.SIGABRT, "crashed"),
        (signal.SIGXCPU, "too long"),
        (signal.SIGSYS, "may not do"),
    ],
)
def test_signals(number: signal.Signals, words: str) -> None:
    sentence = sentence_of(-number)
    assert sentence is not None
    assert words in sentence


@pytest.mark.parametrize("code", [0, 1, 70, 71, 9, 11, -signal.SIGUSR1, -1000])
def test_other_ends_have_nothing_to_say(code: int) -> None:
    assert sentence_of(code) is None


def test_all_are_sentences() -> None:
    said = {sentence_of(-number) for number in signal.Signals} - {None} | {GARBLED, STUCK}
    assert len(said) == 6
    for sentence in said:
        assert sentence is not None
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert len(sentence) < 150
