"""A message as the bot writes it, and the pieces that all messages share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from medusa.errors import Cancelled, MedusaError
from medusa.text import MESSAGE_LIMIT, clip, escape, one_line, utf16_length

TITLE_LIMIT = 200
NAME_LIMIT = 64
SITE_LIMIT = 60
SENTENCE_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; `data` (at most 64 bytes) comes back when it is pressed."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class View:
    """A message: Telegram HTML and rows of buttons."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()


class TextFile(NamedTuple):
    """A small file that the bot has written itself."""

    name: str
    text: str
    mime: str = "text/plain"


def error(problem: MedusaError) -> View:
    """Any problem, in its own words."""
    mark = "🚫" if isinstance(problem, Cancelled) else "❌"
    advice = f"\n{escape(problem.advice)}" if problem.advice else ""
    return View(f"{mark} {sentence(problem)}{advice}")


def sentence(problem: MedusaError) -> str:
    """What went wrong, safe and short."""
    return escape(clip(one_line(problem.sentence), SENTENCE_LIMIT))


def name(text: str) -> str:
    """A person's name, safe and short."""
    return escape(clip(one_line(text), NAME_LIMIT)) or "you"


def word(text: str) -> str:
    """A version, a name of the machine: safe and short."""
    return escape(clip(one_line(text), NAME_LIMIT)) or "?"


def title(text: str | None) -> str:
    """The title of a download, safe and short."""
    return escape(clip(one_line(text or ""), TITLE_LIMIT)) or "Your file"


def site(source: str | None, url: str) -> str:
    """The name of a site, short: its own, else the host of the link. To be escaped."""
    try:
        server = urlsplit(url).hostname or ""
    except ValueError:  # whoever fetches this link will say what is wrong with it
        server = ""
    return clip(one_line(source or "") or one_line(server) or one_line(url), SITE_LIMIT)


def host(url: str) -> str:
    """The host of a link, safe and short."""
    return escape(site(None, url))


def listing(lines: Sequence[str]) -> str:
    """As many of these lines as fit into a message, below a heading; at the end how many do not."""
    kept, room = list[str](), MESSAGE_LIMIT - TITLE_LIMIT
    for line in lines:
        room -= utf16_length(line) + 1  # with its markup, which does not count: rather a line less
        if room < 0:
            return "\n".join([*kept, f"… and {len(lines) - len(kept)} more"])
        kept.append(line)
    return "\n".join(kept)


def hashtag(source: str | None) -> str:
    """The site as a hashtag; empty when its name has none."""
    tag = "".join(character for character in (source or "").lower() if character.isalnum())
    return f"#{clip(tag, 30)}" if tag and not tag.isdigit() else ""
