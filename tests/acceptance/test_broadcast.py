"""A message to everybody: what its sender is shown, who gets it, and what stops it on the way."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from medusa.model import Person as Who
from medusa.storage.mongo import open_store
from medusa.user import Grant, Role
from tests.acceptance.talk import PATIENCE
from tests.database import Database, database
from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.site.encode import picture
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = 60
FORWARD = "messages.ForwardMessages"


class Hall(Stage):
    """A bot whose database outlives it, and people who have written to it before."""

    def __init__(self, kept: Database) -> None:
        super().__init__(log_channels=1, MONGODB_URI=kept.uri)
        self._kept = kept
        self.crowd: Sequence[Person] = ()

    async def start(self) -> None:
        """Let them be there before the bot is."""
        if not self.crowd:
            self.crowd = [self.dc.person(f"Person {number}") for number in range(PEOPLE)]
            for one in self.crowd:
                one.knows(self.bot)
            async with open_store(self._kept.uri, "medusa") as store:
                for one in self.crowd:
                    await store.users.see_user(Who(id=one.id, name=one.account.name))
        await super().start()

    async def let_in(self, people: Sequence[Person], role: Role = Role.USER) -> None:
        """Give them a role."""
        grant = Grant(role=role, since=datetime.now(UTC))
        async with open_store(self._kept.uri, "medusa") as store:
            for one in people:
                await store.users.decide(Who(id=one.id, name=one.account.name), grant=grant)

    async def deeds(self) -> list[str]:
        """How the last broadcast began and ended, as the audit has it."""
        async with open_store(self._kept.uri, "medusa") as store:
            return [deed.after for deed in reversed(await store.audit.latest(0, 2))]

    async def unreachable(self) -> set[int]:
        """Who is marked."""
        async with open_store(self._kept.uri, "medusa") as store:
            found = await store.database["users"].find({"unreachable": True}).to_list()
        return {one["_id"] for one in found}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hall() -> AsyncIterator[Hall]:
    async with database() as kept, Hall(kept) as hall:
        yield hall


def got(person: Person, text: str) -> list[Seen]:
    """What somebody got of a broadcast."""
    return [seen for seen in person.messages if seen.text == text]


async def ended(sender: Person) -> Seen:
    """The news that a broadcast is over."""
    return await sender.expect(
        lambda seen: "✅ Sent:" in seen.text and not seen.buttons and not seen.edited, timeout=PATIENCE
    )


async def send(sender: Person, whom: str) -> None:
    """Let these get it, and wait until they have."""
    await sender.press(await sender.expect("Shall I send it?"), whom)
    chosen = await sender.expect(lambda seen: f"◉ {whom}" in seen.labels)
    await sender.press(chosen, "Send")
    assert "is done" in (await ended(sender)).text


async def test_everybody_gets_it_once_over_a_kill_and_a_flood_wait(hall: Hall) -> None:
    ann, blocking = hall.ann, [*hall.crowd[10:13], hall.crowd[17]]
    reached = [one for one in hall.crowd if one not in blocking]
    for one in blocking:
        one.blocks(hall.bot)
    text = "Hello <b> all\nhttps://example.org"
    await ann.says(f"/broadcast {text}")
    preview = await ann.expect(text)
    question = await ann.expect("Shall I send it?")
    assert f"{PEOPLE + 1} people" in question.text
    assert not any(got(one, text) for one in hall.crowd), "nothing before Send"
    await ann.press(question, "Send")
    await hall.crowd[24].expect(text)
    await hall.kill()
    wait = hall.dc.faults.flood_wait(1, method=FORWARD, after=25)
    hall.flood_waits_made += 1
    await hall.start()
    await ann.expect("Telegram asked for a pause", timeout=PATIENCE)
    summary = await ended(ann)
    assert wait.fired == 1
    assert hall.dc.stats()["duplicates"] > 0, "the page of the kill was sent again, and refused"
    assert [len(got(one, text)) for one in hall.crowd] == [int(one in reached) for one in hall.crowd]
    assert len([seen for seen in got(ann, text) if not seen.mine]) == 1, "the preview is the sender's own"
    assert preview.entities
    assert got(reached[0], text)[0].entities == preview.entities
    assert f"Sent: {1 + len(reached)} · 🚫 Blocked: {len(blocking)}\n" in summary.text
    assert await hall.unreachable() == {one.id for one in blocking}
    assert await hall.deeds() == ["started", f"done, sent {1 + len(reached)}, blocked 4, failed 0"]


async def test_who_has_blocked_the_bot_is_skipped_until_they_write_again(hall: Hall) -> None:
    ann, back = hall.ann, hall.crowd[17]
    await ann.says("/broadusers")
    assert f"Everybody: {PEOPLE + 1 - 4}" in (await ann.expect("would reach")).text
    back.unblocks(hall.bot)
    await back.says("hello")
    await back.expect("link")
    await ann.says("/broadusers")
    assert f"Everybody: {PEOPLE + 1 - 3}" in (await ann.expect("would reach")).text


async def test_a_file_goes_out_as_it_is_and_a_forward_says_whose_it_was(hall: Hall, tmp_path: Path) -> None:
    ann, friends = hall.ann, hall.crowd[:2]
    picture(tmp_path / "view.jpg")
    await hall.let_in(friends)
    photo = await ann.sends_photo((tmp_path / "view.jpg").read_bytes(), caption="The view")
    uploaded = hall.dc.stats()["uploaded"]
    await ann.says("/broadcast", reply_to=photo)
    await send(ann, "With access: 3")
    (copy,) = [seen for seen in friends[0].messages if seen.media]
    assert (copy.text, copy.sender, copy.forwarded_from) == ("The view", "Medusa", None)
    assert hall.dc.stats()["uploaded"] == uploaded, "by reference"
    await ann.says("/broadcast forward", reply_to=photo)
    await send(ann, "With access: 3")
    (_, forward) = [seen for seen in friends[1].messages if seen.media]
    assert forward.forwarded_from == "Ann"
    await ann.says("/broadcast")
    await ann.expect("Send me the message")
    await ann.sends_document("notes.pdf", b"%PDF-1.4 notes", caption="Read this")
    await send(ann, "With access: 3")
    assert got(friends[0], "Read this")[0].media is not None
    await ann.sends_document("more.pdf", b"%PDF-1.4 more", caption="/broadcast And <i> this")
    preview = await ann.expect("And <i> this")
    assert preview.media is not None
    assert preview.media.name == "more.pdf"
    await ann.press(await ann.expect("Shall I send it?"), "Cancel")
    assert not [seen for seen in hall.crowd[2].messages if seen.media]


async def test_another_admin_sees_it_and_cancels_it_and_a_second_one_is_refused(hall: Hall) -> None:
    bob, eve = hall.crowd[:2]
    await hall.let_in([bob, eve], Role.ADMIN)
    await bob.says("/broadcast Mine")
    his = await bob.expect("Shall I send it?")
    await eve.says("/broadcast Ours")
    await eve.press(await eve.expect("Shall I send it?"), "Send")
    await hall.crowd[20].expect("Ours")
    assert "Another broadcast is on its way" in ((await bob.press(his, "Send")).text or "")
    await bob.says("/broadcast Mine too")
    await bob.press(await bob.expect("One broadcast at a time"), "Cancel")
    summary = await ended(eve)
    assert "Person 0 has cancelled the broadcast" in summary.text
    everybody = [hall.ann, *hall.crowd]
    reached = [one for one in everybody if got(one, "Ours")]  # the preview, with Eve
    assert f"Sent: {len(reached)} " in summary.text
    assert len(reached) < PEOPLE - 3
    assert not any(got(one, "Mine") for one in everybody if one is not bob)
    await bob.press(his, "Cancel")
    await bob.expect("was not sent")


async def test_it_stops_when_its_message_is_deleted(hall: Hall) -> None:
    bob = hall.crowd[0]
    await hall.let_in([bob], Role.ADMIN)
    await bob.says("/broadcast Oops <b> &amp;")
    preview = await bob.expect("Oops <b> &amp;")
    await bob.press(await bob.expect("Shall I send it?"), "Send")
    await hall.crowd[5].expect(preview.text)
    await bob.deletes(preview)
    summary = await ended(bob)
    assert "The message that was to be sent was deleted." in summary.text
    reached = [one for one in [*hall.crowd[1:], hall.ann] if got(one, preview.text)]
    assert f"Sent: {1 + len(reached)} " in summary.text
