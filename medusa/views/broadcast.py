"""What the bot says about a message to everybody."""

from collections.abc import Mapping

from medusa.broadcast import Audience, Broadcast, BroadcastState, Way
from medusa.text import bar, clip, escape, human_wait, one_line
from medusa.views.view import SENTENCE_LIMIT, Button, View, name

_WHOM = {
    Audience.EVERYBODY: "Everybody",
    Audience.ACCESS: "With access",
    Audience.ACTIVE: "Seen in 30 days",
}


def which_message(way: Way) -> View:
    """The command without a message."""
    if way is Way.FORWARD:
        return View("📣 Send me the message that everybody shall get as forwarded from you, or /cancel.")
    return View(
        "📣 Send me the message that everybody shall get: a text, a photo, a video, a file. "
        "I show it to you first. /cancel ends this."
    )


def one_message() -> str:
    """A second argument where none belongs."""
    return "As an answer to a message, only “forward” may stand behind the command."


def only_in_private() -> str:
    """The command in a group."""
    return "Write that to me in private, please."


def cannot_be_sent() -> str:
    """A message that Telegram does not let anybody send on."""
    return "Telegram does not let me send this message on. Choose another one."


def question(broadcast: Broadcast, reach: Mapping[Audience, int]) -> View:
    """Below the preview: whether it is to go out, and to whom."""
    chosen = reach[broadcast.audience]
    ways = "with the name of who wrote it" if broadcast.way is Way.FORWARD else "as a message of mine"
    choices = tuple(
        (
            _button(
                broadcast,
                f"{'◉' if one is broadcast.audience else '○'} {_WHOM[one]}: {reach[one]}",
                f"whom:{one}",
            ),
        )
        for one in Audience
    )
    go = (_button(broadcast, f"📣 Send to {chosen}", "send"), _button(broadcast, "✖ Cancel", "drop"))
    return View(
        f"📣 The message above goes to <b>{_people(chosen)}</b>, {ways}; you are one of them and have it "
        "already.\nShall I send it?",
        (*choices, go),
    )


def reachable(reach: Mapping[Audience, int]) -> View:
    """/broadusers."""
    lines = (f"{_WHOM[one]}: <b>{reach[one]}</b>" for one in Audience)
    return View(
        "👥 A broadcast would reach so many people, you among them:\n"
        + "\n".join(lines)
        + "\nWho has blocked me or is banned does not count."
    )


def dropped() -> View:
    """A draft that was thrown away."""
    return View("✖ The broadcast was not sent.")


def stale() -> str:
    """The answer to a button that means nothing any more."""
    return "That is settled already."


def starting() -> str:
    """The answer to a press on "Send"."""
    return "On its way."


def stopping() -> str:
    """The answer to a press on "Cancel" while it runs."""
    return "Stopping the broadcast."


def under_way(broadcast: Broadcast, seconds_left: float, held: float) -> View:
    """How far it is. `held`: seconds for which Telegram asked for a pause."""
    share = broadcast.handled / broadcast.total if broadcast.total else 1.0
    pause = f"\n⏸ Telegram asked for a pause of {human_wait(held)}." if held > 0 else ""
    return View(
        f"📣 <b>Broadcast</b> · {_people(broadcast.total)}\n"
        f"{bar(share)} {int(100 * min(1.0, share))}%\n"
        f"{_counters(broadcast)}\n"
        f"⏳ Left: {broadcast.left} · about {human_wait(seconds_left)}{pause}",
        ((_button(broadcast, "✖ Cancel", "stop"),),),
    )


def another_is_under_way(broadcast: Broadcast, seconds_left: float) -> View:
    """A second broadcast has to wait; this is the first."""
    shown = under_way(broadcast, seconds_left, 0.0)
    return View(
        f"One broadcast at a time: this one of {name(broadcast.by.name)} is on its way.\n\n{shown.text}",
        shown.buttons,
    )


def summary(broadcast: Broadcast) -> View:
    """How it ended."""
    return View(f"📣 <b>{_end(broadcast)}</b>\n{_counters(broadcast)}{_rest(broadcast)}{_time(broadcast)}")


def deed(broadcast: Broadcast) -> str:
    """What it is, in the audit."""
    return f"{_WHOM[broadcast.audience].lower()}, {broadcast.total} people"


def ended(broadcast: Broadcast) -> str:
    """How it stands, in the audit."""
    if broadcast.state is BroadcastState.RUNNING:
        return "started"
    numbers = f"sent {broadcast.sent}, blocked {broadcast.blocked}, failed {broadcast.failed}"
    left = f", left out {broadcast.left}" if broadcast.left else ""
    problem = f": {broadcast.problem}" if broadcast.problem else ""
    return f"{broadcast.state}, {numbers}{left}{problem}"


def _end(broadcast: Broadcast) -> str:
    if broadcast.state is BroadcastState.DONE:
        return "The broadcast is done."
    if broadcast.ended_by is not None:
        return f"{name(broadcast.ended_by.name)} has cancelled the broadcast."
    return f"The broadcast stopped: {escape(clip(one_line(broadcast.problem), SENTENCE_LIMIT))}"


def _counters(broadcast: Broadcast) -> str:
    failed = f" · ❌ Failed: {broadcast.failed}" if broadcast.failed else ""
    return f"✅ Sent: {broadcast.sent} · 🚫 Blocked: {broadcast.blocked}{failed}"


def _rest(broadcast: Broadcast) -> str:
    return f"\n⏭ Not sent to: {broadcast.left}" if broadcast.left else ""


def _time(broadcast: Broadcast) -> str:
    if broadcast.started is None or broadcast.finished is None:
        return ""
    return f"\n⏱ {human_wait((broadcast.finished - broadcast.started).total_seconds())}"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _button(broadcast: Broadcast, label: str, action: str) -> Button:
    return Button(label, f"broadcast:{broadcast.id}:{action}")
