"""What the bot says to admins about people."""

import re
from datetime import datetime
from typing import NamedTuple

from medusa.amounts import show_span
from medusa.commands import at_least
from medusa.errors import WrongArgument
from medusa.model import Person
from medusa.text import clip, escape, one_line
from medusa.user import Role, Sought, User, UserPage
from medusa.views.allowances import lines_of
from medusa.views.view import NAME_LIMIT, Button, View, name

MONTH = 30 * 86_400
"""Seconds for which one of the buttons lets somebody in."""
LONGEST_SEARCH = 24
"""UTF-8 bytes, for they travel in buttons."""


class Decision(NamedTuple):
    """What a button makes of somebody."""

    role: Role
    seconds: int = 0
    """0: for good."""


DECISIONS = {
    "user": Decision(Role.USER),
    "month": Decision(Role.USER, MONTH),
    "admin": Decision(Role.ADMIN),
    "guest": Decision(Role.GUEST),
    "banned": Decision(Role.BANNED),
}
_MARKS = {Role.OWNER: "👑", Role.ADMIN: "🛠", Role.USER: "✅", Role.GUEST: "👤", Role.BANNED: "🚫"}
KINDS = {
    "all": ("Everybody", Sought()),
    "admin": ("Admins", Sought(role=Role.ADMIN)),
    "user": ("Let in", Sought(role=Role.USER)),
    "banned": ("Banned", Sought(role=Role.BANNED)),
    "asking": ("Asking", Sought(asking=True)),
}
"""Lists of people: title, and who is in it."""


def searched(words: str) -> Sought:
    """Who is sought by these words; what is too long for a button is cut."""
    return Sought(text=one_line(words).encode()[:LONGEST_SEARCH].decode("utf-8", "ignore").strip())


def page(found: UserPage) -> View:
    """/users: a page of people, with a button for each."""
    kind = next((one for one, (_, sought) in KINDS.items() if sought == found.sought), "all")
    heading = f"“{escape(found.sought.text)}”" if found.sought.text else KINDS[kind][0]
    lines = [_line(number, user) for number, user in enumerate(found.users, 1)]
    people = [Button(f"{number}", f"who:{user.person.id}:show") for number, user in enumerate(found.users, 1)]
    kinds = [
        Button(f"• {title} •" if one == kind and not found.sought.text else title, f"users:{one}:0:")
        for one, (title, _) in KINDS.items()
    ]
    turns = [_turn(kind, found, "◀", found.number - 1)] * (found.number > 0)
    turns += [_turn(kind, found, "▶", found.number + 1)] * found.has_more
    rows = [tuple(people[:4]), tuple(people[4:]), tuple(turns), tuple(kinds[:3]), tuple(kinds[3:]), BACK]
    text = "\n".join(lines) if lines else "Nobody."
    more = f" · page {found.number + 1}" if found.number else ""
    return View(
        f"👥 <b>{heading}</b>{more}\n\n{text}\n\n<code>/users NAME</code> searches.",
        tuple(row for row in rows if row),
    )


def read_turn(data: str) -> tuple[Sought, int]:
    """Who is sought by a button, and on which page: from "kind:page:words". Raises WrongArgument."""
    kind, _, rest = data.partition(":")
    number, _, words = rest.partition(":")
    if kind not in KINDS or not re.fullmatch("[0-9]{1,6}", number, re.ASCII):
        raise WrongArgument("I do not know this button.")
    return (searched(words) if words else KINDS[kind][1]), int(number)


def read_press(data: str) -> tuple[int, str]:
    """Whom a button is about, and what it does: from "id:action". Raises WrongArgument."""
    who, _, action = data.partition(":")
    if not re.fullmatch("[1-9][0-9]{0,15}", who, re.ASCII) or action not in {"show", "deny", *DECISIONS}:
        raise WrongArgument("I do not know this button.")
    return int(who), action


BACK = (Button("‹ Panel", "admin:main"),)


def _turn(kind: str, found: UserPage, label: str, number: int) -> Button:
    return Button(label, f"users:{kind}:{number}:{found.sought.text}")


def _line(number: int, user: User) -> str:
    username = f" @{escape(clip(one_line(user.person.username), 32))}" if user.person.username else ""
    return f"{number}. {_MARKS[user.role]} {name(user.person.name)}{username} <code>{user.person.id}</code>"


def card(user: User, viewer: Role, now: datetime) -> View:
    """One person, with what may be done about them."""
    person = user.person
    lines = [
        f"{_MARKS[user.role]} <b>{name(person.name)}</b>",
        f"Id: <code>{person.id}</code>"
        + (f" · @{escape(clip(one_line(person.username), 32))}" if person.username else ""),
        f"Role: {user.role}{_how_long(user, now)}",
        f"Last message: {user.seen:%Y-%m-%d %H:%M} UTC" if user.seen else "Has never written to me.",
    ]
    if user.unreachable:
        lines.append("Has blocked me.")
    own = [line for line in lines_of(user.allowance, "") if not line.endswith(": ")]
    if own:
        lines += ["", "<b>Limits of their own</b>", *own]
    return View("\n".join(lines), (*_actions(user, viewer), (_users_button(),)))


