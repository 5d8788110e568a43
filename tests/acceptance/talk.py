"""What a person does with a link, as tests say it."""

import asyncio

from tests.dc.conversation import Conversation
from tests.dc.files import File
from tests.dc.person import Person
from tests.dc.seen import Attachment, Seen
from tests.stage import Stage

PATIENCE = 40.0


async def send(person: Person, link: str) -> Seen:
    """Send a link."""
    return await person.says(link)


async def status(person: Person, link: Seen, *marks: str, timeout: float = PATIENCE) -> Seen:
    """The next state of a link's status message that holds one of these."""
    return await person.expect(
        lambda seen: (
            seen.reply_to == link.id and seen.media is None and any(mark in seen.text for mark in marks)
        ),
        timeout=timeout,
    )


async def end(person: Person, link: Seen, timeout: float = PATIENCE) -> Seen:
    """The last state of a link's status message."""
    return await status(person, link, "✅", "❌", "🚫", timeout=timeout)


def answers(person: Person, link: Seen) -> list[Seen]:
    """The files that answer a link."""
    return [seen for seen in person.messages if seen.reply_to == link.id and seen.media is not None]


async def fetch(stage: Stage, person: Person, url: str) -> tuple[Attachment, File]:
    """Send a link and wait until its one file is there."""
    link = await send(person, url)
    last = await end(person, link)
    assert last.text.startswith("✅"), f"{last.text}\n{stage.log_tail()}"
    (answer,) = answers(person, link)
    assert answer.media is not None
    return answer.media, stage.dc.file(answer.media.file_id)


async def logged(channel: Conversation, url: str) -> Seen:
    """The copy of a link's file in a log channel."""
    return await channel.expect(lambda seen: seen.media is not None and url in seen.text, timeout=PATIENCE)


async def nothing_left(stage: Stage) -> None:
    """Return when no process, no file and no media connection of a job is left."""
    async with asyncio.timeout(PATIENCE):
        while stage.media_children() or stage.job_files():
            await asyncio.sleep(0.02)
