"""What the owner reads of faults in the program."""

from collections.abc import Sequence
from datetime import datetime

from medusa.errors import WrongArgument
from medusa.fault import Fault
from medusa.text import clip, escape, one_line
from medusa.views.view import Button, TextFile, View, listing

_SHORT, _LONG = 90, 300
_PLACE = 80


def new(fault: Fault) -> View:
    """The first time that it was seen."""
    return View(
        f"🐞 <b>Something went wrong inside me.</b> {_times(fault.count)}\n{_what(fault, _LONG)}\n"
        f"<code>{fault.id}</code> · /errors lists what there was; it is told once a day when it comes again.",
        (_buttons(fault, "", 0),),
    )


def many(faults: Sequence[Fault]) -> View:
    """Several that are new at the same time."""
    lines = [f"• {_what(fault, _SHORT)}" for fault in faults]
    return View(
        f"🐞 <b>{len(faults)} things went wrong inside me.</b> /errors has the details.\n\n" + listing(lines)
    )


def summary(faults: Sequence[Fault]) -> View:
    """Once a day: what came again."""
    lines = [
        f"• seen {fault.count - fault.told} times more: {_what(fault, _SHORT)} <code>{fault.id}</code>"
        for fault in faults
    ]
    return View("🐞 <b>What went wrong again</b>; /errors has the details.\n\n" + listing(lines))


def page(faults: Sequence[Fault], number: int, *, has_more: bool, first: int) -> View:
    """/errors: the newest first. `first`: the number of the first on the page."""
    turns = _turns(number, has_more=has_more)
    if not faults:
        text = "There is nothing more." if number else "✅ Nothing has gone wrong inside me."
        return View(text, (turns,) if turns else ())
    lines = [f"<b>{place}.</b> {_entry(fault)}" for place, fault in enumerate(faults, first)]
    rows = [_buttons(fault, f" {place}", number) for place, fault in enumerate(faults, first)]
    text = "🐞 <b>Errors inside me</b>, the newest first\n\n" + listing(lines)
    return View(text, (*rows, turns) if turns else tuple(rows))


def forgotten(was_there: bool) -> str:
    """The answer to a press."""
    return "Forgotten. You hear of it when it comes again." if was_there else "It was forgotten already."


def file(fault: Fault) -> TextFile:
    """The traceback of the first one."""
    head = (
        f"{fault.kind} in {fault.place}\n{fault.message}\n"
        f"seen {fault.count} times, from {_moment(fault.first)} to {_moment(fault.last)}\n\n"
    )
    return TextFile(f"error-{fault.id}.txt", head + fault.traceback)


def read_page(text: str) -> int:
    """The page that a button names. Raises WrongArgument for a forged one."""
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise WrongArgument("I do not know this button.")
    return int(text)


def _entry(fault: Fault) -> str:
    return f"{_times(fault.count)}, last {_moment(fault.last)}\n{_what(fault, _SHORT)}"


def _what(fault: Fault, length: int) -> str:
    place = escape(clip(one_line(fault.place), _PLACE))
    message = escape(clip(one_line(fault.message), length))
    kind = escape(clip(one_line(fault.kind), _PLACE))
    return f"<b>{kind}</b> in <code>{place}</code>" + (f": {message}" if message else "")


def _times(count: int) -> str:
    return "Once" if count == 1 else f"{count} times"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _buttons(fault: Fault, label: str, number: int) -> tuple[Button, ...]:
    return (
        Button(f"📄 Traceback{label}", f"errors:{fault.id}:see:{number}"),
        Button(f"🗑 Forget{label}", f"errors:{fault.id}:forget:{number}"),
    )


def _turns(number: int, *, has_more: bool) -> tuple[Button, ...]:
    turns = [Button("◀ Newer", f"errors:-:page:{number - 1}")] * (number > 0)
    return (*turns, *[Button("Older ▶", f"errors:-:page:{number + 1}")] * has_more)
