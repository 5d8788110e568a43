"""What the bot says about a batch."""

from collections.abc import Sequence

from medusa.batch import Batch, BatchState, Failure, Question, Tally
from medusa.batch_answers import HEIGHTS, PAGE
from medusa.batch_text import Entry
from medusa.model import Download
from medusa.spans import has, shown
from medusa.text import (
    CAPTION_LIMIT,
    bar,
    clip,
    escape,
    file_name,
    human_size,
    human_wait,
    one_line,
    utf16_length,
)
from medusa.views.sorts import counted
from medusa.views.view import NAME_LIMIT, Button, TextFile, View, host, title
from medusa.wishes import Wish

BAD_SHOWN = 5


def which_file() -> View:
    """The batch command without a file."""
    return View(
        "📄 Send me the .txt file: one link a line, with its name before it if you like.\n"
        "<code>Lesson 1: https://example.org/1.mp4</code>"
    )


def no_links(count: int) -> str:
    """A file without a link."""
    return f"I found no link in these {count} lines. Each line should be like “Name: https://…”."


def question(batch: Batch) -> View:
    """What is being asked about a draft."""
    asked = batch.questions[0]
    ask = {
        Question.ITEMS: _which_items,
        Question.NAME: _which_name,
        Question.QUALITY: _which_quality,
        Question.CREDIT: _which_credit,
        Question.THUMBNAIL: _which_thumbnail,
    }[asked]
    text, rows = ask(batch)
    known = "" if asked is batch.questions[0] and asked is Question.ITEMS else _known(batch)
    ways = (_button(batch, "▶ Use my defaults", "go"), _button(batch, "✖ Cancel", "cancel"))
    return View(f"{_head(batch)}\n{known}\n{text}", (*rows, ways))


def _head(batch: Batch) -> str:
    more = " (there are more, I take the first ones)" if batch.is_cut else ""
    lines = [f"📦 <b>{title(batch.name)}</b> · {_links(batch.count)}{more}"]
    if not batch.is_playlist and batch.sorts:
        lines.append(counted(batch.sorts))
    if batch.bad_count:
        is_one = batch.bad_count == 1
        lines.append(f"⚠️ {'1 line is' if is_one else f'{batch.bad_count} lines are'} left out:")
        lines += [
            f"  {bad.number}: {escape(clip(one_line(bad.text), 60))} ({escape(clip(one_line(bad.why), 120))})"
            for bad in batch.bad[:BAD_SHOWN]
        ]
        if batch.bad_count > BAD_SHOWN:
            lines.append("  …")
    return "\n".join(lines)


def _known(batch: Batch) -> str:
    return f"Chosen: {shown(batch.chosen)}"


def _which_items(batch: Batch) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    everything = (_button(batch, f"All {batch.count}", "all"),)
    if batch.is_playlist:
        first = tuple(
            _button(batch, f"First {some}", f"first:{some}") for some in (10, 50) if some < batch.count
        )
        pick = (_button(batch, "☑ Pick …", "clear:0"),)
        text = "Which of them? Press a button, or send numbers like <code>1-10, 15</code>."
        return text, ((*everything, *first), pick)
    text = (
        "Where shall I start? Send a number, or a range like <code>5-20</code>."
        if batch.count > 1
        else "Shall I begin?"
    )
    return text, (everything,)


def _which_name(batch: Batch) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    label = clip(one_line(batch.name), 40)
    return "What is the batch called? Send a name.", ((_button(batch, f"“{label}”", "skip"),),)


def _which_quality(batch: Batch) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    heights = [_button(batch, f"{height}p", f"quality:{height}") for height in HEIGHTS]
    rows = tuple(tuple(heights[at : at + 4]) for at in range(0, len(heights), 4))
    extra = (_button(batch, "Best", "quality:best"), _button(batch, "Audio", "quality:audio"))
    default = (_button(batch, f"My default: {quality(batch.wish)}", "skip"),)
    return "Which quality, at the most?", (*rows, extra, default)


def _which_credit(batch: Batch) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    credit = clip(one_line(batch.credit or batch.person.name), 40) or "My name"
    return "Whom shall the captions credit? Send a name.", ((_button(batch, credit, "skip"),),)


def _which_thumbnail(batch: Batch) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    usual = _button(batch, "As in my settings", "skip")
    return "Which thumbnail? Send a photo, or a link to a picture.", (
        (usual, _button(batch, "None", "none")),
    )


def quality(wish: Wish | None) -> str:
    """A quality, for people."""
    if wish is None or (wish.max_height is None and not wish.audio_only):
        return "best"
    return "audio" if wish.audio_only else f"{wish.max_height}p"


