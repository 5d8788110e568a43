"""Telegram ids in all the spellings in which people have put them into a setting. Pure."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from medusa.migration.found import Unusable

LARGEST_PERSON = 2**52
LARGEST_CHANNEL = 2**63 - 1
_HYPHENS = str.maketrans(dict.fromkeys("−–—‐‑﹣－", "-"))
"""What formatted text makes of a hyphen."""
_CHANNEL_WITHOUT_HYPHEN = re.compile("100[0-9]{10,}")
"""As it was written for a bot that took digits only."""


class Written(NamedTuple):
    """One entry of a list."""

    number: int
    """Its place, counted from 1."""
    text: str


def entries(text: str) -> Iterator[Written]:
    """What stands between commas, spaces, line breaks, brackets and quotes."""
    found = re.split(r"""[][\s,;|'"(){}<>]+""", text.replace("\ufeff", " ").replace("\u200b", " "))
    yield from (Written(number, entry) for number, entry in enumerate(filter(None, found), 1))


def person_id(text: str) -> int:
    """The id of a person. Raises Unusable."""
    number = _number(text, "/add_user @name does that in chat")
    if number < 0:
        raise Unusable("This is the id of a channel or a group, not of a person.")
    if number > LARGEST_PERSON:
        raise Unusable("This number is too large for the id of a person.")
    return number


def channel_id(text: str) -> int:
    """The id of a channel or group, which is negative. Raises Unusable."""
    number = _number(text, "add it in chat, where its name is understood")
    if number > 0 and _CHANNEL_WITHOUT_HYPHEN.fullmatch(str(number)):
        number = -number
    if number > 0:
        raise Unusable("This is the id of a person; those of channels begin with -100.")
    if number < -LARGEST_CHANNEL:
        raise Unusable("This number is too large for the id of a channel.")
    return number


def listed(text: str, parse: Callable[[str], int]) -> Iterator[tuple[Written, int | Unusable]]:
    """Each entry with its id, or why it is none; an id that comes again is left out."""
    known = set[int]()
    for entry in entries(text):
        try:
            number = parse(entry.text)
        except Unusable as error:
            yield entry, error
            continue
        if number not in known:
            known.add(number)
            yield entry, number


def _number(text: str, instead: str) -> int:
    plain = text.translate(_HYPHENS).strip().rstrip(".:!#/*")
    if re.fullmatch(r"[+-]?[0-9]{1,25}", plain) and plain.isascii():
        if not int(plain):
            raise Unusable("Nobody has the id 0.")
        return int(plain)
    if re.match(r"@|(https?://)?(t|telegram)\.me/", plain):
        raise Unusable(f"This is a name. Only ids can be taken over; {instead}.")
    raise Unusable("This is no Telegram id, which is a number.")
