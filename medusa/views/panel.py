"""The panel of owners and admins: one message with pages, each of which has a command too."""

from collections.abc import Sequence
from datetime import datetime

from medusa.audit import Deed
from medusa.channel import OwnChannel
from medusa.errors import WrongArgument
from medusa.figures import Period, Report
from medusa.log_channel import LogChannel, Tally
from medusa.model import State
from medusa.policy import ALLOWANCES, Policy
from medusa.text import clip, escape, one_line
from medusa.under_way import Busy, LinkTask
from medusa.views import allowances, channels, health, logs, statistics, users
from medusa.views.allowances import FIELDS
from medusa.views.policy_fields import FIELDS as FIELDS_OF_POLICY
from medusa.views.policy_fields import Kind
from medusa.views.tasks import state_of
from medusa.views.view import Button, View, name
from medusa.vitals import Finding

BACK = (Button("‹ Panel", "admin:main"),)
CHOICES: dict[str, tuple[str, ...]] = {
    "jobs": ("1", "2", "3", "5", "10"),
    "links_per_hour": ("5", "10", "20", "50", "100"),
    "links_per_day": ("20", "50", "100", "200", "1000"),
    "bytes_per_day": ("1 GB", "5 GB", "20 GB", "50 GB", "200 GB"),
    "size": ("100 MB", "500 MB", "1 GB", "2 GB", "4 GB"),
    "duration": ("10m", "30m", "1h", "3h", "12h"),
    "entries": ("10", "50", "100", "500", "2000"),
}
"""What there is to press for each limit; anything else is typed behind /limits."""


def main(policy: Policy, busy: Busy, asking: int) -> View:
    """The first page: how the bot is, and where to go."""
    requests = f"🙋 {asking}{'+' if asking > 8 else ''} waiting for access" if asking else ""
    facts = [
        "🔓 public: everybody may send links" if policy.public else "🔒 private",
        "🚧 maintenance: only admins are served" if policy.maintenance else "",
        _counts(busy),
        requests,
    ]
    return View(
        "🛠 <b>Panel</b>\n" + "\n".join(fact for fact in facts if fact),
        (
            (Button("👥 People", "users:all:0:"), Button("🙋 Requests", "users:asking:0:")),
            (Button("📁 Log channels", "admin:logs"), Button("📣 Channels", "admin:channels")),
            (Button("💬 Groups", "admin:groups"), Button("📋 Jobs", "admin:jobs:0")),
            (Button("📏 Limits", "admin:limits"), Button("⚙️ Settings", "admin:settings")),
            (Button("📊 Statistics", "admin:stats:week"), Button("🩺 Health", "admin:health")),
            (Button("📝 Audit", "admin:audit:0"), Button("🔄 Refresh", "admin:main")),
        ),
    )


def _counts(busy: Busy) -> str:
    running, queued = busy.counts.get(State.RUNNING, 0), busy.counts.get(State.QUEUED, 0)
    return f"📋 {running} running, {queued} waiting, {busy.counts.get(State.ASKING, 0)} asking"


def jobs(busy: Busy) -> View:
    """What runs, with a button to stop each."""
    lines = [f"<b>{number}.</b> {_job(task)}" for number, task in enumerate(busy.running, 1)]
    stops = [
        Button(f"✖ {number}", f"admin:stop:{task.download.id}") for number, task in enumerate(busy.running, 1)
    ]
    turns = [Button("◀", f"admin:jobs:{busy.page - 1}")] * (busy.page > 0)
    turns += [Button("▶", f"admin:jobs:{busy.page + 1}")] * busy.has_more
    rows = (
        tuple(stops[:4]),
        tuple(stops[4:]),
        tuple(turns),
        (Button("🔄 Refresh", f"admin:jobs:{busy.page}"),),
        BACK,
    )
    text = "\n".join(lines) or "Nothing runs."
    return View(f"{_counts(busy)}\n\n{text}", tuple(row for row in rows if row))


def _job(task: LinkTask) -> str:
    person = task.download.request.person
    return (
        f"{state_of(task)}\n👤 {name(person.name)} <code>{person.id}</code> · <code>{task.download.id}</code>"
    )


def log_channels(overview: Sequence[tuple[LogChannel, Tally]]) -> View:
    """The log channels, and what may be done about them."""
    rows = [
        (Button(f"🗑 {clip(one_line(channel.title), 40)}", f"admin:unlog:{channel.id}"),)
        for channel, _ in overview[:8]
    ]
    ways = (Button("🧪 Test", "admin:testlog"), Button("🔁 Retry failed", "admin:retrylog"))
    hint = "\n\n/add_log_channel ID adds one, /backfill ID fills it."
    return View(logs.log_channels(overview).text + hint, (*rows, *((ways,) if overview else ()), BACK))


def own_channels(found: Sequence[OwnChannel]) -> View:
    """People's own channels, with a button to remove each."""
    rows = [
        (Button(f"🗑 {clip(one_line(one.target.title), 40)}", f"admin:unchan:{one.target.chat_id}"),)
        for one in found[:8]
    ]
    return View(channels.listed(found, is_everybodys=True).text, (*rows, BACK))