def _users_button() -> Button:
    return Button("‹ People", "users:all:0:")


def _how_long(user: User, now: datetime) -> str:
    if user.grant is None:
        return " (the bot is public)" if user.is_stranger else ""
    by = f", decided by <code>{user.grant.by}</code>" if user.grant.by else ""
    if user.grant.until is None:
        return by
    left = (user.grant.until - now).total_seconds()
    if left <= 0:
        return f" ({user.grant.role} until {user.grant.until:%Y-%m-%d %H:%M} UTC{by})"
    return f" for {show_span(round(left))} more{by}"


def _actions(user: User, viewer: Role) -> tuple[tuple[Button, ...], ...]:
    """Nobody decides about those who may as much as they themselves."""
    if at_least(user.role, viewer):
        return ()
    who = user.person.id
    let_in = (Button("✅ Let in", f"who:{who}:user"), Button("✅ For 30 days", f"who:{who}:month"))
    admin = (
        ()
        if viewer is not Role.OWNER
        else (Button("🛠 Make admin", f"who:{who}:admin"),)
        if user.role is not Role.ADMIN
        else (Button("🛠 No admin any more", f"who:{who}:user"),)
    )
    ban = (
        Button("↩ Lift the ban", f"who:{who}:guest")
        if user.role is Role.BANNED
        else Button("🚫 Ban", f"who:{who}:banned")
    )
    out = (Button("❌ Take access away", f"who:{who}:guest"),) if user.role is Role.USER else ()
    first = out if user.role is Role.USER and not user.is_stranger else let_in
    return tuple(row for row in (first if user.role is not Role.ADMIN else (), admin, (ban,)) if row)


def decided(user: User) -> View:
    """What counts for somebody now."""
    until = f" until {user.grant.until:%Y-%m-%d %H:%M} UTC" if user.grant and user.grant.until else ""
    what = {
        Role.ADMIN: "is an admin",
        Role.USER: "may send links",
        Role.GUEST: "may not send links any more",
        Role.BANNED: "is banned",
    }
    return View(
        f"{_MARKS[user.role]} {name(user.person.name)} <code>{user.person.id}</code> "
        f"{what.get(user.role, 'owns this bot')}{until}."
    )


def news(user: User) -> View | None:
    """To somebody about whom something was decided; None: they need not know."""
    ends = f" until {user.grant.until:%Y-%m-%d %H:%M} UTC" if user.grant and user.grant.until else ""
    match user.role:
        case Role.ADMIN:
            more = "/help shows what you can do, /admin opens the panel."
            return View(f"🛠 You are an admin of this bot{ends}. {more}")
        case Role.USER:
            return View(f"✅ You may send me links{ends}. Send one, or see /help.")
        case _:
            return None


def whom() -> View:
    """A command without somebody behind it."""
    return View(
        "👤 Whom? Send me their id, their @name, or forward one of their messages to me. "
        "They find their id with /id."
    )


def asking(person: Person) -> View:
    """To the owner and the admins: somebody asks for access."""
    username = f" @{escape(clip(one_line(person.username), 32))}" if person.username else ""
    who = person.id
    return View(
        f"🙋 {name(person.name)}{username} <code>{who}</code> asks for access.",
        (
            (Button("✅ Let in", f"who:{who}:user"), Button("✅ For 30 days", f"who:{who}:month")),
            (Button("✖ No", f"who:{who}:deny"), Button("🚫 Ban", f"who:{who}:banned")),
        ),
    )


def asked() -> str:
    """The answer to a press on "Ask for access"."""
    return "I have asked. You will hear from me."


def asked_before() -> str:
    """The same for who has asked not long ago."""
    return "You have asked already. You will hear from me when somebody has decided."


def denied() -> View:
    """To somebody who has asked for access."""
    return View("✖ Your request for access was declined.")


def refused(person: Person, by: Person) -> View:
    """A request that was declined, in place of its buttons."""
    return View(
        f"✖ {name(person.name)} <code>{person.id}</code> was not let in.\nDecided by {name(by.name)}."
    )


def nobody(written: str) -> str:
    """What stands behind a command is nobody."""
    return f"“{clip(one_line(written), 40)}” is nobody. It looks like 123456789 or @name."


def settled(user: User, by: Person) -> View:
    """A request that somebody has decided, in place of its buttons."""
    return View(f"{decided(user).text}\nDecided by {name(by.name)}.")


def open_groups(chats: dict[int, str]) -> View:
    """/auth_chats."""
    if not chats:
        return View("There are no open groups. /auth_chat in a group lets everybody there send links.")
    lines = [
        f"{escape(clip(one_line(title), NAME_LIMIT)) or 'Group'} <code>{chat}</code>"
        for chat, title in chats.items()
    ]
    return View("👥 <b>Groups in which everybody may send links</b>\n\n" + "\n".join(lines[:80]))


def opened(title: str) -> View:
    """/auth_chat."""
    return View(
        f"✅ Everybody in {escape(clip(one_line(title), NAME_LIMIT)) or 'this group'} may send me links now."
    )


def closed() -> View:
    """/unauth_chat."""
    return View("✅ Only those who may use me anyway can send me links there now.")
