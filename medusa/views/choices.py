"""What can be set, as buttons: each is the field of Preferences that it sets, and the value.

So what a page shows and what a press does cannot differ. A press names the person whose settings they are,
the page and the choice: `set:7:audio:mp3`; without a choice it opens the page.
"""

from collections.abc import Sequence
from typing import NamedTuple

from medusa import wishes
from medusa.channel import OwnChannel
from medusa.errors import WrongArgument
from medusa.text import clip, one_line
from medusa.user import User
from medusa.views.typed import ASKED, COMMON_LANGUAGES
from medusa.views.view import NAME_LIMIT
from medusa.wishes import AudioFormat, Preferences, Subtitles, Target, Thumbnail, Wish

QUALITIES = (2160, 1440, 1080, 720, 480, 360, 240, 144)
MAIN = "main"
"""The name of the page that leads to all others."""
ASK = "ask"
"""The choice to type, or to send, a value; `ask-suffix` where a page has two of them."""
MOST_CHANNELS = 20
"""Buttons for a person's own channels."""

Rows = list[list["Choice"]]


class Choice(NamedTuple):
    """A button of a page, and what it sets."""

    label: str
    code: str
    field: str = ""
    """Of Preferences, with a dot where it is inside of one; empty: something is asked."""
    value: object = None


class Press(NamedTuple):
    """What somebody has pressed."""

    person_id: int
    """Whose settings they are."""
    page: str
    code: str = ""
    """Empty: the page is opened."""


# --- the pages ------------------------------------------------------------------------------------


def _quality(_: Preferences, __: Sequence[OwnChannel]) -> Rows:
    qualities = [_of("wish", f"{height}p", height, Wish(max_height=height)) for height in QUALITIES]
    others = [
        _of("wish", "Best", "best", Wish()),
        _of("wish", "Audio", "audio", Wish(audio_only=True)),
        _of("wish", "Ask me", "ask-me", wishes.ASK),
        _of("wish", "As usual", "usual", None),
    ]
    return [qualities[:4], qualities[4:], others]


def _file(_: Preferences, __: Sequence[OwnChannel]) -> Rows:
    field = "shape.as_document"
    return [[_of(field, "Video, to be played", "video", False), _of(field, "File", "file", True)]]


def _audio(_: Preferences, __: Sequence[OwnChannel]) -> Rows:
    formats = [_of("shape.audio_format", audio_label(one), one, one) for one in AudioFormat]
    return [[_of("shape.audio_format", audio_label(None), "original", None)], formats]


def _caption(_: Preferences, __: Sequence[OwnChannel]) -> Rows:
    return [[Choice("✏️ Write one", ASK), _of("look.caption", "Standard", "standard", None)]]


def _name(_: Preferences, __: Sequence[OwnChannel]) -> Rows:
    return [
        [Choice("✏️ Prefix", f"{ASK}-prefix"), _of("shape.prefix", "No prefix", "no-prefix", "")],
        [Choice("✏️ Suffix", f"{ASK}-suffix"), _of("shape.suffix", "No suffix", "no-suffix", "")],
    ]


def _credit(_: Preferences, __: Sequence[OwnChannel]) -> Rows:
    return [[Choice("✏️ Write it", ASK), _of("credit", "My name", "name", "")]]


def _thumbnail(chosen: Preferences, _: Sequence[OwnChannel]) -> Rows:
    field = "look.thumbnail"
    own = [_of(field, "My photo", "own", Thumbnail.OWN)] if chosen.look.picture else []
    return [
        [_of(field, "Automatic", "auto", Thumbnail.AUTO), *own, _of(field, "None", "none", Thumbnail.NONE)],
        [Choice("📷 Send a photo", ASK)],
    ]


def _target(_: Preferences, channels: Sequence[OwnChannel]) -> Rows:
    own = [
        [
            _of(
                "target",
                clip(one_line(target.title), NAME_LIMIT) or str(target.chat_id),
                _place(target),
                target,
            )
        ]
        for target in (channel.target for channel in channels[:MOST_CHANNELS])
    ]
    return [[_of("target", "This chat", "here", None)], *own]


def _subtitles(chosen: Preferences, _: Sequence[OwnChannel]) -> Rows:
    field, now = "shape.subtitles", chosen.shape.subtitles
    as_file = now is not None and now.as_file
    languages = [
        _of(field, name, code, Subtitles(language=code, as_file=as_file))
        for code, name in COMMON_LANGUAGES.items()
    ]
    rows = [languages[at : at + 4] for at in range(0, len(languages), 4)]
    ways = (
        [
            _of(field, "In the video", "inside", now.evolve(as_file=False)),
            _of(field, "As a file", "as-file", now.evolve(as_file=True)),
        ]
        if now
        else []
    )
    return [
        *rows,
        [_of(field, "Off", "off", None), Choice("✏️ Another language", ASK)],
        *([ways] if ways else []),
    ]


def _archive(_: Preferences, __: Sequence[OwnChannel]) -> Rows:
    return [[_of("archive", "On", "on", True), _of("archive", "Off", "off", False)]]


PAGES = {
    "quality": ("🎬 Quality", _quality),
    "file": ("📄 Videos come as", _file),
    "audio": ("🎵 Audio", _audio),
    "caption": ("📝 Caption", _caption),
    "name": ("🏷 File names", _name),
    "credit": ("👤 Credit", _credit),
    "thumb": ("🖼 Thumbnail", _thumbnail),
    "to": ("📣 Deliver to", _target),
    "subs": ("💬 Subtitles", _subtitles),
    "archive": ("♻️ Archive", _archive),
}
"""By their names in presses: their titles, and what is on them."""


def _of(field: str, label: str, code: object, value: object) -> Choice:
    return Choice(label, str(code), field, value)


def _place(target: Target) -> str:
    return f"{target.chat_id}.{target.topic or 0}"


def audio_label(audio: AudioFormat | None) -> str:
    """A format of sound, in words."""
    if audio is None:
        return "as the source has it"
    return "Opus" if audio is AudioFormat.OPUS else audio.upper()


# --- what a press means ---------------------------------------------------------------------------


def read_press(data: str) -> Press:
    """What stands behind `set:` in a press. Raises WrongArgument for a forged one."""
    person_id, *rest = data.split(":", 2)
    if not (person_id.isascii() and person_id.isdigit() and len(person_id) < 20 and rest):
        raise WrongArgument("I do not know this button.")
    return Press(int(person_id), *rest)


def chosen_change(user: User, press: Press, channels: Sequence[OwnChannel] = ()) -> dict[str, object]:
    """The fields of Preferences that a press sets, with their values; none: something is asked.

    Raises WrongArgument for a forged one.
    """
    _, choices = PAGES.get(press.page, ("", lambda *_: []))
    for choice in (choice for row in choices(user.preferences, channels) for choice in row):
        if choice.code == press.code:
            return {choice.field: choice.value} if choice.field else {}
    raise WrongArgument("I do not know this button.")


def subject(name: str, code: str) -> str:
    """What is asked: the page, or one of its two halves. Raises WrongArgument for a forged press."""
    asked = code.removeprefix(f"{ASK}-") if code != ASK else name
    if asked not in ASKED:
        raise WrongArgument("I do not know this button.")
    return asked