def picking(batch: Batch, entries: Sequence[Entry], page: int) -> View:
    """A page of a playlist, to pick from."""
    pages = max(1, -(-len(entries) // PAGE))
    page = min(max(page, 0), pages - 1)
    rows = [
        (_button(batch, _pick_label(batch, number, entries[number - 1]), f"pick:{number}"),)
        for number in range(page * PAGE + 1, min((page + 1) * PAGE, len(entries)) + 1)
    ]
    turn = [_button(batch, "◀", f"page:{page - 1}")] * (page > 0)
    turn.append(_button(batch, f"{page + 1}/{pages}", f"page:{page}"))
    turn += [_button(batch, "▶", f"page:{page + 1}")] * (page < pages - 1)
    done = (_button(batch, f"Take {batch.size}", "picked"), _button(batch, "✖ Cancel", "cancel"))
    none = (_button(batch, "None", f"clear:{page}"), _button(batch, "All", f"every:{page}"))
    return View(f"{_head(batch)}\n\nWhich of them?", (*rows, tuple(turn), none, done))


def _pick_label(batch: Batch, number: int, entry: Entry) -> str:
    mark = "☑" if has(batch.chosen, number) else "☐"
    return f"{mark} {number}. {clip(one_line(entry.name or entry.url), 40)}"


def starting(batch: Batch) -> View:
    """It was started."""
    return live(batch, Tally(queued=batch.size), (), None)


def live(batch: Batch, tally: Tally, running: Sequence[Download], seconds_left: float | None) -> View:
    """How a batch stands; when it is over, in short."""
    over, size = tally.over, max(1, batch.size)
    lines = [f"📦 <b>{title(batch.name)}</b> · {_links(batch.size)}"]
    lines.append(f"{bar(over / size)} {over}/{batch.size}")
    if counts := " · ".join(_counts(tally)) or ("" if running else "nothing yet"):
        lines.append(counts)
    if batch.state is BatchState.OVER:
        return View("\n".join(lines))
    if batch.is_cancelled:
        return View("\n".join([*lines, "🚫 Stopping …"]))
    if batch.state is BatchState.PAUSED:
        lines.append("⏸ Paused; what is under way goes on." if tally.running else "⏸ Paused.")
    lines += [f"⬇️ {_item_name(download)}" for download in running]
    if seconds_left is not None and batch.state is BatchState.RUNNING:
        lines.append(f"⏳ about {human_wait(seconds_left)} left")
    return View("\n".join(lines), (_controls(batch),))


def _controls(batch: Batch) -> tuple[Button, ...]:
    way = (
        _button(batch, "▶ Go on", "resume")
        if batch.state is BatchState.PAUSED
        else _button(batch, "⏸ Pause", "pause")
    )
    return (way, _button(batch, "✖ Cancel", "cancel"))


def _counts(tally: Tally) -> list[str]:
    marks = (("✅", tally.done), ("❌", tally.failed), ("🚫", tally.cancelled))
    return [f"{mark} {count}" for mark, count in marks if count]


def _item_name(download: Download) -> str:
    item = download.request.item
    number = f"{item.number:03} " if item else ""
    name = (item.name if item else "") or download.title
    return number + (escape(clip(one_line(name), 60)) if name else host(download.request.url))


def summary(batch: Batch, tally: Tally, size: int, *, hashtags: bool) -> str:
    """The end of a batch, as HTML that fits a caption; `hashtags`: for a log channel, with whose it was."""
    wanted = max(1, batch.size)
    seconds = (batch.finished - batch.started).total_seconds() if batch.finished and batch.started else 0
    lines = [
        "📊 <b>BATCH DOWNLOAD SUMMARY</b>",
        "",
        f"📚 Batch: {escape(clip(one_line(batch.name), 100))}",
        f"🔗 Links: {batch.size}",
        f"✅ Delivered: {tally.done}",
        f"❌ Failed: {tally.failed}",
        *([f"🚫 Cancelled: {tally.cancelled}"] if tally.cancelled else []),
        f"📈 Success: {tally.done / wanted:.0%}",
        f"📦 Size: {human_size(size)}",
        f"⏱ Time: {human_wait(seconds)}",
    ]
    if hashtags:
        username = f" (@{clip(one_line(batch.person.username), 32)})" if batch.person.username else ""
        who = clip(one_line(batch.person.name), NAME_LIMIT) + username
        lines += [
            f"👤 User: {escape(who)}",
            f"🆔 User ID: {batch.person.id}",
            "",
            "#batch #summary #download",
        ]
    return "\n".join(lines)


def failed_file(batch: Batch, failures: Sequence[Failure]) -> TextFile:
    """The items that failed, as a text that may be sent again; why is said above each."""
    lines = (f"# {failure.number:03}: {one_line(failure.error)}\n{_line(failure)}\n" for failure in failures)
    return TextFile(file_name(f"{clip(batch.name, 60)} (failed)", "txt"), "".join(lines))


def _line(failure: Failure) -> str:
    name = one_line(failure.name)
    return f"{name}: {failure.url}" if name else failure.url


def retry_button(batch: Batch, count: int) -> tuple[tuple[Button, ...], ...]:
    """Under the summary of a batch with failures."""
    return ((_button(batch, f"🔁 Try the {count} failed again", "again"),),) if count else ()


def with_failures(text: str, failures: Sequence[Failure]) -> str:
    """A summary with the first failures, as far as they fit into a caption."""
    lines = [text, ""]
    for failure in failures:
        name = escape(clip(one_line(failure.name or failure.url), 60))
        line = f"⚠️ {failure.number:03} {name}: {escape(clip(one_line(failure.error), 90))}"
        if utf16_length("\n".join([*lines, line])) > CAPTION_LIMIT - 20:
            return "\n".join([*lines, "…"])
        lines.append(line)
    return "\n".join(lines).rstrip()


def cancelled() -> View:
    """A draft was thrown away."""
    return View("🚫 Cancelled.")


def stale() -> str:
    """The answer to a button whose time is over."""
    return "This button has done its work."


def answered() -> str:
    """The answer to an answer that comes too late."""
    return "I have asked that, but it is settled by now."


def paused() -> str:
    """The answer to a press on Pause."""
    return "Paused."


def _links(count: int) -> str:
    return "1 link" if count == 1 else f"{count} links"


def _button(batch: Batch, label: str, action: str) -> Button:
    return Button(label, f"batch:{batch.id}:{action}")
