"""The picture in the README: what Ann and a log channel see, taken from the real bot on the demo's stage."""

import re
from pathlib import Path

from tests.acceptance.talk import answers, end, logged, send, status
from tests.bot import ROOT
from tests.dc.seen import Seen
from tests.demo.bubbles import Bubble, Panel, draw
from tests.stage import Stage

PICTURE = ROOT / "docs" / "chat.svg"
RATE = 2_500_000
"""Bytes a second of the film: slow enough to be seen on its way."""


async def take(path: Path = PICTURE) -> None:
    """Play it, and write the picture."""
    async with Stage() as stage:
        panels = await _panels(stage)
    path.write_text(draw(panels))


async def _panels(stage: Stage) -> list[Panel]:
    ann = stage.ann
    page = await send(ann, stage.site.url("watch"))
    question = await status(ann, page, "Which quality?")
    asked = [_bubble(stage, one) for one in (page, question)]
    await ann.press(question, "360p")
    over = await end(ann, page)
    (video,) = answers(ann, page)
    film = await send(ann, stage.site.url("big-40.mp4", rate=RATE) + " | Harbour.mp4")
    under_way = await ann.expect(lambda seen: seen.reply_to == film.id and _is_half_way(seen.text))
    card = await logged(stage.logs[0], "watch")
    await end(ann, film)
    return [
        Panel("Medusa", "bot", tuple(asked)),
        Panel("Medusa", "bot", tuple(_bubble(stage, one) for one in (over, video, film, under_way))),
        Panel("Log 1", "channel · a copy of everything", (_bubble(stage, card),)),
    ]


def _is_half_way(text: str) -> bool:
    match = re.search(r"(\d+)%", text)
    return match is not None and 35 <= int(match[1]) <= 90


def _bubble(stage: Stage, seen: Seen) -> Bubble:
    """A message as it looks; the stage's own address is none to show."""
    text = seen.text.replace(stage.site.base, "https://media.example")
    text = re.sub(r"(https://\S+)\?\S*", r"\1", text)
    text = re.sub(r"127\.0\.0\.1(:\d+)?", "media.example", text)
    buttons = tuple(tuple(button.text for button in row) for row in seen.buttons)
    if seen.media is None:
        return Bubble(text, seen.mine, buttons)
    minutes, seconds = divmod(round(seen.media.duration or 0), 60)
    return Bubble(text, seen.mine, buttons, seen.media.thumb, f"{minutes}:{seconds:02}")
