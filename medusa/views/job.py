"""What the bot says about one download."""

from medusa.errors import MedusaError
from medusa.model import Choice, Download, Media, Progress
from medusa.text import attribute, bar, escape, human_size, human_time, human_wait
from medusa.views.view import Button, View, host, sentence, site, title

LONGEST_ETA = 24 * 3600
"""Seconds. What takes longer has stalled, and nobody can tell when it ends."""


def queued(url: str, ahead: int, job: str) -> View:
    """The link was accepted."""
    place = f" · {ahead} before you" if ahead else ""
    return View(f"⏳ <b>Queued</b>{place}\n{host(url)}", _cancel(job))


def probing(download: Download) -> View:
    """The source is being asked."""
    return View(f"🔎 Looking at {host(download.request.url)} …", _cancel(download.id))


def which_quality(download: Download) -> View:
    """The question; a button for each choice."""
    facts = [escape(site(download.source, download.request.url))]
    if download.duration:
        facts.append(human_time(download.duration))
    buttons = [
        Button(_choice_label(choice), f"pick:{download.id}:{number}")
        for number, choice in enumerate(download.choices)
    ]
    rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    return View(
        f"🎬 <b>{title(download.title)}</b>\n{' · '.join(facts)}\nWhich quality?",
        (*rows, *_cancel(download.id)),
    )


def _choice_label(choice: Choice) -> str:
    return choice.label if choice.size is None else f"{choice.label} · {human_size(choice.size)}"


def transferring(download: Download, progress: Progress) -> View:
    """The progress of a transfer."""
    piece = f" · part {progress.piece}" if progress.piece is not None else ""
    lines = [f"📤 <b>{title(download.title)}</b>{piece}"]
    done = human_size(progress.acknowledged)
    if progress.total:
        about = "" if progress.total_is_exact else "about "
        share = progress.acknowledged / progress.total
        lines += [f"{bar(share)} {share:.0%}", f"{done} of {about}{human_size(progress.total)}"]
    else:
        lines.append(done)
    speeds = f"⬇️ {human_size(progress.down_speed)}/s · ⬆️ {human_size(progress.up_speed)}/s"
    if progress.eta is not None and progress.eta < LONGEST_ETA:
        speeds += f" · {human_wait(progress.eta)} left"
    lines.append(speeds)
    if progress.held >= 1:
        lines.append(f"🐢 Telegram is slowing us down; going on in {progress.held:.0f} s.")
    return View("\n".join(lines), _cancel(download.id))


def trying_again(download: Download, problem: MedusaError, seconds: float) -> View:
    """It failed, but not for good."""
    return View(f"🔁 {sentence(problem)}\nTrying again in {human_wait(seconds)}.", _cancel(download.id))


def finished(download: Download) -> View:
    """Delivered."""
    size = human_size(sum(file.size for file in download.sent)) if download.sent else ""
    parts = f" · {len(download.sent)} parts" if len(download.sent) > 1 else ""
    time = f" in {human_wait(download.seconds)}" if download.seconds is not None else ""
    source = " from the archive" if download.archived else ""
    return View(f"✅ <b>{title(download.title)}</b>\n{size}{parts}{source}{time}")


def stopping() -> str:
    """The answer to a press on Cancel."""
    return "Stopping …"


def stale_button() -> str:
    """The answer to a button of a message that is over."""
    return "This button has done its work."


def caption(media: Media, piece: int | None = None) -> str:
    """Under a finished file: title and source, and its number where it is one of several."""
    source = escape(site(media.source, media.url))
    part = f" · part {piece}" if piece is not None else ""
    return f'<b>{title(media.title)}</b>{part}\n<a href="{attribute(media.url)}">{source}</a>'


def cancel_button(job: str) -> Button:
    """Under every status message of a download that is not over."""
    return Button("✖ Cancel", f"cancel:{job}")


def _cancel(job: str) -> tuple[tuple[Button, ...], ...]:
    return ((cancel_button(job),),)
