"""What the bot says of cookies. Never a value of one."""

from datetime import datetime, timedelta

from medusa.cookies import HOW_TO_EXPORT, Overview, SiteCookies
from medusa.text import clip, escape, one_line
from medusa.views.view import SITE_LIMIT, Button, View, listing

_SHARED = "They are shared: everybody's links are opened with them, as if everybody were you."
_OWN = "They are encrypted, only your links are opened with them, and nobody can read them back."


def shown(overview: Overview | None, now: datetime) -> View:
    """/cookies: what there is, and how to give some."""
    if overview is None:
        return View(
            "🍪 <b>You have given me no cookies.</b>\n"
            "Some sites show a video only to who is logged in; with your cookies I see what you see.\n"
            f"{escape(HOW_TO_EXPORT)}\n"
            "Then send me the file. Whoever has it is logged in as you, so give it to nobody else."
        )
    if overview.is_lost:
        return View(
            "🍪 <b>I cannot read your cookies any more.</b>\n"
            "The key that they were kept with has changed. Send me the file again.",
            _delete_button(),
        )
    return View(
        f"🍪 <b>Your cookies</b>, {_age(now - overview.changed)}\n{_sites(overview, now)}\n"
        f"{_SHARED if overview.is_shared else _OWN}\nSend me another file to replace them.",
        _delete_button(),
    )


def kept(overview: Overview, now: datetime) -> View:
    """A file was taken."""
    return View(
        f"🍪 <b>I keep these cookies.</b>\n{_sites(overview, now)}\n"
        f"{_SHARED if overview.is_shared else _OWN}\nYou may delete the file from this chat now.",
        _delete_button(),
    )


def shared(overview: Overview | None, now: datetime) -> View:
    """/getcookies: the owner's, which are everybody's."""
    if overview is None or overview.is_lost:
        return View("🍪 There are no shared cookies. /cookies takes yours, and shares them.")
    return View(
        f"🍪 <b>The shared cookies</b>, {_age(now - overview.changed)}\n{_sites(overview, now)}\n"
        "Their values cannot be read back, not even by you."
    )


def deleted(was_there: bool) -> View:
    """The button was pressed."""
    return View("🍪 I have deleted your cookies." if was_there else "🍪 There are no cookies of yours.")


def only_in_private() -> str:
    """/cookies in a group."""
    return "Cookies are nothing for a group: whoever sees them is logged in as you. Write to me in private."


def gone() -> View:
    """/mfile, which sent the original bot's program to anybody."""
    return View("This command is gone: the program is no secret, and no chat is the place for it.")


def _sites(overview: Overview, now: datetime) -> str:
    return listing([_site(site, now) for site in overview.sites])


def _site(site: SiteCookies, now: datetime) -> str:
    facts = [f"{site.count} cookie{'s' if site.count != 1 else ''}"]
    if site.expired == site.count:
        facts.append("all expired")
    elif site.expired:
        facts.append(f"{site.expired} expired")
    if site.first_expiry is not None:
        facts.append(f"the first expires in {_span(site.first_expiry - now)}")
    return f"• {escape(clip(one_line(site.site), SITE_LIMIT))} · {' · '.join(facts)}"


def _age(age: timedelta) -> str:
    return f"{_span(age)} old" if age >= timedelta(minutes=1) else "new"


def _span(time: timedelta) -> str:
    """About how long: "3 days"."""
    seconds = max(0.0, time.total_seconds())
    for unit, length in (("day", 86400), ("hour", 3600)):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {unit}{'s' if count != 1 else ''}"
    count = max(1, int(seconds // 60))
    return f"{count} minute{'s' if count != 1 else ''}"


def _delete_button() -> tuple[tuple[Button, ...], ...]:
    return ((Button("🗑 Delete my cookies", "cookies:delete"),),)
