"""What the bot says of what somebody has under way."""

from medusa.batch import BatchState
from medusa.model import Download, State
from medusa.text import bar, clip, escape, human_size, human_wait, one_line
from medusa.under_way import PAGE, BatchTask, LinkTask, Overview, Transfer
from medusa.views.job import LONGEST_ETA
from medusa.views.view import Button, View, host

NAME = 60
"""UTF-16 units of a name in a list."""


def overview(found: Overview) -> View:
    """/tasks: a page of it, with a button to cancel each."""
    refresh = _button(found, "🔄 Refresh", f"page:{found.page}")
    if not found.total:
        return View("Nothing of yours is running or waiting.", ((refresh,),))
    tasks = [*map(_batch, found.batches), *map(_link, found.links)]
    lines, cancels = list[str](), list[Button]()
    for number, (text, cancel) in enumerate(tasks, found.page * PAGE + 1):
        lines.append(f"<b>{number}.</b> {text}")
        cancels.append(Button(f"✖ {number}", cancel))
    rows = tuple(tuple(cancels[at : at + 4]) for at in range(0, len(cancels), 4))
    ways = (refresh, _button(found, "✖ Cancel all", f"all:{found.page}"))
    turns = (turn,) if (turn := _turns(found)) else ()
    return View("\n".join([f"📋 <b>Under way: {found.total}</b>", "", *lines]), (*rows, *turns, ways))


def short_name(download: Download) -> str:
    """What a download is called in a list, safe and short."""
    request = download.request
    name = request.shape.name or (request.item.name if request.item else "") or download.title or ""
    return escape(clip(one_line(name), NAME)) or host(request.url)


def _batch(task: BatchTask) -> tuple[str, str]:
    batch, tally = task
    lines = [f"📦 {escape(clip(one_line(batch.name), NAME)) or 'Batch'}"]
    lines.append(f"{bar(tally.over / max(1, batch.size))} {tally.over}/{batch.size}")
    counts = ((tally.running, "running"), (tally.queued, "waiting"), (tally.failed, "failed"))
    facts = [f"{count} {what}" for count, what in counts if count]
    if batch.is_cancelled:
        facts = ["🚫 stopping"]
    elif batch.state is BatchState.PAUSED:
        facts = ["⏸ paused", *facts]
    return "\n".join([*lines, *([" · ".join(facts)] if facts else [])]), f"batch:{batch.id}:cancel"


def _link(task: LinkTask) -> tuple[str, str]:
    return state_of(task), f"cancel:{task.download.id}"


def state_of(task: LinkTask) -> str:
    """How a link stands, in two lines."""
    download = task.download
    known = task.transfer.title if task.transfer else None
    name = short_name(download.evolve(title=known) if known else download)
    match download.state:
        case State.QUEUED:
            place = f"{task.ahead} before it" if task.ahead else "next"
            return f"⏳ {name}\n{place}"
        case State.ASKING:
            return f"❔ {name}\nwaits for you to choose"
        case _ if download.cancel_requested:
            return f"🚫 {name}\nstopping"
        case _:
            return f"📤 {name}\n{_progress(task.transfer)}"


def _progress(transfer: Transfer | None) -> str:
    """How far it is, in a line."""
    if transfer is None:
        return "running"
    progress = transfer.progress
    done = human_size(progress.acknowledged)
    if progress.total:
        share = min(1.0, progress.acknowledged / progress.total)
        done = f"{bar(share)} {share:.0%} of {human_size(progress.total)}"
    if progress.eta is None or progress.eta >= LONGEST_ETA:
        return done
    return f"{done} · {human_wait(progress.eta)} left"


def _turns(found: Overview) -> tuple[Button, ...]:
    turn = [_button(found, "◀", f"page:{found.page - 1}")] * (found.page > 0)
    turn += [_button(found, f"{found.page + 1}/{found.pages}", f"page:{found.page}")] * (found.pages > 1)
    turn += [_button(found, "▶", f"page:{found.page + 1}")] * (found.page < found.pages - 1)
    return tuple(turn)


def _button(found: Overview, label: str, action: str) -> Button:
    return Button(label, f"tasks:{found.person_id}:{action}")
