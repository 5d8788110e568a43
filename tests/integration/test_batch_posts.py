"""What is posted of batches, and found again, over a real connection."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from medusa.batch import BatchState, Failure, Tally
from medusa.jobs.batch_watch import Ended
from medusa.kept import Finished, Uploaded
from medusa.model import Kind, Media, Method, Plan, Summary
from medusa.telegram.account import BotAccount
from medusa.telegram.batch_posts import BatchPosts
from medusa.telegram.board import StatusBoard
from medusa.telegram.client import make_client
from medusa.telegram.documents import MOST_BYTES, Documents
from medusa.telegram.outgoing import rewrite
from medusa.telegram.posting import LOOK_AHEAD, by_reference
from tests.dc import DataCenter, Person
from tests.dc.state import Box
from tests.integration.clients import settings_for
from tests.unit.jobs.memory import queued
from tests.unit.test_batch_answers import draft

TOKEN = "7000001:" + "A" * 35


class Desk(NamedTuple):
    ann: Person
    asked: int
    """A message of Ann's, as the bot numbers it."""
    box: Box
    """Of the bot's numbers."""
    account: BotAccount
    posts: BatchPosts


@asynccontextmanager
async def desk(home: Path) -> AsyncIterator[Desk]:
    async with DataCenter() as dc:
        bot, ann = dc.bot(token=TOKEN), dc.person("Ann")
        async with make_client(settings_for(dc, bot, home), plugins=None) as client:
            account = BotAccount(client, sessions=1)
            board = StatusBoard(lambda chat, message, view: rewrite(client, chat, message, view))
            asked = ann.message_of(await ann.says("here is my list")).ids[bot.account.box]
            posts = BatchPosts(client, board, Documents(client, account.uploader))
            yield Desk(ann, asked, bot.account.box, account, posts)
            await board.close()
            await account.close()


async def test_a_summary_comes_although_its_failures_fill_no_file(tmp_path: Path) -> None:
    async with desk(tmp_path) as there:
        now = datetime.now(UTC)
        batch = draft().evolve(
            chat_id=there.ann.id, message_id=there.asked, state=BatchState.OVER, started=now, finished=now
        )
        failures = [Failure(number=1, url=f"https://a.org/{'x' * MOST_BYTES}", error="Gone.")]
        await there.posts.tell_person(Ended(batch, Tally(failed=1), 0, failures))
        summary = await there.ann.expect("BATCH DOWNLOAD SUMMARY")
        assert summary.media is None
        assert summary.labels == ["🔁 Try the 1 failed again"]


PLAN = Plan(method=Method.PASS, format_ids=("1",), kind=Kind.DOCUMENT, file_name="a.bin", mime="a/b")
FILE = Finished(plan=PLAN, summary=Summary(size=5), uploaded=Uploaded(file_id=1, parts=1, size=5), piece=None)
MEDIA = Media(url="https://a.org", title="Song", source="A", kind=Kind.DOCUMENT, formats=())


@pytest.mark.parametrize("between", [0, LOOK_AHEAD + 300])
async def test_what_was_sent_is_found_however_much_came_since_the_list(tmp_path: Path, between: int) -> None:
    async with desk(tmp_path) as there:
        ann, account = there.ann, there.account
        file = ann.message_of(await ann.sends_document("a.bin", b"bytes")).ids[there.box]
        for number in range(between):
            await ann.says(f"and {number}")
        document = await by_reference(account.client, ann.id, file)
        request = queued().request.evolve(chat_id=ann.id, message_id=there.asked)
        download = queued(request=request)
        first, again = [await account.answer(download, MEDIA, FILE, document) for _ in range(2)]
        assert first.message_id == again.message_id
        assert len([seen for seen in ann.messages if seen.media and not seen.mine]) == 1
