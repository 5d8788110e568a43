"""How much somebody may have, in words: each limit with its name, and what people type for it."""

from collections.abc import Callable
from typing import NamedTuple

from medusa.allowance import Allowance
from medusa.amounts import read_count, read_size, read_span, show_count, show_size, show_span
from medusa.errors import WrongArgument
from medusa.model import Person
from medusa.policy import Policy
from medusa.quota import allowed
from medusa.user import User
from medusa.views.view import Button, View, name


class Field(NamedTuple):
    """One limit."""

    label: str
    read: Callable[[str], int]
    """What somebody typed; 0 for no limit. Raises WrongArgument."""
    show: Callable[[int], str]
    example: str


FIELDS = {
    "jobs": Field("downloads at the same time", read_count, show_count, "3"),
    "links_per_hour": Field("links an hour", read_count, show_count, "20"),
    "links_per_day": Field("links a day", read_count, show_count, "200"),
    "bytes_per_day": Field("bytes a day", read_size, show_size, "20 GB"),
    "size": Field("size of a link", read_size, show_size, "2 GB"),
    "duration": Field("length of a link", read_span, show_span, "3h"),
    "entries": Field("links of a batch", read_count, show_count, "100"),
}
"""By the names that Allowance has."""

ALIASES = {"hour": "links_per_hour", "day": "links_per_day", "bytes": "bytes_per_day", "length": "duration"}
"""Shorter names, as people type them."""
TITLES = {"users": "Users", "strangers": "Strangers", "admins": "Admins"}
BACK = (Button("‹ Panel", "admin:main"),)
_HOW_TO = (
    "<code>/limits users links_per_hour 20</code> changes one; instead of users it may be strangers, admins, "
    "an id or a @name. How much: a number, 2 GB, 3h, <code>off</code>, or <code>default</code>."
)
AS_EVERYBODY = frozenset({"default", "reset", "-", "/d"})
"""What is typed for "not decided here"."""


def read_change(written: str, amount: str) -> dict[str, int | None]:
    """The change that "links_per_hour 20" makes. Raises WrongArgument with what is wrong."""
    name = ALIASES.get(written.lower(), written.lower())
    if name not in FIELDS:
        raise WrongArgument(f"There is no limit “{written[:20]}”. There are: {', '.join(FIELDS)}.")
    return {name: None if amount.strip().lower() in AS_EVERYBODY else FIELDS[name].read(amount)}


def shown(name: str, value: int | None, undecided: str = "no limit") -> str:
    """A limit's value; `undecided`: what None means."""
    return undecided if value is None else "no limit" if value == 0 else FIELDS[name].show(value)


def lines_of(allowance: Allowance, undecided: str = "no limit") -> list[str]:
    """Each limit in a line."""
    values = allowance.model_dump()
    return [f"{field.label}: {shown(name, values[name], undecided)}" for name, field in FIELDS.items()]


def overview(policy: Policy) -> View:
    """/limits: those of each role, and how they are changed."""
    parts = [_block(policy, name) for name in TITLES]
    return View("📏 <b>Limits</b>\n\n" + "\n\n".join(parts) + f"\n\n{_HOW_TO}", _roles())


def of_role(policy: Policy, name: str) -> View:
    """The limits of one role."""
    return View(f"📏 {_block(policy, name)}\n\n{_HOW_TO}", _roles())


def of_person(person: Person, user: User | None, policy: Policy) -> View:
    """The limits of one person: their own, and what counts in the end."""
    own = user.allowance if user is not None else Allowance()
    counts = allowed(user, policy)
    lines = [
        f"{field.label}: <b>{shown(key, getattr(counts, key))}</b>"
        + (" (their own)" if getattr(own, key) is not None else "")
        for key, field in FIELDS.items()
    ]
    return View(f"📏 <b>{name(person.name)}</b> <code>{person.id}</code>\n" + "\n".join(lines))


def whose() -> str:
    """Nobody is meant."""
    return "Whose limits? users, strangers, admins, or somebody's id or @name. /limits shows an example."


def _block(policy: Policy, name: str) -> str:
    allowance: Allowance = getattr(policy, name)
    undecided = "as for users" if name == "strangers" else "no limit"
    return "\n".join([f"<b>{TITLES[name]}</b>", *lines_of(allowance, undecided)])


def _roles() -> tuple[tuple[Button, ...], ...]:
    return (tuple(Button(title, f"admin:limits:{name}") for name, title in TITLES.items()), BACK)
