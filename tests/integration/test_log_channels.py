"""Log channels against a server and a database: what the bot may do there, and whose fault it is if not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from medusa.errors import ChatUnavailable, MedusaError
from medusa.log_channel import LogChannel
from medusa.model import LogCopy
from medusa.storage.mongo import Store, open_store
from medusa.telegram.client import make_client
from medusa.telegram.log_channels import LogChannels
from tests.dc import Bot, DataCenter
from tests.dc.channel import ChannelChat
from tests.dc.members import Rights
from tests.dc.person import Person
from tests.integration.clients import settings_for
from tests.unit.jobs.memory import done


class World(NamedTuple):
    """A bot that is logged in, and what is around it."""

    dc: DataCenter
    bot: Bot
    ann: Person
    store: Store
    channels: LogChannels


@pytest.fixture
async def world(tmp_path: Path, mongo_uri: str, mongo_database: str) -> AsyncIterator[World]:
    async with _world(tmp_path, mongo_uri, mongo_database) as world:
        yield world


@asynccontextmanager
async def _world(home: Path, uri: str, database: str) -> AsyncIterator[World]:
    async with DataCenter() as dc, open_store(uri, database) as store:
        bot, ann = dc.bot(token="7000001:" + "A" * 35, username="medusa_bot"), dc.person("Ann")
        async with make_client(settings_for(dc, bot, home), plugins=None) as client:
            yield World(dc, bot, ann, store, LogChannels(client, store.channels, owner=ann.id))


def channel_of(world: World, *, broadcast: bool = True) -> ChannelChat:
    return world.dc.channel("Log", admins=[world.bot], broadcast=broadcast)


async def test_who_may_post_is_seen(world: World) -> None:
    log = channel_of(world)
    await world.channels.look(log.id)
    log.promote(world.bot, Rights(post_messages=True))
    await world.channels.look(log.id)
    log.promote(world.bot, Rights(edit_messages=True))
    with pytest.raises(ChatUnavailable, match="may not post"):
        await world.channels.look(log.id)
    log.demote(world.bot)
    with pytest.raises(ChatUnavailable, match="not an admin"):
        await world.channels.look(log.id)
    log.kick(world.bot)
    with pytest.raises(ChatUnavailable, match="not a member"):
        await world.channels.look(log.id)
    log.restore(world.bot)
    with pytest.raises(ChatUnavailable, match="not an admin"):
        await world.channels.look(log.id)
    with pytest.raises(ChatUnavailable, match="do not know this chat"):
        await world.channels.look(-1001234567890)


async def test_a_member_of_a_group_may_post_there(world: World) -> None:
    group = channel_of(world, broadcast=False)
    group.demote(world.bot)
    await world.channels.look(group.id)
    with pytest.raises(ChatUnavailable, match="not an admin"):
        await world.channels.add(group.id)
    group.kick(world.bot)
    with pytest.raises(ChatUnavailable, match="not a member"):
        await world.channels.look(group.id)


async def test_a_finished_message_that_is_gone_is_not_the_fault_of_the_channel(world: World) -> None:
    log, other = channel_of(world), channel_of(world)
    message = await other.posts("not a file")
    (sent,) = done().sent
    copy = LogCopy(channel_id=log.id)
    for chat, number in ((other.id, message.id), (other.id, 999), (-1001234567890, 1)):
        download = done().evolve(sent=(sent.evolve(chat_id=chat, message_id=number),))
        with pytest.raises(MedusaError) as raised:
            await world.channels.copy(download, copy)
        assert not isinstance(raised.value, ChatUnavailable)
        assert not raised.value.retryable
        assert "finished message" in raised.value.sentence
    assert log.messages == []


async def test_an_owner_who_never_wrote_to_the_bot_is_not_told(world: World) -> None:
    broken = LogChannel(id=-1001, title="Log", error="I am banned.")
    await world.channels.tell_owner(broken, 0)
    assert world.ann.messages == []
    await world.ann.says("/start")
    await world.channels.tell_owner(broken, 0)
    assert "I cannot post in the log channel Log: I am banned." in (await world.ann.expect("⚠️")).text


async def test_the_channels_of_the_settings_are_taken_over_once(world: World) -> None:
    log, spare = channel_of(world), world.dc.channel("Spare")
    spare.kick(world.bot)
    await world.channels.seed((log.id,), (spare.id, log.id))
    main, lost = await world.store.channels.log_channels()
    assert main == LogChannel(id=log.id, title="Log")
    assert (lost.id, lost.backup, lost.failures) == (spare.id, True, 1)
    assert lost.has_news

    await world.channels.remove(log.id)
    await world.store.channels.note_log_channel(spare.id, told=True)
    await world.channels.seed((log.id,), (spare.id,))
    assert await world.store.channels.log_channels() == [lost.evolve(told=True)]


async def test_every_primary_channel_is_due_a_copy_even_if_it_does_not_work(world: World) -> None:
    for number, backup in ((1, False), (2, False), (3, True)):
        await world.store.channels.add_log_channel(
            LogChannel(id=-number, title=str(number), backup=backup, error="I am banned.")
        )
    copies = await world.channels.copies()
    assert sorted(copy.channel_id for copy in copies) == [-2, -1]
    assert all(copy.next_try and copy.next_try <= datetime.now(UTC) for copy in copies)
    await world.channels.remove(-1)
    await world.channels.remove(-2)
    assert [copy.channel_id for copy in await world.channels.copies()] == [-3]
