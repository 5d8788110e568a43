"""Jobs of every kind and every end, as people bring them about: each is sent, and seen through to its end."""

from collections.abc import Callable, Coroutine
from typing import NamedTuple

from tests.acceptance.talk import end, status
from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.stage import Stage

PATIENCE = 180.0
"""Seconds for one of them, among many."""
SLOW = 200_000
"""Bytes a second of what somebody means to cancel."""

Act = Callable[[Stage, Person, int], Coroutine[None, None, None]]
"""Brings about the job with this number, and returns at its end. Raises AssertionError where it is not the
one it should be."""


class Kind(NamedTuple):
    """A kind of job."""

    act: Act
    jobs: int = 1


def _sent(name: str, ending: str, words: str = "{}", **faults: object) -> Kind:
    """A link, with words around it, whose status ends with this."""

    async def act(stage: Stage, person: Person, number: int) -> None:
        said = await person.says(words.format(stage.site.url(name, copy=number, **faults)))
        await _ends(stage, person, said, ending)

    return Kind(act)


async def _ends(stage: Stage, person: Person, said: Seen, ending: str) -> None:
    last = await end(person, said, timeout=PATIENCE)
    assert last.text.startswith(ending), f"{said.text}: {last.text}\n{stage.log_tail()}"


async def _album(stage: Stage, person: Person, number: int) -> None:
    links = [stage.site.url(name, copy=number) for name in ("picture.png", "picture.jpg")]
    await _ends(stage, person, await person.says(" ".join(links)), "✅")


async def _chosen(stage: Stage, person: Person, number: int) -> None:
    """A quality is asked for, and chosen."""
    said = await person.says(stage.site.url("watch", copy=number))
    question = await status(person, said, "Which quality", timeout=PATIENCE)
    await person.press(question, "360p")
    await _ends(stage, person, said, "✅")


async def _cancelled(stage: Stage, person: Person, number: int) -> None:
    """In the middle of its transfer."""
    said = await person.says(stage.site.url("film-8.mp4", rate=SLOW, copy=number))
    await person.press(await status(person, said, " of ", timeout=PATIENCE), "Cancel")
    await _ends(stage, person, said, "🚫")


async def _given_up(stage: Stage, person: Person, number: int) -> None:
    """It always breaks; while the bot waits to try again, its person has had enough."""
    said = await person.says(stage.site.url("video.mp4", cut=0, reset=True, copy=number))
    await person.press(await status(person, said, "again", timeout=PATIENCE), "Cancel")
    await _ends(stage, person, said, "🚫")


async def _batch(stage: Stage, person: Person, number: int) -> None:
    """Of three, one is not there."""
    names = ("mp3", "gone.mp4", "zip")
    lines = [stage.site.url(name, copy=number, line=line) for line, name in enumerate(names)]
    txt = await person.sends_document(f"Course {number}.txt", "\n".join(lines).encode())

    def answer(words: str) -> Callable[[Seen], bool]:
        return lambda seen: seen.reply_to == txt.id and words in seen.text

    question = await person.expect(answer("Where shall I start?"), timeout=PATIENCE)
    await person.press(question, "Use my defaults")
    summary = await person.expect(answer("BATCH DOWNLOAD SUMMARY"), timeout=PATIENCE)
    assert "Delivered: 2" in summary.text, summary.text


KINDS = {
    "passed on": _sent("mp4", "✅"),
    "index moved": _sent("mp4-late", "✅"),
    "HLS": _sent("hls-ts", "✅"),
    "HLS, two tracks": _sent("hls-split", "✅"),
    "DASH": _sent("dash-film/index.mpd", "✅"),
    "a page": _sent("page-og", "✅"),
    "WebM": _sent("webm-vp8", "✅"),
    "sound, encoded": _sent("mp4", "✅", "/ytm {} 2-8"),
    "a section": _sent("hls-ts", "✅", "{} 0:04.5-0:07 | A part"),
    "a document": _sent("zip", "✅"),
    "a photo": _sent("picture.jpg", "✅"),
    "an album": Kind(_album),
    "a choice": Kind(_chosen),
    "reset and resumed": _sent("film-8.mp4", "✅", cut=6_000_000, reset=True),
    "a batch": Kind(_batch, jobs=3),
    "not there": _sent("gone", "❌"),
    "nothing on the page": _sent("empty", "❌"),
    "a private address": _sent("redirect-private", "❌"),
    "a segment on a private address": _sent("hls-private", "❌"),
    "protected": _sent("drm", "❌"),
    "members only": _sent("page-members", "❌"),
    "a section that there is not": _sent("mp4", "❌", "{} 40-50"),
    "cancelled": Kind(_cancelled),
    "reset for ever": Kind(_given_up),
}
"""By name."""
JOBS = sum(kind.jobs for kind in KINDS.values())
"""Of one round."""
