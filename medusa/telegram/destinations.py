"""Where files go: into a channel of their person, or to the chat of their link.

A channel is looked at when it is added and again for each file: it must still be the person's, and take the
bot's posts. Where it does not, the file comes to the person, who is told once.
"""

from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol, TypeVar

from loguru import logger
from pyrogram.types import Chat, Message

from medusa.channel import OwnChannel
from medusa.errors import ChatUnavailable, MedusaError, NotYours, StoreUnavailable, WrongArgument
from medusa.model import Person, Request
from medusa.telegram.errors import translated
from medusa.telegram.membership import check_admin, postable
from medusa.telegram.outgoing import write
from medusa.telegram.pace import PacedClient
from medusa.telegram.posting import GENERAL
from medusa.telegram.references import ChatReference
from medusa.views.channels import refused
from medusa.wishes import Target

T = TypeVar("T")


class TargetStore(Protocol):
    """The channels that people have added. Each method raises StoreUnavailable when the database is down."""

    async def add_target(self, channel: OwnChannel) -> None:
        """Keep a channel of its owner, in place of what was known of it."""
        ...

    async def remove_targets(self, chat_id: int, owner: int | None) -> list[OwnChannel]:
        """Forget a chat with all its topics, of one owner or of everybody; what was there."""
        ...

    async def targets(self, owner: int | None) -> list[OwnChannel]:
        """The channels of one owner, or of everybody, in the order of their titles."""
        ...

    async def target(self, target: Target, owner: int) -> OwnChannel | None:
        """What is known of a channel of this owner."""
        ...

    async def owner_of(self, chat_id: int) -> int | None:
        """Who has added this chat, of several one; None: nobody."""
        ...

    async def note_problem(self, target: Target, owner: int, problem: str | None) -> bool:
        """Why nothing can be posted there; None: it works. False when it was known, or there is no such."""
        ...


class Place(NamedTuple):
    """Where a message goes."""

    chat_id: int
    reply_to: int | None = None
    """A message of that chat."""
    topic: int | None = None


class Destinations:
    """People's own channels."""

    def __init__(self, client: PacedClient, store: TargetStore) -> None:
        self._client = client
        self._store = store

    async def add(self, person: Person, reference: ChatReference) -> OwnChannel:
        """Add a channel, a group or a topic of which this person is an admin and in which the bot may post.

        Raises ChatUnavailable, NotYours and WrongArgument with what is missing, SlowedDown, StoreUnavailable,
        TelegramUnreachable.
        """
        chat = await postable(self._client, reference.chat)
        assert chat.id is not None
        await check_admin(self._client, chat.id, person.id)
        title = chat.title or str(chat.id)
        topic = await self._topic(chat, reference)
        if topic is not None:
            title = f"{title} › {topic.title}"
        target = Target(chat_id=chat.id, topic=topic.id if topic else None, title=title)
        channel = OwnChannel(target=target, owner=person.id)
        await self._store.add_target(channel)
        return channel

    async def _topic(self, chat: Chat, reference: ChatReference) -> "_Topic | None":
        """The topic that is meant; None where the chat has none. A topic is known by the message that
        created it, which bots may read; the list of topics they may not."""
        assert chat.id is not None
        if reference.topic is None or (not chat.is_forum and reference.is_link):
            return None  # a link into a chat without topics leads to a message
        if not chat.is_forum:
            raise WrongArgument("That chat has no topics.")
        if reference.topic == GENERAL:
            return _Topic(GENERAL, "General")
        with translated():
            message = await self._client.get_messages(chat.id, reference.topic, replies=0)
        created = message.forum_topic_created if isinstance(message, Message) else None
        if created is None:
            raise WrongArgument(f"There is no topic {reference.topic} in that forum.")
        return _Topic(reference.topic, created.title)

    async def remove(self, chat_id: int, owner: int | None) -> list[OwnChannel]:
        """Forget a chat with all its topics, of one owner or of everybody. Raises WrongArgument when there is
        none, StoreUnavailable."""
        removed = await self._store.remove_targets(chat_id, owner)
        if not removed:
            raise WrongArgument("This is none of your channels.")
        return removed

    async def of(self, owner: int | None) -> list[OwnChannel]:
        """The channels of one owner, or of everybody. Raises StoreUnavailable."""
        return await self._store.targets(owner)

    async def owner_of(self, chat_id: int) -> int | None:
        """Who has added this chat, of several one; None: nobody. Raises StoreUnavailable."""
        return await self._store.owner_of(chat_id)

    async def post(self, request: Request, post: Callable[[Place], Awaitable[T]]) -> tuple[Place, T]:
        """Post what answers a link where its person wants it; else where the link is.

        Raises what `post` raises, but for ChatUnavailable of the person's channel.
        """
        if request.target is not None:
            place = Place(request.target.chat_id, topic=request.target.topic)
            try:
                known = await self._look(request.person, request.target)
                posted = await post(place)
            except (ChatUnavailable, NotYours) as error:
                await self._refused(request, request.target, error)
            else:
                if known is not None and known.problem is not None:
                    await self._note(request, request.target, None)
                return place, posted
        place = Place(request.chat_id, request.message_id)
        return place, await post(place)

    async def _look(self, person: Person, target: Target) -> OwnChannel | None:
        """Return if the channel is this person's; what is known of it. Raises NotYours, ChatUnavailable."""
        known = None
        try:
            known = await self._store.target(target, person.id)
        except StoreUnavailable as error:
            logger.info("who has added {} cannot be told: {}", target.chat_id, error.detail)
        else:
            if known is None:
                raise NotYours("You have removed that channel.")
        await check_admin(self._client, target.chat_id, person.id)
        return known

    async def _refused(self, request: Request, target: Target, error: MedusaError) -> None:
        """Tell the person, if they do not know it."""
        logger.info("{} takes no posts: {} {}", target.chat_id, error, error.detail)
        if await self._note(request, target, error.sentence):
            try:
                await write(self._client, request.chat_id, refused(target, error))
            except MedusaError as refusal:
                logger.info("{} cannot be told: {} {}", request.chat_id, refusal, refusal.detail)

    async def _note(self, request: Request, target: Target, problem: str | None) -> bool:
        try:
            return await self._store.note_problem(target, request.person.id, problem)
        except StoreUnavailable as error:
            logger.info("how {} is cannot be noted: {}", target.chat_id, error.detail)
            return False


class _Topic(NamedTuple):
    id: int
    title: str
