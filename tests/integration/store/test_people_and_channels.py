"""Users and log channels in the database."""

import asyncio

import pytest

from medusa.model import CopyState, LogChannel, LogCopy, User, Wish
from medusa.storage.mongo import Store
from tests.unit.jobs.memory import ANN, BOB, LONG_AGO, done

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_somebody_new_is_a_guest_who_is_asked(mongo: Store) -> None:
    assert await mongo.users.see_user(ANN) == User(person=ANN)


async def test_a_new_name_replaces_the_old_one_and_nothing_else(mongo: Store) -> None:
    await mongo.users.see_user(ANN)
    await mongo.users.set_default_wish(ANN.id, Wish(max_height=720))
    renamed = ANN.evolve(name="Anna", username="anna")
    assert await mongo.users.see_user(renamed) == User(person=renamed, default_wish=Wish(max_height=720))


async def test_who_writes_twenty_messages_at_once_is_one_user(mongo: Store) -> None:
    seen = await asyncio.gather(*(mongo.users.see_user(BOB) for _ in range(20)))
    assert set(seen) == {User(person=BOB)}


async def test_primary_channels_come_first(mongo: Store) -> None:
    spare, main = LogChannel(id=-1, title="Spare", backup=True), LogChannel(id=-2, title="Main")
    await mongo.channels.add_log_channel(spare)
    await mongo.channels.add_log_channel(main)
    assert await mongo.channels.log_channels() == [main, spare]


async def test_a_channel_of_the_settings_changes_none_that_is_known(mongo: Store) -> None:
    known = LogChannel(id=-1, title="Known")
    await mongo.channels.add_log_channel(known, only_if_new=True)
    await mongo.channels.set_log_channel_error(-1, "No rights.")
    await mongo.channels.add_log_channel(known.evolve(title="Other", backup=True), only_if_new=True)
    assert await mongo.channels.log_channels() == [known.evolve(error="No rights.")]


async def test_a_removed_channel_stays_away_until_somebody_adds_it(mongo: Store) -> None:
    channel = LogChannel(id=-1, title="Main")
    await mongo.channels.add_log_channel(channel)
    await mongo.channels.set_log_channel_error(-1, "No rights.")
    assert await mongo.channels.remove_log_channel(-1)
    assert await mongo.channels.log_channels() == []
    await mongo.channels.add_log_channel(channel, only_if_new=True)
    assert await mongo.channels.log_channels() == []
    await mongo.channels.add_log_channel(channel)
    assert await mongo.channels.log_channels() == [channel]


async def test_a_removed_channel_gets_no_copy_that_still_waits(mongo: Store) -> None:
    for channel_id in (-1, -2):
        await mongo.channels.add_log_channel(LogChannel(id=channel_id, title="Log"))
    copies = tuple(LogCopy(channel_id=channel_id, next_try=LONG_AGO) for channel_id in (-1, -2))
    second = tuple(copy.evolve(number=2) for copy in copies)
    await mongo.downloads.add(done().evolve(log_copies=copies + second))
    assert await mongo.channels.remove_log_channel(-1)
    kept = await mongo.downloads.get("job")
    assert kept is not None
    assert [copy.state for copy in kept.log_copies] == [CopyState.FAILED, CopyState.PENDING] * 2


async def test_only_what_is_there_can_be_removed(mongo: Store) -> None:
    assert not await mongo.channels.remove_log_channel(-1)
    await mongo.channels.add_log_channel(LogChannel(id=-1, title="Main"))
    assert await mongo.channels.remove_log_channel(-1)
    assert not await mongo.channels.remove_log_channel(-1)


async def test_a_channel_that_works_again_has_no_error(mongo: Store) -> None:
    await mongo.channels.add_log_channel(LogChannel(id=-1, title="Main"))
    for error in ("No rights.", None):
        await mongo.channels.set_log_channel_error(-1, error)
        assert [channel.error for channel in await mongo.channels.log_channels()] == [error]
    await mongo.channels.set_log_channel_error(-2, "nobody's")
    assert len(await mongo.channels.log_channels()) == 1
