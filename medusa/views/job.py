"""What the bot says about one download."""

from medusa.errors import MedusaError, WrongArgument
from medusa.model import Choice, Download, Progress, Subtitle
from medusa.text import bar, clip, escape, human_size, human_time, human_wait, one_line
from medusa.views.channels import target_name
from medusa.views.typed import language_name
from medusa.views.view import Button, View, host, sentence, site, title
from medusa.wishes import Subtitles

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
    """The question; a button for each choice. Of a broadcast the question is how much."""
    is_live = any(choice.wish.recording for choice in download.choices)
    facts = [escape(site(download.source, download.request.url))]
    if download.duration:
        facts.append(human_time(download.duration))
    buttons = [
        Button(_choice_label(choice), f"pick:{download.id}:{number}")
        for number, choice in enumerate(download.choices)
    ]
    rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    if download.subtitles and not is_live:
        label = f"💬 Subtitles: {_chosen(download.request.shape.subtitles)}"
        rows = (*rows, (Button(label, f"subs:{download.id}"),))
    return View(
        f"{'🔴' if is_live else '🎬'} <b>{title(download.title)}</b>\n{' · '.join(facts)}\n"
        + ("This is live now. How much of it shall I record?" if is_live else "Which quality?"),
        (*rows, *_cancel(download.id)),
    )


def which_subtitles(download: Download) -> View:
    """Which of the subtitles that there are; each in the video, or as a file of its own."""
    rows = [
        (
            Button(_language(one), f"sub:{download.id}:{number}:video"),
            Button("as a file", f"sub:{download.id}:{number}:file"),
        )
        for number, one in enumerate(download.subtitles)
    ]
    return View(
        f"💬 <b>{title(download.title)}</b>\nWhich subtitles? In the video, or as a file behind it.",
        (*rows, (Button("No subtitles", f"sub:{download.id}:none:"),)),
    )


def subtitles(download: Download, number: str, way: str) -> Subtitles | None:
    """What a button of `which_subtitles` means. Raises WrongArgument for a forged one."""
    if number == "none":
        return None
    if not (number.isascii() and number.isdigit() and int(number[:4]) < len(download.subtitles)):
        raise WrongArgument("I do not know this button.")
    return Subtitles(language=download.subtitles[int(number)].language, as_file=way == "file")


def _language(subtitle: Subtitle) -> str:
    name = clip(one_line(subtitle.name or language_name(subtitle.language)), 30) or "?"
    return f"{name} (automatic)" if subtitle.is_automatic else name


def _chosen(wanted: Subtitles | None) -> str:
    if wanted is None:
        return "none"
    way = "as a file" if wanted.as_file else "in the video"
    return f"{language_name(wanted.language)}, {way}"


def _choice_label(choice: Choice) -> str:
    return choice.label if choice.size is None else f"{choice.label} · {human_size(choice.size)}"


def transferring(download: Download, progress: Progress) -> View:
    """The progress of a transfer."""
    piece = f" · part {progress.piece}" if progress.piece is not None else ""
    lines = [f"📤 <b>{called(download)}</b>{piece}"]
    done = human_size(progress.acknowledged)
    if progress.elapsed is not None:
        lines = [
            f"🔴 <b>{called(download)}</b>{piece}",
            f"Recording: {human_time(progress.elapsed)} · {done}",
        ]
    elif progress.total:
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
    keep = () if progress.elapsed is None else (Button("⏹ Stop and keep", f"finish:{download.id}"),)
    return View("\n".join(lines), ((*keep, cancel_button(download.id)),))


def trying_again(download: Download, problem: MedusaError, seconds: float) -> View:
    """It failed, but not for good."""
    return View(f"🔁 {sentence(problem)}\nTrying again in {human_wait(seconds)}.", _cancel(download.id))


def finished(download: Download) -> View:
    """Delivered."""
    size = human_size(sum(file.size for file in download.sent)) if download.sent else ""
    pieces = sum(not file.is_subtitles for file in download.sent)
    parts = f" · {pieces} parts" if pieces > 1 and not download.request.album else ""
    time = f" in {human_wait(download.seconds)}" if download.seconds is not None else ""
    source = " from the archive" if download.archived else ""
    facts = f"{size}{parts}{source}{time}{_whereabouts(download)}"
    missing = _without_subtitles(download) + _left_out(download)
    return View(f"✅ <b>{called(download)}</b>\n{facts}{missing}")


def called(download: Download) -> str:
    """What a download is called: as its person wants it, else as its page does."""
    name = download.request.shape.name
    return title(download.plan.file_name if name and download.plan else name or download.title)


def _whereabouts(download: Download) -> str:
    """A line for files that should go into another chat: whether they have."""
    target = download.request.target
    if target is None or not download.sent:
        return ""
    if all(file.chat_id == target.chat_id for file in download.sent):
        return f"\n📣 In {target_name(target)}."
    return f"\n📣 Here, because I could not post in {target_name(target)}."


def _without_subtitles(download: Download) -> str:
    """A line for a video that comes without what was asked for."""
    wanted, plan = download.request.shape.subtitles, download.plan
    if wanted is None or plan is None or plan.sound_only or plan.subtitles is not None:
        return ""
    if any(file.is_subtitles for file in download.sent):
        return ""
    return f"\n💬 There are no subtitles in “{escape(one_line(wanted.language))}”."


def _left_out(download: Download) -> str:
    """A line for an album of which something is missing."""
    asked = len(download.request.album) + 1
    missing = asked - len(download.sent)
    if asked == 1 or missing <= 0:
        return ""
    return f"\n⚠️ {missing} of {asked} pictures could not be had."


def stopping() -> str:
    """The answer to a press on Cancel."""
    return "Stopping …"


def closing() -> str:
    """The answer to a press on Stop and keep."""
    return "Closing the file …"


def stale_button() -> str:
    """The answer to a button of a message that is over."""
    return "This button has done its work."


def cancel_button(job: str) -> Button:
    """Under every status message of a download that is not over."""
    return Button("✖ Cancel", f"cancel:{job}")


def _cancel(job: str) -> tuple[tuple[Button, ...], ...]:
    return ((cancel_button(job),),)
