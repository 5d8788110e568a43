"""What becomes of a link, in one word, fetched as the bot does."""

import asyncio

from medusa.errors import MedusaError, SubtitlesLost
from medusa.media.choose import choose
from medusa.media.source import Source
from medusa.media.thumbnails import Thumbnails
from medusa.model import Media, Plan
from medusa.wishes import Recording, Shape, Subtitles, Wish
from tests.attacks.documents import Document

_LARGEST = 100_000_000


async def outcome_of(case: Document, link: str, source: Source, pictures: Thumbnails) -> str:
    """The name of the error that a person is told of; "file" when everything that is wanted has arrived."""
    try:
        async with asyncio.timeout(60):
            if case.wants == "picture":
                await pictures.fetch(link)
            else:
                await _fetch(case, link, source)
    except MedusaError as error:
        return type(error).__name__
    except TimeoutError:
        return "no end"
    return "file"


async def _fetch(case: Document, link: str, source: Source) -> None:
    found = await source.probe(link)
    if isinstance(found, Media):
        await _stream(source, found, _plan(case, found))
        return
    for entry in found.entries[:1]:
        await _fetch(case, entry.url, source)


def _plan(case: Document, media: Media) -> Plan:
    wish = Wish(recording=Recording(seconds=4)) if case.wants == "recording" else Wish()
    words = Subtitles(language="en", as_file=False) if case.wants == "subtitles" else None
    if words is not None and not media.subtitles:
        raise SubtitlesLost(detail="the page names none")
    return choose(media, wish, Shape(subtitles=words), max_size=_LARGEST)


async def _stream(source: Source, media: Media, plan: Plan) -> None:
    async with source.open(media, plan) as stream:
        async for file in stream.files():
            async for _ in file:
                pass
