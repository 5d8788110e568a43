"""A button belongs to its person: others are refused politely, and nothing changes."""

from collections.abc import AsyncIterator
from random import Random
from typing import Any

import pytest
import pytest_asyncio
from pyrogram import raw

from medusa.storage.mongo import Store
from tests.attacks import cast, scenery
from tests.attacks.house import House, house
from tests.attacks.watch import Watch
from tests.attacks.words import Words

pytestmark = pytest.mark.asyncio(loop_scope="module")

OF_A_USER = (
    "cancel:u-queued",
    "cancel:u-running",
    "cancel:u-asking",
    "finish:u-running",
    "subs:u-asking",
    "sub:u-asking:0:file",
    "pick:u-asking:0",
    "again:u-done",
    *(f"batch:u-items:{action}:" for action in ("go", "cancel", "pick:1", "every", "clear", "page:0")),
    *(f"batch:u-{asked}:{answer}:" for asked in ("name", "quality", "credit") for answer in ("skip", "720")),
    "batch:u-running:pause:",
    "batch:u-running:cancel:",
    "batch:u-paused:resume:",
    "batch:u-over:again:",
    f"set:{cast.USER}:quality:720",
    f"set:{cast.USER}:archive:off",
    f"tasks:{cast.USER}:all:0",
    f"history:{cast.USER}:page:0",
)
OF_ADMINS = (
    f"who:{cast.OTHER}:admin",
    f"who:{cast.OTHER}:user",
    f"who:{cast.ADMIN}:banned",
    f"who:{cast.USER}:show",
    "users:all:0:",
    "admin:main",
    "admin:stop:u-running",
    f"admin:unlog:{cast.marked(cast.LOG)}",
    f"admin:unchan:{cast.marked(cast.OWN)}",
    f"admin:ungroup:{cast.marked(cast.OPEN)}",
    "admin:flip:public",
    "admin:set:users:jobs:9",
    f"broadcast:{scenery.BROADCAST}:send:",
    f"broadcast:{scenery.BROADCAST}:stop:",
    f"broadcast:{scenery.BROADCAST}:drop:",
    "health:refresh",
    "stats:week:users:dark",
    "days:all",
)
OF_THE_OWNER = (
    f"errors:{scenery.FAULT}:see:0",
    f"errors:{scenery.FAULT}:forget:0",
    f"restart:{cast.OWNER}:go",
    "ytdlp:it:update:",
    "ytdlp:it:weekly:on",
)
CASES = (
    *((data, person) for data in OF_A_USER for person in (cast.OTHER, cast.GUEST, cast.STRANGER, cast.ADMIN)),
    *((data, person) for data in OF_ADMINS for person in (cast.USER, cast.GUEST)),
    *((data, person) for data in OF_THE_OWNER for person in (cast.ADMIN, cast.USER, cast.GUEST)),
    # An admin may stop what another one sends, but not send what another one has written.
    (f"broadcast:{scenery.BROADCAST}:send:", cast.OWNER),
    (f"broadcast:{scenery.BROADCAST}:drop:", cast.OWNER),
    (f"restart:{cast.ADMIN}:go", cast.OWNER),
)
KEPT = (
    *("downloads", "batches", "lists", "settings", "broadcasts", "targets", "channels", "chats", "faults"),
    *("audit", "dialogs", "cookies", "moments", "releases"),
)


class Desk:
    """A bot, and what it answers to a press."""

    def __init__(self) -> None:
        self.watch = Watch()
        self.heard: list[Any] = []
        self.made: House

    def sees(self, query: Any) -> None:
        self.heard.append(query)
        self.watch.sees(query)

    async def press(self, data: str, person: int, number: int) -> list[Any]:
        """What the bot does then."""
        self.heard.clear()
        update = raw.types.UpdateBotCallbackQuery(
            query_id=number,
            user_id=person,
            peer=raw.types.PeerUser(user_id=person),
            msg_id=6,
            chat_instance=1,
            data=data.encode(),
        )
        users: list[raw.base.User] = [cast.user(person), cast.user(cast.BOT)]
        await self.made.take(raw.types.Updates(updates=[update], users=users, chats=[], date=1, seq=0))
        return list(self.heard)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(mongo_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """One for all presses: none of them is to change anything."""
    found, directory = Desk(), tmp_path_factory.mktemp("buttons")
    with found.watch.everything():
        async with house(mongo_uri, Words(Random(1)), directory, sees=found.sees) as made:
            found.made = made
            await scenery.set_up(made.store, Random(1))
            await made.begin(Random(1))
            yield found


async def remembered(store: Store) -> dict[str, list[Any]]:
    """Everything in the database but who was seen when."""
    found = {name: await store.database[name].find().sort("_id").to_list(None) for name in KEPT}
    users = (
        await store.database["users"].find({}, {"grant": 1, "allowance": 1, "preferences": 1}).to_list(None)
    )
    return {**found, "users": sorted(users, key=lambda user: user["_id"])}


def answers(heard: list[Any]) -> list[str]:
    """The alerts of presses."""
    return [
        one.message or "" for one in heard if isinstance(one, raw.functions.messages.SetBotCallbackAnswer)
    ]


@pytest.mark.parametrize(("data", "person"), CASES)
async def test_somebody_elses_button_is_refused(desk: Desk, data: str, person: int) -> None:
    before = await remembered(desk.made.store)
    heard = await desk.press(data, person, 1000 + CASES.index((data, person)))
    (answer,) = answers(heard)
    assert answer, "whoever presses is told something"
    assert len(heard) == 1 or all("Get" in type(one).__name__ for one in heard[:-1]), heard
    assert await remembered(desk.made.store) == before
    assert not desk.made.base.stop.is_set()
    assert not desk.watch.report()


MINE = (
    ("cancel:u-queued", "downloads"),
    ("pick:u-asking:0", "downloads"),
    ("finish:u-running", "downloads"),
    ("batch:u-paused:resume:", "batches"),
    (f"set:{cast.USER}:archive:off", "users"),
)


@pytest.mark.parametrize(("data", "collection"), MINE)
async def test_ones_own_button_does_what_it_says(desk: Desk, data: str, collection: str) -> None:
    await scenery.set_up(desk.made.store, Random(1))
    before = await remembered(desk.made.store)
    await desk.press(data, cast.USER, 5000 + MINE.index((data, collection)))
    assert (await remembered(desk.made.store))[collection] != before[collection]
