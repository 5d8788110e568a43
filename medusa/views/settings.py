"""/settings: one message with pages, and the words for what is set."""

from collections.abc import Sequence

from medusa.channel import OwnChannel
from medusa.errors import WrongArgument
from medusa.text import clip, escape, one_line
from medusa.user import User
from medusa.views import caption
from medusa.views.channels import target_name
from medusa.views.choices import MAIN, PAGES, Choice, audio_label
from medusa.views.typed import language_name, question
from medusa.views.view import NAME_LIMIT, Button, View
from medusa.wishes import Preferences, Subtitles, Thumbnail, Wish

_EXPLANATIONS = {
    "quality": "Which quality a link comes in, where it has several.",
    "file": "A file is not played in the chat, and keeps its name and its bytes.",
    "audio": "What sound without a picture becomes, with tags and a cover.",
    "name": "What stands before and behind the name of each file.",
    "credit": "Who brings the files: {credit} in captions.",
    "thumb": "The small picture of a file.",
    "to": "Your own channels and groups: /add_channel adds one, /remove_channel takes it away.",
    "subs": "In the language that is nearest to yours, where the site has any.",
    "archive": "What was downloaded before comes from the archive at once; /fresh LINK fetches it anew.",
}


# --- what is shown --------------------------------------------------------------------------------


def settings(user: User, usual: Preferences) -> View:
    """/settings: everything that is set, and a button for each page. `usual`: what counts for who has set
    nothing."""
    chosen, owner = user.preferences, user.person.id
    lines = [f"{title}: {_now(user, page, usual)}" for page, (title, _) in PAGES.items()]
    buttons = [
        Button(title, f"set:{owner}:{page}") for page, (title, _) in PAGES.items() if page != "archive"
    ]
    rows = [tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3)]
    other = "off" if chosen.archive else "on"
    archive = Button(f"Archive {other}", f"set:{owner}:archive:{other}")
    return View("⚙️ <b>Your settings</b>\n" + "\n".join(lines), (*rows, (archive,)))


def page(user: User, name: str, usual: Preferences, channels: Sequence[OwnChannel] = ()) -> View:
    """One page of the same. Raises WrongArgument for a forged one."""
    if name not in PAGES:
        raise WrongArgument("I do not know this button.")
    title, choices = PAGES[name]
    owner = user.person.id
    rows = [
        tuple(Button(_label(user.preferences, choice), f"set:{owner}:{name}:{choice.code}") for choice in row)
        for row in choices(user.preferences, channels)
    ]
    explanation = _EXPLANATIONS.get(name) or _preview(user)
    return View(f"<b>{title}:</b> {_now(user, name, usual)}\n{explanation}", (*rows, _back(owner)))


def asking(user: User, name: str, asked: str) -> View:
    """What is asked on a page."""
    return View(question(asked), (_back(user.person.id, name),))


def _label(chosen: Preferences, choice: Choice) -> str:
    return (
        f"✓ {choice.label}" if choice.field and _value(chosen, choice.field) == choice.value else choice.label
    )


def _value(chosen: Preferences, field: str) -> object:
    value: object = chosen
    for name in field.split("."):
        value = getattr(value, name)
    return value


def _back(owner: int, name: str = MAIN) -> tuple[Button, ...]:
    return (Button("‹ Back", f"set:{owner}:{name}"),)


def _now(user: User, name: str, usual: Preferences) -> str:
    """What is set on a page, in words."""
    chosen = user.preferences
    shape, look = chosen.shape, chosen.look
    match name:
        case "quality":
            return f"{_quality(usual)}, as usual here" if chosen.wish is None else _quality(chosen)
        case "file":
            return "file" if shape.as_document else "video"
        case "audio":
            return audio_label(shape.audio_format)
        case "caption":
            return "standard" if look.caption is None else "your own"
        case "name":
            around = one_line(f"{shape.prefix}…{shape.suffix}")
            return escape(clip(around, 2 * NAME_LIMIT)) if shape.prefix or shape.suffix else "as they are"
        case "credit":
            return escape(clip(one_line(chosen.credit or user.person.name), NAME_LIMIT)) or "your name"
        case "thumb":
            return {Thumbnail.AUTO: "automatic", Thumbnail.OWN: "your photo"}.get(look.thumbnail, "none")
        case "to":
            return target_name(chosen.target) if chosen.target else "this chat"
        case "subs":
            return _subtitles_label(shape.subtitles)
    return "on" if chosen.archive else "off"


def _quality(chosen: Preferences) -> str:
    return "ask each time" if chosen.quality is None else wish_label(chosen.quality)


def wish_label(wish: Wish) -> str:
    """A quality, in words."""
    if wish.audio_only:
        return "audio only"
    return "best" if wish.max_height is None else f"up to {wish.max_height}p"


def _subtitles_label(subtitles: Subtitles | None) -> str:
    if subtitles is None:
        return "off"
    way = "as a file" if subtitles.as_file else "in the video"
    return f"{escape(language_name(subtitles.language))}, {way}"


def _preview(user: User) -> str:
    """The caption as an example has it."""
    example = {**caption.EXAMPLE, "credit": user.preferences.credit or user.person.name}
    shown = caption.render(user.preferences.look.caption or caption.DEFAULT, example)
    standard = " (in a batch, with number, course and credit)"
    return f"An example{'' if user.preferences.look.caption else standard}:\n\n{shown}"
