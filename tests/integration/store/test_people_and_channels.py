"""Users and log channels in the database."""

import asyncio
from typing import Literal

import pytest

from medusa.log_channel import WORKING, LogChannel
from medusa.storage.mongo import Store
from medusa.user import User
from medusa.wishes import ASK, Preferences, Wish
from tests.integration.store.conftest import NOW, Server
from tests.unit.jobs.memory import ANN, BOB

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_somebody_new_is_a_guest_who_is_asked(mongo: Store) -> None:
    new = await mongo.users.see_user(ANN)
    assert new.seen is not None
    assert new.evolve(seen=None) == User(person=ANN)


async def test_a_new_name_replaces_the_old_one_and_nothing_else(mongo: Store) -> None:
    await mongo.users.see_user(ANN)
    await mongo.users.prefer(ANN.id, wish=Wish(max_height=720))
    renamed = ANN.evolve(name="Anna", username="anna")
    seen = await mongo.users.see_user(renamed)
    assert await mongo.users.find_user(ANN.id) == seen
    assert await mongo.users.find_user(1_000_000) is None
    again = await mongo.users.see_user(renamed)
    assert again == User(person=renamed, preferences=Preferences(wish=Wish(max_height=720)), seen=again.seen)


@pytest.mark.parametrize("wish", [Wish(audio_only=True), ASK, None])
async def test_a_quality_comes_back_as_it_was_chosen(
    mongo: Store, wish: Wish | Literal["ask"] | None
) -> None:
    await mongo.users.see_user(ANN)
    await mongo.users.prefer(ANN.id, wish=wish)
    assert (await mongo.users.see_user(ANN)).preferences.wish == wish


@pytest.mark.parametrize("kept", [{}, {"default_wish": None}, {"preferences": {"wish": None}}])
async def test_what_was_kept_before_one_could_choose_to_be_asked_is_as_usual(
    mongo: Store, kept: dict[str, object]
) -> None:
    await mongo.users.see_user(ANN)
    await mongo.database["users"].update_one({"_id": ANN.id}, {"$set": {"kept": True, **kept}})
    assert (await mongo.users.see_user(ANN)).preferences.wish is None


async def test_who_writes_twenty_messages_at_once_is_one_user(mongo: Store) -> None:
    seen = await asyncio.gather(*(mongo.users.see_user(BOB) for _ in range(20)))
    assert {user.evolve(seen=None) for user in seen} == {User(person=BOB)}


async def test_primary_channels_come_first(mongo: Store) -> None:
    spare, main = LogChannel(id=-1, title="Spare", backup=True), LogChannel(id=-2, title="Main")
    await mongo.channels.add_log_channel(spare)
    await mongo.channels.add_log_channel(main)
    assert await mongo.channels.log_channels() == [main, spare]


async def test_a_channel_of_the_settings_changes_none_that_is_known(mongo: Store) -> None:
    known = LogChannel(id=-1, title="Known")
    await mongo.channels.add_log_channel(known, only_if_new=True)
    await mongo.channels.note_log_channel(-1, error="No rights.")
    await mongo.channels.add_log_channel(known.evolve(title="Other", backup=True), only_if_new=True)
    assert await mongo.channels.log_channels() == [known.evolve(error="No rights.")]


async def test_a_removed_channel_stays_away_until_somebody_adds_it(mongo: Store) -> None:
    channel = LogChannel(id=-1, title="Main")
    await mongo.channels.add_log_channel(channel)
    await mongo.channels.note_log_channel(-1, error="No rights.")
    assert await mongo.channels.remove_log_channel(-1)
    assert await mongo.channels.log_channels() == []
    await mongo.channels.add_log_channel(channel, only_if_new=True)
    assert await mongo.channels.log_channels() == []
    await mongo.channels.add_log_channel(channel)
    assert await mongo.channels.log_channels() == [channel]


async def test_only_what_is_there_can_be_removed(mongo: Store) -> None:
    assert not await mongo.channels.remove_log_channel(-1)
    await mongo.channels.add_log_channel(LogChannel(id=-1, title="Main"))
    assert await mongo.channels.remove_log_channel(-1)
    assert not await mongo.channels.remove_log_channel(-1)


async def test_how_a_channel_is_can_be_noted(mongo: Store) -> None:
    channel = LogChannel(id=-1, title="Main")
    await mongo.channels.add_log_channel(channel)
    broken = channel.failing("No rights.", NOW)
    await mongo.channels.note_log_channel(-1, **broken, told=True)
    assert await mongo.channels.log_channels() == [channel.evolve(**broken, told=True)]
    await mongo.channels.note_log_channel(-1, **WORKING, last_copy=NOW)
    assert await mongo.channels.log_channels() == [channel.evolve(told=True, last_copy=NOW)]
    await mongo.channels.note_log_channel(-2, error="nobody's")
    assert len(await mongo.channels.log_channels()) == 1


async def test_records_of_the_time_when_a_channel_had_only_an_error_are_still_read(
    mongo: Store, server: Server
) -> None:
    await server.database["channels"].insert_one(
        {"_id": -1, "title": "Main", "backup": False, "error": "No.", "kind": "log", "active": True}
    )
    (channel,) = await mongo.channels.log_channels()
    assert channel == LogChannel(id=-1, title="Main", error="No.")
    assert channel.may_be_tried(NOW)
    assert channel.has_news
