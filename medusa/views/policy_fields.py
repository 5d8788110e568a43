"""What can be set while the bot runs: each field of Policy in words, how a typed value is read, and how one
is shown. Pure. /config, /set and the panel are made from this.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from medusa.errors import WrongArgument
from medusa.text import clip, one_line, utf16_length
from medusa.views import caption
from medusa.views.choices import QUALITIES
from medusa.views.settings import wish_label
from medusa.wishes import Wish

LONGEST_WELCOME = 1000
"""UTF-16 units."""
SHOWN = 200
"""Of a text."""
STANDARD = "standard"
ASK_EACH_TIME = "ask each time"

_SWITCH = {
    **dict.fromkeys(("on", "yes", "true", "1"), True),
    **dict.fromkeys(("off", "no", "false", "0"), False),
}
_HEIGHT = re.compile(r"(?:up to )?([1-9][0-9]{1,3})p?")


class Kind(StrEnum):
    """How a field is changed."""

    SWITCH = "switch"
    """On or off."""
    TEXT = "text"
    """Typed, as it is."""
    TEMPLATE = "template"
    """Typed, with its markup: see caption.py."""
    WISH = "wish"
    """One of a few."""


class Field(NamedTuple):
    """One thing that can be set."""

    name: str
    """In Policy, and in /set."""
    kind: Kind
    label: str
    explanation: str
    read: Callable[[str], object]
    """What a typed value means. Raises WrongArgument with what is wrong."""
    show: Callable[[object], str]
    """A value in plain words, to be escaped."""


# --- reading and showing --------------------------------------------------------------------------


def _read_switch(text: str) -> object:
    value = _SWITCH.get(text.strip().lower())
    if value is None:
        raise WrongArgument("It is either on or off.")
    return value


def _show_switch(value: object) -> str:
    return "on" if value else "off"


def _read_welcome(text: str) -> object:
    words = text.strip()
    if not words:
        raise WrongArgument("Write the words behind it; /reset welcome takes the standard ones.")
    if utf16_length(words) > LONGEST_WELCOME:
        raise WrongArgument(f"That is too long: {LONGEST_WELCOME} characters are the most.")
    return words


def _read_caption(text: str) -> object:
    caption.check(text)
    return text


def _show_text(value: object) -> str:
    return clip(one_line(str(value)), SHOWN) if value else STANDARD


def _read_wish(text: str) -> object:
    words = one_line(text).lower()
    if words in ("ask", "ask me", ASK_EACH_TIME):
        return None
    if words in ("audio", wish_label(Wish(audio_only=True))):
        return Wish(audio_only=True)
    if words == wish_label(Wish()):
        return Wish()
    height = _HEIGHT.fullmatch(words)
    if height is None or int(height[1]) not in QUALITIES:
        known = ", ".join(f"{one}p" for one in QUALITIES)
        raise WrongArgument(f"It is best, {known}, audio, or ask.")
    return Wish(max_height=int(height[1]))


def _show_wish(value: object) -> str:
    return wish_label(value) if isinstance(value, Wish) else ASK_EACH_TIME


# --- what there is --------------------------------------------------------------------------------


def _switch(name: str, label: str, explanation: str) -> Field:
    return Field(name, Kind.SWITCH, label, explanation, _read_switch, _show_switch)


FIELDS = (
    _switch("public", "Public", "Everybody may send links."),
    _switch("requests", "Requests", "Guests may ask for access."),
    _switch("maintenance", "Maintenance", "Only admins are served."),
    _switch("archive", "Archive", "Files come from the archive where it has them."),
    _switch("admin_log", "Admin log", "What admins do is posted into the log channels."),
    _switch("error_reports", "Error reports", "The owner is told of errors inside the bot."),
    _switch("ytdlp_weekly", "Weekly yt-dlp", "A newer yt-dlp is installed by itself, once a week."),
    Field(
        "welcome",
        Kind.TEXT,
        "Welcome",
        "What /start says first; {name} is the person's name.",
        _read_welcome,
        _show_text,
    ),
    Field(
        "caption",
        Kind.TEMPLATE,
        "Caption",
        "Under the files of who has written none; with fields like {title}, {size}, {credit}.",
        _read_caption,
        _show_text,
    ),
    Field(
        "wish",
        Kind.WISH,
        "Quality",
        "Of who has chosen none: best, 1080p, 720p …, audio, or ask.",
        _read_wish,
        _show_wish,
    ),
)
"""In the order in which they are shown. What people may have is elsewhere."""


def field(name: str) -> Field:
    """The field of this name, however it is written. Raises WrongArgument."""
    wanted = name.strip().lower().replace("-", "_")
    found = next((one for one in FIELDS if one.name == wanted), None)
    if found is None:
        known = ", ".join(one.name for one in FIELDS)
        raise WrongArgument(f"I do not know the setting “{clip(one_line(name), 40)}”. There are: {known}.")
    return found
