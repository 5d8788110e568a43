"""What the bot says to a person about the bot and about them."""

from collections.abc import Sequence

from medusa.commands import HELP, Command, Section
from medusa.model import Person
from medusa.text import clip, escape, one_line, printable
from medusa.user import User
from medusa.views.view import NAME_LIMIT, Button, View, name

_WELCOME_LIMIT = 3000


def welcome(person: Person, *, allowed: bool, may_ask: bool = False, words: str = "") -> View:
    """/start. `may_ask`: whoever may not send links may ask for it. `words`: what stands first, with {name};
    empty: the standard ones."""
    access = (
        "Send me a link and I bring you the video, the music or the file."
        if allowed
        else f"This bot is private. Give its owner your id to get access: <code>{person.id}</code>"
    )
    hello = _own_words(words, person) if words else f"👋 Hello {name(person.name)}!"
    buttons = ((Button("🙋 Ask for access", "ask:access"),),) if may_ask and not allowed else ()
    return View(f"{hello}\n{access}\n\n/{HELP.names[0]} shows what I can do.", buttons)


def _own_words(words: str, person: Person) -> str:
    called = clip(one_line(person.name), NAME_LIMIT) or "you"
    lines = (printable(line) for line in words.replace("{name}", called).split("\n"))
    return escape(clip("\n".join(lines), _WELCOME_LIMIT))


def help_text(sections: Sequence[Section]) -> View:
    """/help: what this person may use."""
    return View(
        "<b>Send me a link</b> and I bring you what is behind it; several links at once are fine.\n"
        "<code>LINK 1:20-3:45</code> is a part of it, <code>LINK | name.mp4</code> gives it a name.\n\n"
        + "\n\n".join(map(_section, sections))
    )


def _section(section: Section) -> str:
    lines = (f"{_usage(command)} · {escape(command.summary)}" for command in section.commands)
    return "\n".join([f"<b>{escape(section.title)}</b>", *lines])


def _usage(command: Command) -> str:
    aliases = command.names[1:]
    also = f" (/{', /'.join(aliases)})" if aliases else ""
    return f"{escape(command.usage)}{also}"


def too_much() -> View:
    """To somebody who sends faster than anybody reads. Short: it is shown as the answer to a press, too."""
    return View(
        "🐢 That is too much at once, so I leave out what comes now. "
        "Pause for half a minute, and I listen again."
    )


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


def nothing_to_cancel() -> View:
    """/cancel with nothing to do."""
    return View("You have no running or waiting downloads.")


def question_closed(under_way: int) -> View:
    """/cancel instead of an answer; `under_way`: what goes on."""
    more = "\nWhat you have under way goes on; /cancel once more stops it." if under_way else ""
    return View(f"✖ Never mind, then.{more}")


def cancelling(count: int) -> View:
    """/cancel."""
    return View(f"Stopping {count} download{'s' if count != 1 else ''}.")
