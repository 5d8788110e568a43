"""Plays one case on a stage and holds the outcome against the source."""

import asyncio
import time
from dataclasses import dataclass

from tests.dc.seen import Attachment, Seen
from tests.demo.cases import Case, Ending
from tests.demo.measure import Meter
from tests.demo.result import Result
from tests.site.inspect import boxes, track_md5s
from tests.stage import Stage

CASE_SECONDS = 60.0
QUIET_SECONDS = 10.0


@dataclass(frozen=True)
class Outcome:
    """How the conversation of one case ended."""

    status: Seen
    answer: Seen | None
    """The message with the file."""


async def play(stage: Stage, case: Case) -> tuple[Result, Meter]:
    """Send the link, do what the case does, and look at everything that came of it."""
    began = time.monotonic()
    link = stage.site.url(case.source, **case.link_faults)
    async with Meter(stage) as meter:
        outcome = await _converse(stage, case, link)
        copies = await _copies(stage, link) if outcome.answer else 0
        seconds = time.monotonic() - began
        if case.ending in (Ending.REFUSED, Ending.CANCELLED):
            await _nothing_left(stage)
    if outcome.answer is None or outcome.answer.media is None:
        return _without_file(case, outcome, meter, seconds), meter
    result = await asyncio.to_thread(
        _with_file, stage, case, outcome, outcome.answer.media, meter, began, seconds, copies
    )
    return result, meter


async def _converse(stage: Stage, case: Case, link: str) -> Outcome:
    """The person's side of it, until the status message says that it is over."""
    ann = stage.ann
    asked = await ann.says(link)

    def mine(seen: Seen) -> bool:
        return seen.reply_to == asked.id and seen.media is None

    if case.press:
        question = await ann.expect(lambda seen: mine(seen) and _ripe(case, seen), timeout=CASE_SECONDS)
        await ann.press(question, case.press)
    status = await ann.expect(lambda seen: mine(seen) and seen.text[:1] in "✅❌🚫", timeout=CASE_SECONDS)
    answers = [seen for seen in ann.messages if seen.reply_to == asked.id and seen.media is not None]
    return Outcome(status, answers[0] if answers else None)


def _ripe(case: Case, seen: Seen) -> bool:
    """Whether the moment has come to press the case's button."""
    if case.ending is Ending.CANCELLED:
        return "MB of" in seen.text and "0 B of" not in seen.text
    return any(case.press is not None and case.press in label for label in seen.labels)


async def _copies(stage: Stage, link: str) -> int:
    """Log channels in which the card of this link has arrived."""
    for channel in stage.logs:
        await channel.expect(lambda seen: seen.media is not None and link in seen.text, timeout=QUIET_SECONDS)
    return len(stage.logs)


async def _nothing_left(stage: Stage) -> None:
    """Return when no process and no file of a job is there any more."""
    async with asyncio.timeout(QUIET_SECONDS):
        while stage.media_children() or stage.job_files():
            await asyncio.sleep(0.02)


def _without_file(case: Case, outcome: Outcome, meter: Meter, seconds: float) -> Result:
    text = outcome.status.text
    problems = []
    expected = {Ending.REFUSED: "❌", Ending.CANCELLED: "🚫"}.get(case.ending)
    if expected is None:
        problems.append(f"no file arrived: {text}")
    elif not text.startswith(expected) or (case.says and case.says not in text):
        problems.append(f"it ended with: {text}")
    return Result(
        name=case.name,
        kind="cancelled" if case.ending is Ending.CANCELLED else "refused",
        source_bytes=0,
        sent_bytes=0,
        identical=not problems,
        faststart=False,
        parts=0,
        temp_bytes_peak=meter.disk_peak,
        seconds=round(seconds, 2),
        first_part_seconds=None,
        log_copies=0,
        problems=tuple(problems),
    )


def _with_file(
    stage: Stage,
    case: Case,
    outcome: Outcome,
    media: Attachment,
    meter: Meter,
    began: float,
    seconds: float,
    copies: int,
) -> Result:
    file = stage.dc.file(media.file_id)
    data = file.bytes
    layout = tuple(boxes(data))
    faststart = "moof" not in layout and "moov" in layout and layout.index("moov") < layout.index("mdat")
    remuxed = case.ending is Ending.SAME_TRACKS
    identical = (
        track_md5s(data) == stage.site.track_md5(case.source)
        if remuxed
        else file.sha256 == stage.site.sha256(case.source)
    )
    checks = {
        f"it should not have arrived: {case.ending.value}": case.ending
        in (Ending.SAME_BYTES, Ending.SAME_TRACKS),
        "what arrived is not what was there": identical,
        "a video cannot be sought in while it arrives": faststart or media.kind != "video",
        "it has no duration or size": media.kind != "video" or bool(media.duration and media.width),
        "it has no thumbnail": media.kind != "video" or bool(media.thumb),
        "a log channel has no copy": copies == len(stage.logs),
        f"{meter.disk_peak} bytes were on disk": meter.disk_peak <= case.disk_limit,
        f"it ended with: {outcome.status.text}": outcome.status.text.startswith("✅"),
    }
    return Result(
        name=case.name,
        kind=media.kind,
        source_bytes=stage.site.original(case.source).stat().st_size,
        sent_bytes=file.size,
        identical=identical,
        faststart=faststart,
        parts=len(file.arrivals),
        temp_bytes_peak=meter.disk_peak,
        seconds=round(seconds, 2),
        first_part_seconds=round(min(part.at for part in file.arrivals) - began, 2),
        log_copies=copies,
        problems=tuple(problem for problem, fine in checks.items() if not fine),
    )
