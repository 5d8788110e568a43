"""What the bot says in log channels and about them."""

from collections.abc import Sequence
from datetime import datetime

from medusa.errors import MedusaError
from medusa.model import Download, Kind, LogChannel, Sent
from medusa.text import CAPTION_LIMIT, clip, escape, human_size, human_time, one_line, utf16_length
from medusa.views.view import NAME_LIMIT, View, hashtag, listing, sentence, site


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
    return f" (part {number} of {len(download.sent)})" if len(download.sent) > 1 else ""


def _duration(download: Download, sent: Sent) -> str:
    duration = sent.duration if len(download.sent) > 1 else download.duration
    return human_time(duration) if duration else "unknown"


def relay_note(file: str) -> str:
    """The caption of a file that passes through a log channel; `file` tells it from all others."""
    return f"📦 This file is on its way to its person, and leaves here when it has arrived.\n{file}"


def test_record(bot: str, now: datetime) -> View:
    """/test_log."""
    return View(f"🧪 Test record of @{escape(bot)} at {now:%Y-%m-%d %H:%M:%S} UTC\n#test #log")


def log_channels(channels: Sequence[LogChannel]) -> View:
    """/log_channels."""
    if not channels:
        return View("There are no log channels. Add one: /add_log_channel ID")
    return View("📁 <b>Log channels</b>\n" + listing([_log_channel(channel) for channel in channels]))


def _log_channel(channel: LogChannel) -> str:
    state = f"⚠️ {escape(clip(one_line(channel.error), 120))}" if channel.error else "✅"
    kind = "backup" if channel.backup else "primary"
    return f"{state} {_name(channel)} <code>{channel.id}</code> · {kind}"


def _name(channel: LogChannel) -> str:
    return f"<b>{escape(clip(one_line(channel.title), NAME_LIMIT)) or channel.id}</b>"


def log_channel_added(channel: LogChannel) -> View:
    """/add_log_channel."""
    return View(f"✅ Every file is copied into {_name(channel)} from now on.")


def log_channel_removed(channel_id: int) -> View:
    """/remove_log_channel."""
    return View(f"✅ <code>{channel_id}</code> gets no more copies.")


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
