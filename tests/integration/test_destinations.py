"""Files into people's own channels, against a server: looked at each time, posted once, never lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from pyrogram import raw

from medusa.errors import ChatUnavailable, NotYours, StoreUnavailable, WrongArgument
from medusa.kept import Finished, Uploaded
from medusa.model import Download, Kind, Media, Method, Plan, Request, Sent, State, Summary
from medusa.model import Person as Sender
from medusa.storage.mongo import Store, open_store
from medusa.telegram.account import BotAccount
from medusa.telegram.client import Medusa, make_client
from medusa.telegram.destinations import Destinations
from medusa.telegram.posting import by_reference
from medusa.telegram.references import ChatReference
from medusa.wishes import Look, Target, Thumbnail
from tests.dc import Bot, DataCenter, Person
from tests.dc.channel import ChannelChat
from tests.integration.clients import settings_for
from tests.integration.store.conftest import NOW

MEDIA = Media(url="https://e.org/1", title="A film", source="E", kind=Kind.DOCUMENT, formats=())


class World(NamedTuple):
    """A bot, a person and what is known of her channels."""

    dc: DataCenter
    bot: Bot
    ann: Person
    client: Medusa
    store: Store
    destinations: Destinations

    @property
    def sender(self) -> Sender:
        return Sender(id=self.ann.id, name="Ann")

    def forum(self) -> ChannelChat:
        return self.dc.channel("Forum", admins=[self.ann], members=[self.bot], forum=True)

    async def own(self, chat: ChannelChat, topic: int | None = None) -> Target:
        """A channel that Ann adds."""
        return (await self.destinations.add(self.sender, ChatReference(chat.id, topic))).target

    async def bring(self, target: Target | None, job: str = "job") -> Sent:
        """The way of one file."""
        link = await self.ann.says("a link")
        at = self.ann.message_of(link).ids[self.bot.account.box]
        request = Request(
            url=MEDIA.url, person=self.sender, chat_id=self.ann.id, message_id=at, target=target
        )
        download = Download(
            id=job, request=request, state=State.RUNNING, created=NOW, updated=NOW, not_before=NOW
        )
        account = BotAccount(self.client, sessions=1, destinations=self.destinations)
        return await account.answer(download, MEDIA, FILE, await self._document())

    async def _document(self) -> raw.base.InputMedia:
        given = await self.ann.sends_document(FILE.plan.file_name, b"x" * FILE.uploaded.size)
        message = self.ann.message_of(given).ids[self.bot.account.box]
        return await by_reference(self.client, self.ann.id, message)


PLAN = Plan(method=Method.PASS, format_ids=("1",), kind=Kind.DOCUMENT, file_name="a.bin", mime="a/b")
FILE = Finished(plan=PLAN, summary=Summary(size=5), uploaded=Uploaded(file_id=1, parts=1, size=5), piece=None)


@pytest.fixture
async def world(tmp_path: Path, mongo_uri: str, mongo_database: str) -> AsyncIterator[World]:
    async with _world(tmp_path, mongo_uri, mongo_database) as world:
        yield world


@asynccontextmanager
async def _world(home: Path, uri: str, database: str) -> AsyncIterator[World]:
    async with DataCenter() as dc, open_store(uri, database) as store:
        bot, ann = dc.bot(token="7000001:" + "A" * 35, username="medusa_bot"), dc.person("Ann")
        async with make_client(settings_for(dc, bot, home), plugins=None) as client:
            await ann.says("/start")
            yield World(dc, bot, ann, client, store, Destinations(client, store.targets))


def files(chat: ChannelChat) -> list[int | None]:
    """The topics of the files in a chat, in their order."""
    return [seen.topic for seen in chat.messages if seen.media is not None]


async def test_a_channel_is_added_by_its_admins_where_the_bot_may_post(world: World) -> None:
    channel = world.dc.channel("Films")
    with pytest.raises(ChatUnavailable, match="do not know this chat"):
        await world.own(channel)
    channel.add(world.bot)
    with pytest.raises(ChatUnavailable, match="I am not an admin"):
        await world.own(channel)
    channel.promote(world.bot)
    with pytest.raises(NotYours, match="You are not an admin"):
        await world.own(channel)
    channel.add(world.ann)
    with pytest.raises(NotYours, match="You are not an admin"):
        await world.own(channel)
    channel.promote(world.ann)
    assert await world.own(channel) == Target(chat_id=channel.id, title="Films")
    assert await world.destinations.owner_of(channel.id) == world.ann.id
    assert [one.target.title for one in await world.destinations.of(world.ann.id)] == ["Films"]


async def test_topics_are_known_by_what_created_them(world: World) -> None:
    forum, channel = world.forum(), world.dc.channel("Films", admins=[world.bot, world.ann])
    topic = forum.topic("Old")
    for wrong in (99, (await forum.posts("no topic")).id):
        with pytest.raises(WrongArgument, match="There is no topic"):
            await world.own(forum, wrong)
    with pytest.raises(WrongArgument, match="no topics"):
        await world.own(channel, 5)
    post = await world.destinations.add(world.sender, ChatReference(channel.id, 5, is_link=True))
    assert post.target.topic is None, "a link to a post of a channel means the channel"
    assert (await world.own(forum, topic)).title == "Forum › Old"
    assert (await world.own(forum, 1)).title == "Forum › General"
    assert (await world.own(forum)).title == "Forum"


async def test_files_go_into_their_topic(world: World) -> None:
    forum = world.forum()
    topic = forum.topic("Old")
    targets = [await world.own(forum, number) for number in (topic, 1, None)]
    sent = [await world.bring(target, f"job {number}") for number, target in enumerate(targets)]
    assert files(forum) == [topic, None, None]
    assert [one.chat_id for one in sent] == [forum.id] * 3
    assert [seen.id for seen in forum.messages if seen.media is not None] == [one.message_id for one in sent]


async def test_the_same_file_is_posted_once_although_the_answer_is_lost(world: World) -> None:
    channel = world.dc.channel("Films", admins=[world.bot, world.ann])
    target = await world.own(channel)
    for number in range(230):
        await channel.posts(f"post {number}")
    fault = world.dc.faults.drop(method="messages.SendMedia", executed=True)
    sent = await world.bring(target)
    assert fault.fired
    assert len(files(channel)) == 1
    assert channel.messages[-1].id == sent.message_id == 231


@pytest.mark.parametrize("trouble", ["kicked bot", "no admin any more", "closed topic", "removed"])
async def test_what_a_channel_does_not_take_comes_to_the_person(world: World, trouble: str) -> None:
    forum = world.forum()
    topic = forum.topic("Old")
    target = await world.own(forum, topic)
    match trouble:
        case "kicked bot":
            forum.kick(world.bot)
        case "no admin any more":
            forum.demote(world.ann)
        case "closed topic":
            forum.close_topic(topic)
        case _:
            await world.destinations.remove(forum.id, world.ann.id)
    for job in ("one", "two"):
        assert (await world.bring(target, job)).chat_id == world.ann.id
    assert files(forum) == []
    told = [seen for seen in world.ann.messages if "I cannot post in Forum › Old" in seen.text]
    assert len(told) == (trouble != "removed"), "told once"


async def test_when_a_channel_works_again_its_person_is_told_of_the_next_trouble(world: World) -> None:
    channel = world.dc.channel("Films", admins=[world.bot, world.ann])
    target = await world.own(channel)
    for number in range(2):
        channel.demote(world.bot)
        assert (await world.bring(target, f"away {number}")).chat_id == world.ann.id
        channel.promote(world.bot)
        assert (await world.bring(target, f"back {number}")).chat_id == channel.id
    assert len([seen for seen in world.ann.messages if "I cannot post in Films" in seen.text]) == 2


async def test_without_a_channel_it_answers_the_link(world: World) -> None:
    sent = await world.bring(None)
    assert sent.chat_id == world.ann.id
    (file,) = [seen for seen in world.ann.messages if seen.media is not None and not seen.mine]
    assert file.reply_to is not None


async def test_another_process_brings_files_there_too(world: World, tmp_path: Path) -> None:
    forum = world.forum()
    topic = forum.topic("Old")
    target = await world.own(forum, topic)
    async with make_client(settings_for(world.dc, world.bot, tmp_path), plugins=None) as other:
        elsewhere = world._replace(client=other, destinations=Destinations(other, world.store.targets))
        assert (await elsewhere.bring(target)).chat_id == forum.id
    assert files(forum) == [topic]


class Album:
    """Pictures of people; or a database that is down."""

    def __init__(self, picture: bytes | None, *, is_down: bool = False) -> None:
        self.picture = picture
        self.is_down = is_down

    async def get(self, name: str) -> bytes | None:
        if self.is_down:
            raise StoreUnavailable
        return self.picture


@pytest.mark.parametrize(
    ("look", "album", "thumbnail"),
    [
        (Look(), Album(b"own"), b"its"),
        (Look(thumbnail=Thumbnail.NONE, picture="a"), Album(b"own"), None),
        (Look(thumbnail=Thumbnail.OWN, picture="a"), Album(b"own"), b"own"),
        (Look(thumbnail=Thumbnail.OWN), Album(b"own"), b"its"),
        (Look(thumbnail=Thumbnail.OWN, picture="a"), Album(None), b"its"),
        (Look(thumbnail=Thumbnail.OWN, picture="a"), Album(None, is_down=True), b"its"),
    ],
)
async def test_a_file_has_the_thumbnail_that_its_person_wants(
    world: World, look: Look, album: Album, thumbnail: bytes | None
) -> None:
    account = BotAccount(world.client, sessions=1, pictures=album)
    file = FILE.evolve(summary=Summary(size=5, thumbnail=b"its"))
    document = await account.document(look, MEDIA, file)
    await account.close()
    assert isinstance(document, raw.types.InputMediaUploadedDocument)
    sent = [transfer.content.part(0) for transfer in world.dc.core.storage.transfers.values()]
    assert sent == ([] if thumbnail is None else [thumbnail])
    assert (document.thumb is None) is (thumbnail is None)
