"""Pictures that Telegram takes as photos; all others are documents. Pure.

https://core.telegram.org/bots/api#sendphoto
"""

from medusa.model import Format, Kind, Plan

LARGEST = 10_000_000
"""Bytes; a photo is held in memory, for its size must be known before it is sent."""
MOST_SIDES = 10_000
"""Pixels of width and height together."""
MOST_RATIO = 20
FORMS = frozenset({"jpg", "png", "webp"})


def as_photo(plan: Plan, picture: Format, *, as_document: bool) -> Plan:
    """The plan of a file, as a photo where it is one and can be sent as one."""
    fits = picture.container in FORMS and picture.size_is_exact and is_photo(picture)
    return plan if as_document or not fits else plan.evolve(kind=Kind.PHOTO)


def is_photo(picture: Format) -> bool:
    """Whether its size and its sides are a photo's."""
    width, height, size = picture.width, picture.height, picture.size
    if not width or not height or not size:
        return False
    sides = sorted((width, height))
    return size <= LARGEST and sum(sides) <= MOST_SIDES and sides[1] <= MOST_RATIO * sides[0]
