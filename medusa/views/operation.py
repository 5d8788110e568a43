"""The start-up report, /restart, /maintenance and /logs in words."""

from collections.abc import Sequence

from medusa.errors import WrongArgument
from medusa.start import PremiumState, Start
from medusa.text import clip, escape, human_wait, one_line
from medusa.views.health import ytdlp
from medusa.views.view import Button, TextFile, View, word

_PREMIUM = {
    PremiumState.NONE: "no Premium session: what is over 2 GB comes in parts",
    PremiumState.USED: "Premium: files of up to 4 GB",
    PremiumState.ELSEWHERE: "Premium: another process has the session now",
}


def started(start: Start) -> View:
    """To the owner, when the bot is ready."""
    database = f"MongoDB {word(start.database.version)}" if start.database else "it does not answer"
    private = ", private" if start.is_private else ""
    return View(
        f"🐍 <b>I am ready.</b> Medusa {word(start.versions.bot)}\n"
        f"🤖 @{word(start.username)} · {_premium(start)}\n"
        f"🗄 {database}{private if start.database else ''}\n"
        f"📬 {'Redis: several processes share the work' if start.is_shared else 'One process does it all'}\n"
        f"📼 yt-dlp {ytdlp(start.versions.ytdlp, start.today)}\n"
        f"♻️ {_resumed(start)}"
    )


def _premium(start: Start) -> str:
    if start.premium is PremiumState.UNUSABLE:
        return escape(clip(one_line(start.premium_problem), 300))
    return _PREMIUM[start.premium]


def _resumed(start: Start) -> str:
    found = (
        (start.downloads, "download", "downloads"),
        (start.batches, "batch", "batches"),
        (start.copies, "log copy", "log copies"),
    )
    going_on = [f"{number} {one if number == 1 else many}" for number, one, many in found if number]
    return f"Going on with {' · '.join(going_on)}" if going_on else "Nothing was left over from before."


# --- /restart -------------------------------------------------------------------------------------


def restart_question(owner: int) -> View:
    """/restart: sure?"""
    return View(
        "🔄 <b>Shall I restart?</b>\n"
        "What is nearly ready may end within seconds; the rest goes back to the queue and goes on where "
        "it was. Where I am several processes, all of them start again.",
        (
            (
                Button("🔄 Restart", f"restart:{owner}:go"),
                Button("✖ No", f"restart:{owner}:no"),
            ),
        ),
    )


def restarting() -> View:
    """Somebody is sure."""
    return View("🔄 Restarting …")


def not_restarting() -> View:
    """Somebody is not."""
    return View("✖ I go on as I am.")


def restarted(seconds: float) -> View:
    """By the new process, in the place of the question."""
    return View(f"✅ Restarted, it took {human_wait(seconds)}.")


# --- /maintenance ---------------------------------------------------------------------------------


def maintenance(is_on: bool, *, changed: bool) -> View:
    """How it is now."""
    if is_on:
        now = "🚧 <b>Maintenance is on.</b> Only admins are served; what was accepted goes on."
        return View(f"{now}\n/maintenance off ends it.")
    ended = "over" if changed else "off"
    return View(f"✅ <b>Maintenance is {ended}.</b> Everybody is served.\n/maintenance on begins it.")


def read_switch(words: Sequence[str]) -> bool | None:
    """What stands behind /maintenance; None: nothing. Raises WrongArgument."""
    if not words:
        return None
    known = {"on": True, "off": False}
    if len(words) > 1 or words[0].lower() not in known:
        raise WrongArgument("Say /maintenance on or /maintenance off; alone it says how it is.")
    return known[words[0].lower()]


# --- /logs ----------------------------------------------------------------------------------------

MOST_LINES = 100_000


def read_lines(words: Sequence[str]) -> int | None:
    """How many lines are wanted; None: all that there are. Raises WrongArgument."""
    if not words:
        return None
    number = words[0]
    if len(words) > 1 or not (number.isascii() and number.isdigit() and 0 < int(number[:9]) <= MOST_LINES):
        raise WrongArgument("Behind the command stands how many lines you want: /logs 200")
    return int(number[:9])


def log_file(lines: Sequence[str]) -> TextFile:
    """The last lines of the log."""
    return TextFile("medusa.log.txt", "\n".join(lines) + "\n")


def log_caption(lines: int) -> str:
    """Of that file."""
    return (
        f"📜 The last {lines} lines of my log. There are no secrets in it." if lines != 1 else "📜 One line."
    )
