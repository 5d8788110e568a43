"""What people answer when they are asked about a batch. Pure.

The original's short answers count too: `1` for the name and the credit that are proposed, `/d` for any
default.
"""

from medusa.batch import Batch, Question
from medusa.batch_text import clean_name
from medusa.errors import WrongArgument
from medusa.spans import Spans, parse, toggled, whole
from medusa.wishes import Thumbnail, Wish

HEIGHTS = (144, 240, 360, 480, 720, 1080, 1440, 2160)
DEFAULT = "/d"
"""An answer to any question: as it is proposed."""
CREDIT_LIMIT = 64
PAGE = 8
"""Entries of a playlist that are shown at a time."""


def read(batch: Batch, text: str) -> dict[str, object]:
    """The fields of a batch that an answer to its first question changes. Raises WrongArgument."""
    answer = text.strip()
    if answer.lower() == DEFAULT:
        return {}
    match batch.questions[0]:
        case Question.ITEMS:
            return {"chosen": _items(batch, answer)}
        case Question.NAME:
            return {} if answer == "1" else {"name": _word(answer, 100)}
        case Question.QUALITY:
            return {"wish": wish(answer)}
        case Question.CREDIT:
            return {} if answer == "1" else {"credit": _word(answer, CREDIT_LIMIT)}
        case Question.THUMBNAIL:
            return _thumbnail(batch, answer)


def pressed(batch: Batch, action: str, value: str) -> dict[str, object]:
    """The same for a button. Raises WrongArgument for one that belongs to another question, or to none."""
    match batch.question, action:
        case _, "skip":
            return {}
        case Question.ITEMS, "all":
            return {"chosen": whole(batch.count)}
        case Question.ITEMS, "first":
            return {"chosen": parse(f"1-{number(value)}", batch.count)}
        case Question.ITEMS, "picked":
            if not batch.size:
                raise WrongArgument("Choose at least one of them.")
            return {}
        case Question.QUALITY, "quality":
            return {"wish": wish(value)}
        case Question.THUMBNAIL, "none":
            return _thumbnail(batch, "none")
    raise WrongArgument("This button has done its work.")


def picked(batch: Batch, action: str, value: int) -> tuple[int, Spans]:
    """Which page of a playlist to show after a press, and what is chosen then."""
    match action:
        case "page":
            return value, batch.chosen
        case "every":
            return value, whole(batch.count)
        case "clear":
            return value, ()
    if not 1 <= value <= batch.count:
        raise WrongArgument("This button has done its work.")
    return (value - 1) // PAGE, toggled(batch.chosen, value)


def number(text: str) -> int:
    """The number in a button. Raises WrongArgument for a forged one."""
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise WrongArgument("I do not know this button.")
    return int(text)


def _items(batch: Batch, answer: str) -> tuple[tuple[int, int], ...]:
    if answer.lower() in ("all", "*"):
        return whole(batch.count)
    return parse(answer, batch.count, from_there=not batch.is_playlist)


def wish(answer: str) -> Wish:
    """A quality as people write it. Raises WrongArgument."""
    word = answer.lower().removesuffix("p")
    if word in ("best", "max"):
        return Wish()
    if word in ("audio", "mp3", "sound"):
        return Wish(audio_only=True)
    if word not in map(str, HEIGHTS):
        raise WrongArgument(f"Choose one of {', '.join(map(str, HEIGHTS))}, best or audio.")
    return Wish(max_height=int(word))


def _thumbnail(batch: Batch, answer: str) -> dict[str, object]:
    if answer.lower() in ("no", "none"):
        return {"look": batch.look.evolve(thumbnail=Thumbnail.NONE, picture=None)}
    raise WrongArgument("Send a photo, a link to a picture, “no” for none, or press a button.")


def _word(answer: str, limit: int) -> str:
    cleaned = clean_name(answer)[:limit].strip()
    if not cleaned:
        raise WrongArgument("Send at least one letter or digit.")
    return cleaned
