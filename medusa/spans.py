"""Which entries of a list somebody wants: "1-5, 8, 20-". Pure."""

import re
from collections.abc import Iterator

from medusa.errors import WrongArgument

Span = tuple[int, int]
"""The first and the last number; both belong to it."""
Spans = tuple[Span, ...]
"""In order, apart from each other."""

MOST_SPANS = 500
_SPAN = re.compile(r"(\d{1,6})?\s*([-–—])?\s*(\d{1,6})?")


def whole(count: int) -> Spans:
    """All of so many."""
    return ((1, count),)


def parse(text: str, count: int, *, from_there: bool = False) -> Spans:
    """What a text means of 1 to `count`; `from_there`: a number alone means "from there on".

    Raises WrongArgument.
    """
    words = [
        word for word in re.split(r"[,;\n]+|\s+(?![-–—\d])|(?<=\d)\s+(?=\d)", text.strip()) if word.strip()
    ]
    if not words or len(words) > MOST_SPANS:
        raise WrongArgument(f"Write numbers between 1 and {count}, like 5 or 5-20.")
    alone = len(words) == 1 and from_there
    return united([_span(word.strip(), count, alone) for word in words])


def _span(word: str, count: int, from_there: bool) -> Span:
    found = _SPAN.fullmatch(word)
    if found is None or not (found[1] or found[3]):
        raise WrongArgument(f"“{word[:40]}” is no number between 1 and {count}, nor a range like 5-20.")
    first = int(found[1] or 1)
    last = int(found[3]) if found[3] else count if found[2] or from_there else first
    if not 1 <= first <= count or last < 1:
        raise WrongArgument(f"There are {count} links, so {word[:40]} is none of them.")
    if last < first:
        raise WrongArgument(f"{word[:40]} ends before it starts.")
    return first, min(last, count)


def united(spans: list[Span]) -> Spans:
    """The same numbers, in order and each once."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def numbers(spans: Spans) -> Iterator[int]:
    """Each number."""
    for first, last in spans:
        yield from range(first, last + 1)


def size(spans: Spans) -> int:
    """How many numbers there are."""
    return sum(last - first + 1 for first, last in spans)


def has(spans: Spans, number: int) -> bool:
    """Whether a number is among them."""
    return any(first <= number <= last for first, last in spans)


def toggled(spans: Spans, number: int) -> Spans:
    """With this number, or without it when it was there."""
    if not has(spans, number):
        return united([*spans, (number, number)])
    kept: list[Span] = []
    for first, last in spans:
        kept += [
            span
            for span in ((first, min(last, number - 1)), (max(first, number + 1), last))
            if span[0] <= span[1]
        ]
    return united(kept)


def shown(spans: Spans) -> str:
    """For people: "1–5, 8"."""
    texts = [f"{first}" if first == last else f"{first}–{last}" for first, last in spans[:8]]
    return ", ".join(texts) + (" …" if len(spans) > 8 else "")