def groups(chats: dict[int, str]) -> View:
    """The open groups, with a button to close each."""
    rows = [
        (Button(f"🗑 {clip(one_line(title), 40) or chat}", f"admin:ungroup:{chat}"),)
        for chat, title in [*chats.items()][:8]
    ]
    return View(users.open_groups(chats).text, (*rows, BACK))


def limits(policy: Policy, role: str = "") -> View:
    """The limits of all roles; of one, with a button for each."""
    if role not in ALLOWANCES:
        return allowances.overview(policy)
    allowance = getattr(policy, role)
    buttons = [
        Button(
            f"{field.label}: {allowances.shown(key, getattr(allowance, key), '—')}",
            f"admin:limit:{role}:{key}",
        )
        for key, field in FIELDS.items()
    ]
    back = (Button("‹ Limits", "admin:limits"),)
    return View(allowances.of_role(policy, role).text, (*((button,) for button in buttons), back))


def limit(policy: Policy, role: str, key: str) -> View:
    """One limit of a role, with values to choose from. Raises WrongArgument for a forged one."""
    if role not in ALLOWANCES or key not in FIELDS:
        raise WrongArgument("I do not know this button.")
    value = getattr(getattr(policy, role), key)
    buttons = [Button(text, f"admin:set:{role}:{key}:{text}") for text in (*CHOICES[key], "off", "default")]
    rows = tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3))
    now = allowances.shown(key, value, "as by default")
    return View(
        f"📏 {allowances.TITLES[role]} · {FIELDS[key].label}: <b>{now}</b>\n"
        f"Anything else: <code>/limits {role} {key} {FIELDS[key].example}</code>",
        (*rows, (Button("‹ Back", f"admin:limits:{role}"),)),
    )


def settings(policy: Policy) -> View:
    """What can be set while the bot runs, with a button for each switch."""
    lines = [
        f"{one.label}: <b>{escape(one.show(getattr(policy, one.name)))}</b>\n<i>{escape(one.explanation)}</i>"
        for one in FIELDS_OF_POLICY
    ]
    flips = [
        Button(f"{one.label} {'off' if getattr(policy, one.name) else 'on'}", f"admin:flip:{one.name}")
        for one in FIELDS_OF_POLICY
        if one.kind is Kind.SWITCH
    ]
    rows = tuple(tuple(flips[at : at + 2]) for at in range(0, len(flips), 2))
    hint = (
        "\n\n/set changes the others: <code>/set welcome Hello {name}!</code>, <code>/set wish 720p</code>."
    )
    return View("⚙️ <b>Settings</b>\n\n" + "\n".join(lines) + hint, (*rows, BACK))


def flipped(policy: Policy, name: str) -> dict[str, object]:
    """What a press on a switch changes. Raises WrongArgument for a forged one."""
    wanted = next((one for one in FIELDS_OF_POLICY if one.name == name and one.kind is Kind.SWITCH), None)
    if wanted is None:
        raise WrongArgument("I do not know this button.")
    return {name: not getattr(policy, name)}


def numbers(report: Report, period: Period) -> View:
    """What the bot has done in a period, in words; /stats has the pictures."""
    periods = tuple(
        Button(f"• {title} •" if one is period else title, f"admin:stats:{one}")
        for one, title in statistics.PERIODS.items()
    )
    return View(f"{statistics.listed(report)}\n\n/stats shows it as pictures.", (periods, BACK))


def vitals(findings: Sequence[Finding]) -> View:
    """How everything is."""
    refresh = (Button("🔄 Refresh", "admin:health"),)
    return View(health.health(findings).text, (refresh, BACK))


def audit(deeds: Sequence[Deed], page: int, *, has_more: bool) -> View:
    """What was done last."""
    lines = [_deed(deed) for deed in deeds]
    turns = [Button("◀ Newer", f"admin:audit:{page - 1}")] * (page > 0)
    turns += [Button("Older ▶", f"admin:audit:{page + 1}")] * has_more
    rows = tuple(row for row in (tuple(turns), BACK) if row)
    return View("📝 <b>What was done</b>, the newest first\n\n" + ("\n".join(lines) or "Nothing yet."), rows)


def _deed(deed: Deed) -> str:
    change = f": {_short(deed.before)} → {_short(deed.after)}" if deed.before or deed.after else ""
    return (
        f"{_moment(deed.at)} · {name(deed.by.name)}\n    {escape(clip(one_line(deed.what), 40))} "
        f"{escape(clip(one_line(deed.subject), 80))}{change}"
    )


def _short(text: str) -> str:
    return escape(clip(one_line(text), 80)) or "—"


def _moment(moment: datetime) -> str:
    return f"{moment:%m-%d %H:%M}"


def stopped() -> str:
    """The answer to a press that stops a download."""
    return "Stopping it."
