"""What the bot says in log channels and about them."""

from collections.abc import Sequence
from datetime import datetime

from medusa.audit import Deed
from medusa.errors import ChatUnavailable, MedusaError
from medusa.log_channel import LogChannel, Tally
from medusa.model import Download, Kind, Sent
from medusa.text import CAPTION_LIMIT, clip, escape, human_size, human_time, one_line, utf16_length
from medusa.views.view import NAME_LIMIT, View, hashtag, listing, name, sentence, site


def log_card(download: Download, number: int, *, bot: str, now: datetime) -> str:
    """The caption of the log copy of one of its messages, counted from 1; at most 1024 UTF-16 units, whatever
    the fields hold."""
    person, sent = download.request.person, download.sent[number - 1]
    plan = sent.plan or download.plan
    kind = plan.kind if plan else Kind.DOCUMENT
    username = f" (@{clip(one_line(person.username), 32)})" if person.username else ""
    head = [
        "📁 FILE DOWNLOAD LOG",
        "",
        f"👤 User: {clip(one_line(person.name), NAME_LIMIT)}{username}",
        f"🆔 User ID: {person.id}",
        f"🕐 Time: {now:%Y-%m-%d %H:%M:%S} UTC",
        f"🌐 Source: {site(download.source, download.request.url)}",
    ]
    foot = [
        f"📄 File: {clip(one_line(plan.file_name), 150) if plan else '?'}{_part(download, number)}",
        f"🗂 Type: {kind}",
        f"📦 Size: {human_size(sent.size)}",
        f"🎞 Quality: {clip(one_line(plan.quality), 40) if plan and plan.quality else 'original'}",
        f"⏱ Duration: {_duration(download, sent)}",
        f"🤖 Bot: @{bot}",
        "",
        f"#download #log #{kind} {hashtag(download.source)}".rstrip(),
    ]
    label = "🔗 URL: "
    room = CAPTION_LIMIT - utf16_length("\n".join([*head, label, *foot]))
    return escape("\n".join([*head, label + clip(one_line(download.request.url), room), *foot]))


def _part(download: Download, number: int) -> str:
    """Of the video; its subtitles are no part of it."""
    pieces = sum(not sent.is_subtitles for sent in download.sent)
    is_part = pieces > 1 and not download.sent[number - 1].is_subtitles
    return f" (part {number} of {pieces})" if is_part else ""


def _duration(download: Download, sent: Sent) -> str:
    duration = sent.duration if len(download.sent) > 1 else download.duration
    return human_time(duration) if duration else "unknown"


def relay_note(file: str) -> str:
    """The caption of a file that passes through a log channel; `file` tells it from all others."""
    return f"📦 This file is on its way to its person, and leaves here when it has arrived.\n{file}"


def deed_note(deed: Deed) -> View:
    """What an admin has done, in a log channel."""
    change = f"\n{_value(deed.before)} → {_value(deed.after)}" if deed.before or deed.after else ""
    what, subject = escape(clip(one_line(deed.what), 40)), escape(clip(one_line(deed.subject), 200))
    return View(
        f"🛠 <b>{what}</b> {subject}{change}\n👤 {name(deed.by.name)} <code>{deed.by.id}</code>\n#admin #log"
    )


def _value(text: str) -> str:
    return f"<code>{escape(clip(one_line(text), 300)) or '—'}</code>"


def test_record(bot: str, now: datetime) -> View:
    """/test_log."""
    return View(f"🧪 Test record of @{escape(bot)} at {now:%Y-%m-%d %H:%M:%S} UTC\n#test #log")


def log_channels(channels: Sequence[tuple[LogChannel, Tally]]) -> View:
    """/log_channels: each with the copies that it still has to get."""
    if not channels:
        return View("There are no log channels. Add one: /add_log_channel ID")
    failed = any(tally.failed for _, tally in channels)
    advice = "\n/retry_logs tries the failed copies again." if failed else ""
    lines = [_log_channel(channel, tally) for channel, tally in channels]
    return View(f"📁 <b>Log channels</b>{advice}\n\n" + listing(lines))


def _log_channel(channel: LogChannel, tally: Tally) -> str:
    mark = "✅" if channel.works else "⚠️"
    kind = "backup" if channel.backup else "primary"
    last = f"last copy {_moment(channel.last_copy)}" if channel.last_copy else "no copy yet"
    counts = [
        f"{number} {what}"
        for number, what in ((tally.waiting, "waiting"), (tally.failed, "failed"))
        if number
    ]
    lines = [
        f"{mark} {_name(channel)} <code>{channel.id}</code> · {kind} · {_state(channel)}",
        " · ".join([last, *counts]),
    ]
    return "\n".join(lines)


def _state(channel: LogChannel) -> str:
    """Whether a channel works, else since when and why it does not."""
    if channel.error is None:
        return "works"
    since = f" since {_moment(channel.since)}" if channel.since else ""
    return f"broken{since}: {_reason(channel.error)}"


def _reason(error: str) -> str:
    return escape(clip(one_line(error), 120))


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _name(channel: LogChannel) -> str:
    return f"<b>{escape(clip(one_line(channel.title), NAME_LIMIT)) or channel.id}</b>"


def log_channel_news(channel: LogChannel, waiting: int) -> View:
    """To the owner, when a log channel has stopped working, and when it works again."""
    if channel.error is None:
        coming = {0: "", 1: "; 1 copy is on its way"}.get(waiting, f"; {waiting} copies are on their way")
        return View(f"✅ The log channel {_name(channel)} works again{coming}.")
    return View(
        f"⚠️ I cannot post in the log channel {_name(channel)}: {_reason(channel.error)}\n"
        f"{ChatUnavailable.advice} Its copies wait until then; nothing is lost."
    )


def log_channel_added(channel: LogChannel) -> View:
    """/add_log_channel."""
    return View(
        f"✅ Every file is copied into {_name(channel)} from now on.\n"
        f"The files from before come too, if you like: <code>/backfill {channel.id}</code>, "
        f"or only the last 50: <code>/backfill {channel.id} 50</code>."
    )


def log_channel_removed(channel_id: int) -> View:
    """/remove_log_channel."""
    return View(f"✅ <code>{channel_id}</code> gets no more copies.")


def backfilled(channel: LogChannel, last: int | None, downloads: int) -> View:
    """/backfill: copies of so many downloads were queued."""
    if not downloads:
        return View(
            f"✅ There is nothing to queue for {_name(channel)}: each copy is there, waits or has failed. "
            "/log_channels shows how many."
        )
    one = downloads == 1
    kind = f"finished download{'' if one else 's'}"
    which = kind if last is None else f"of the last {last} finished downloads"
    ways = "is on its way" if one else "are on their way"
    order = "" if one else ", the oldest first"
    later = "" if channel.works else "\nI cannot post there now, so they wait until I can."
    return View(f"✅ {downloads} {which} {ways} into {_name(channel)}{order}.{later}")


def retrying(copies: int) -> View:
    """/retry_logs."""
    if not copies:
        return View("No log copy has failed.")
    return View(f"✅ {copies} failed {'copy is' if copies == 1 else 'copies are'} tried again now.")


def log_channel_tested(problems: Sequence[tuple[LogChannel, MedusaError | None]]) -> View:
    """/test_log: one line for each channel."""
    if not problems:
        return log_channels(())
    return View(
        listing(
            [
                f"{'✅' if problem is None else '❌'} {_name(channel)}"
                + (f": {sentence(problem)} {escape(problem.advice)}" if problem else "")
                for channel, problem in problems
            ]
        )
    )
