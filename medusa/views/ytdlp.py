"""What the bot says of the yt-dlp that it uses."""

from datetime import date

from medusa.errors import MedusaError
from medusa.release import STALE_DAYS, Failure, Overview, Release, Step
from medusa.text import clip, escape, one_line
from medusa.views.view import Button, View, sentence

_WHY_LIMIT = 300


def page(found: Overview, today: date) -> View:
    """/ytdlp."""
    release = found.in_use
    origin = (
        "It came with me."
        if release.is_shipped
        else f"It was installed beside {found.shipped}, which came with me."
    )
    parts = [
        f"🧩 <b>yt-dlp {_plain(release.version)}</b>",
        f"{released(release, today)} {origin}",
        _warning(release, today),
        _elsewhere(found),
        _failed(found.decision.failed),
        f"Newer ones install themselves once a week: <b>{'on' if found.weekly else 'off'}</b>.",
    ]
    return View("\n".join(part for part in parts if part), _buttons(found))


def released(release: Release, today: date) -> str:
    """When it was released, for people."""
    age = release.age(today)
    ago = "today" if age == 0 else f"{age} day{'s' if age != 1 else ''} ago"
    return f"Released on {release.day.day} {release.day:%b %Y}, {ago}."


def _warning(release: Release, today: date) -> str:
    if not release.is_stale(today):
        return ""
    return f"⚠️ It is older than {STALE_DAYS} days, and sites change faster. Install a newer one."


def _elsewhere(found: Overview) -> str:
    """What was decided on, where this process does without."""
    chosen = found.decision.version
    if not chosen or chosen == found.in_use.version or found.in_use.version != found.shipped:
        return ""
    return f"{_plain(chosen)} was chosen, but is not used here."


def _failed(failure: Failure | None) -> str:
    if failure is None:
        return ""
    day = f"{failure.at.day} {failure.at:%b %Y}"
    return f"❌ {_plain(failure.version)} did not work on {day}: {_why(failure.why)}"


def _buttons(found: Overview) -> tuple[tuple[Button, ...], ...]:
    rows = [(Button("⬇ Install the newest", "ytdlp:it:update:"),)]
    if not found.in_use.is_shipped:
        rows.append((Button(f"↩ Back to {found.shipped}", "ytdlp:it:reset:"),))
    on_off = "off" if found.weekly else "on"
    rows.append((Button(f"🔄 Weekly: turn {on_off}", f"ytdlp:it:weekly:{on_off}"),))
    return tuple(rows)


def how_to() -> str:
    """A word behind /ytdlp that it does not know."""
    return "Behind /ytdlp stands update, update VERSION, reset, weekly on or weekly off."


def beginning(version: str) -> View:
    """An update was accepted."""
    return View(f"⏳ I install {_named(version)} …")


def step(now: Step, version: str) -> View:
    """What is being done."""
    if now is Step.INSTALLING:
        return beginning(version)
    return View(f"🔎 I try yt-dlp {_plain(version)} on a sample …")


def used(release: Release, before: Release, today: date) -> View:
    """The end of an update that went well."""
    version = _plain(release.version)
    if release == before:
        return View(f"✅ yt-dlp {version} is in use already; there is nothing newer to install.")
    return View(
        f"✅ yt-dlp {version} is in use from now on, in the place of {_plain(before.version)}. "
        f"{released(release, today)}\n/ytdlp shows it, /ytdlp reset goes back to the one that came with me."
    )


def refused(problem: MedusaError, in_use: Release) -> View:
    """The end of one that did not."""
    return View(f"❌ {sentence(problem)}\nyt-dlp {_plain(in_use.version)} stays in use.")


def shipped_again(release: Release) -> View:
    """/ytdlp reset."""
    return View(f"✅ yt-dlp {_plain(release.version)}, which came with me, is in use.")


def weekly(is_on: bool) -> View:
    """/ytdlp weekly."""
    if is_on:
        return View("✅ A newer yt-dlp installs itself, once a week at the most. I tell you when it does.")
    return View("✅ No yt-dlp installs itself any more.")


def given_up(failure: Failure, shipped: str) -> View:
    """A release broke down while it was in use."""
    return View(
        f"⚠️ yt-dlp {_plain(failure.version)} broke down, so I went back to {_plain(shipped)}, "
        f"which came with me. What it said: {_why(failure.why)}"
    )


def missing(version: str, shipped: str, problem: MedusaError) -> View:
    """A process cannot have what was decided on."""
    return View(
        f"⚠️ yt-dlp {_plain(version)} is not where I run now, and could not be installed: "
        f"{sentence(problem)}\nUntil that works, {_plain(shipped)} is used there. I try again every hour."
    )


def renewed(release: Release, today: date) -> View:
    """A newer one has installed itself."""
    return View(
        f"🔄 yt-dlp {_plain(release.version)} was installed and is in use. {released(release, today)}"
    )


def not_renewed(problem: MedusaError) -> View:
    """A newer one did not pass."""
    return View(f"🔄 A newer yt-dlp is there, but I do not use it: {sentence(problem)}")


def _named(version: str) -> str:
    return f"yt-dlp {_plain(version)}" if version else "the newest yt-dlp"


def _plain(version: str) -> str:
    return escape(clip(one_line(version), 40))


def _why(text: str) -> str:
    return f"<code>{escape(clip(one_line(text), _WHY_LIMIT))}</code>"
