"""What the bot says to a person about the bot and about them."""

from collections.abc import Sequence

from medusa.commands import HELP, Command
from medusa.errors import WrongArgument
from medusa.model import Person
from medusa.text import clip, escape, one_line
from medusa.user import User
from medusa.views.view import NAME_LIMIT, Button, View, name
from medusa.wishes import Wish

QUALITIES = (2160, 1440, 1080, 720, 480, 360, 240, 144)


def welcome(person: Person, *, allowed: bool) -> View:
    """/start."""
    access = (
        "Send me a link and I bring you the video, the music or the file."
        if allowed
        else f"This bot is private. Give its owner your id to get access: <code>{person.id}</code>"
    )
    return View(f"👋 Hello {name(person.name)}!\n{access}\n\n/{HELP.names[0]} shows what I can do.")


def help_text(commands: Sequence[Command]) -> View:
    """/help: what this person may use."""
    lines = [f"{_usage(command)} · {escape(command.summary)}" for command in commands]
    return View(
        "<b>Send me a link</b> and I bring you what is behind it; several links at once are fine.\n\n"
        + "\n".join(lines)
    )


def _usage(command: Command) -> str:
    first, *aliases = command.names
    arguments = f" {command.arguments}" if command.arguments else ""
    also = f" (/{', /'.join(aliases)})" if aliases else ""
    return f"/{first}{escape(arguments)}{also}"


def chat_id(number: int) -> View:
    """/id."""
    return View(f"The ID of this chat is: <code>{number}</code>")


def info(user: User) -> View:
    """/info."""
    person = user.person
    username = f"@{escape(clip(one_line(person.username), NAME_LIMIT))}" if person.username else "none"
    return View(
        f"👤 <b>Name:</b> {name(person.name)}\n"
        f"🔗 <b>Username:</b> {username}\n"
        f"🆔 <b>ID:</b> <code>{person.id}</code>\n"
        f'💬 <b>Mention:</b> <a href="tg://user?id={person.id}">{name(person.name)}</a>\n'
        f"🔑 <b>Role:</b> {user.role}"
    )


def settings(user: User) -> View:
    """/settings: the default quality, and the archive."""
    chosen = user.preferences
    current = "ask each time" if chosen.wish is None else _wish(chosen.wish)
    qualities = [Button(f"{height}p", f"default:{height}") for height in QUALITIES]
    rows = [tuple(qualities[at : at + 4]) for at in range(0, len(qualities), 4)]
    extra = (
        Button("Best", "default:best"),
        Button("Audio", "default:audio"),
        Button("Ask me", "default:ask"),
    )
    archive, other = ("on", "off") if chosen.archive else ("off", "on")
    return View(
        f"⚙️ <b>Default quality:</b> {current}\n"
        f"♻️ <b>Archive:</b> {archive}\n"
        "What was downloaded before comes from the archive at once; /fresh LINK fetches it anew.",
        (*rows, extra, (Button(f"Archive {other}", f"archive:{other}"),)),
    )


def wants_archive(choice: str) -> bool:
    """What the archive button of `settings` means. Raises WrongArgument for a forged one."""
    if choice not in ("on", "off"):
        raise WrongArgument("I do not know this button.")
    return choice == "on"


def default_wish(choice: str) -> Wish | None:
    """What a button of `settings` means; None: ask each time. Raises WrongArgument for a forged one."""
    match choice:
        case "ask":
            return None
        case "best":
            return Wish()
        case "audio":
            return Wish(audio_only=True)
    if choice not in map(str, QUALITIES):
        raise WrongArgument("I do not know this quality.")
    return Wish(max_height=int(choice))


def _wish(wish: Wish) -> str:
    if wish.audio_only:
        return "audio only"
    return "best" if wish.max_height is None else f"up to {wish.max_height}p"


def nothing_to_cancel() -> View:
    """/cancel with nothing to do."""
    return View("You have no running or waiting downloads.")


def cancelling(count: int) -> View:
    """/cancel."""
    return View(f"Stopping {count} download{'s' if count != 1 else ''}.")


def saved() -> str:
    """The answer to a changed setting."""
    return "Saved."
