"""/config, /set and /reset: how the bot is run, in words."""

from collections.abc import Mapping, Sequence

from medusa.audit import Deed
from medusa.policy import Policy
from medusa.text import escape
from medusa.views.policy_fields import FIELDS, Field
from medusa.views.view import View, name


def config(policy: Policy, default: Policy, deeds: Mapping[str, Deed]) -> View:
    """/config: every field. `deeds`: who has changed which last."""
    lines = [_line(field, policy, default, deeds.get(field.name)) for field in FIELDS]
    text = "\n".join(lines)
    return View(
        f"⚙️ <b>How I am run</b>\n\n{text}\n\n<code>/set NAME VALUE</code> changes one, "
        "<code>/reset NAME</code> takes the default again."
    )


def one(field: Field, policy: Policy, default: Policy, deeds: Mapping[str, Deed]) -> View:
    """/set with a name alone."""
    return View(
        f"⚙️ {_line(field, policy, default, deeds.get(field.name))}\n{escape(field.explanation)}\n\n"
        f"<code>/set {field.name} VALUE</code> changes it."
    )


def changed(field: Field, policy: Policy, *, is_default: bool) -> View:
    """/set and /reset."""
    default = " That is the default." if is_default else ""
    return View(f"✅ <b>{escape(field.label)}</b>: {_value(field, policy)}.{default}")


def which(names: Sequence[str]) -> str:
    """What is wrong with /set and /reset alone."""
    return f"Tell me which: {', '.join(names)}. /config shows how each is."


def _line(field: Field, policy: Policy, default: Policy, deed: Deed | None) -> str:
    line = f"<b>{escape(field.label)}</b> <code>{field.name}</code>: {_value(field, policy)}"
    if getattr(policy, field.name) == getattr(default, field.name):
        return f"{line} · default"
    if deed is None:
        return f"{line} · changed"
    return f"{line} · by {name(deed.by.name)}, {deed.at:%Y-%m-%d %H:%M} UTC"


def _value(field: Field, policy: Policy) -> str:
    return escape(field.show(getattr(policy, field.name)))
