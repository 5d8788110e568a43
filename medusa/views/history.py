"""What the bot says of what somebody was brought before."""

from medusa.model import Download, State
from medusa.text import clip, escape, human_size, one_line
from medusa.under_way import PAGE, Past
from medusa.views.tasks import short_name
from medusa.views.view import Button, View, host, title

_REASON = 90


def page(found: Past) -> View:
    """/history: a page, with a button for each that sends it again."""
    if not found.downloads:
        text = "There is nothing more." if found.page else "I have brought you nothing yet. Send me a link."
        return View(text, tuple(filter(None, (_turns(found),))))
    first = found.page * PAGE + 1
    lines = [f"<b>{number}.</b> {_line(one)}" for number, one in enumerate(found.downloads, first)]
    again = [Button(f"🔁 {number}", f"again:{one.id}") for number, one in enumerate(found.downloads, first)]
    rows = tuple(tuple(again[at : at + 4]) for at in range(0, len(again), 4))
    turns = (turn,) if (turn := _turns(found)) else ()
    return View(
        "\n".join(["🗂 <b>Your downloads</b>, the newest first", "", *lines, "", "🔁 sends one again."]),
        (*rows, *turns),
    )


def _line(download: Download) -> str:
    name, day = short_name(download), f"{download.created:%Y-%m-%d}"
    if download.state is State.FAILED:
        return f"❌ {name}\n{day} · {escape(clip(one_line(download.error or ''), _REASON)) or 'it failed'}"
    facts = [day, host(download.request.url)]
    if download.sent:
        facts.append(human_size(sum(file.size for file in download.sent)))
    return f"✅ {name}\n{' · '.join(facts)}"


def again(download: Download) -> View:
    """Its link is fetched once more; this message shows how far it is."""
    name = title(download.title) if download.title else host(download.request.url)
    return View(f"🔁 <b>{name}</b>\nI fetch it again.")


def copied() -> str:
    """The answer to a press, when its files were sent at once."""
    return "Here it is."


def _turns(found: Past) -> tuple[Button, ...]:
    turn = [_button(found, "◀ Newer", found.page - 1)] * (found.page > 0)
    turn += [_button(found, "Older ▶", found.page + 1)] * found.has_more
    return tuple(turn)


def _button(found: Past, label: str, number: int) -> Button:
    return Button(label, f"history:{found.person_id}:page:{number}")
