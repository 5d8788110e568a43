"""All state of a data centre, and the only place that changes it. No I/O; permissions were checked before."""

import itertools
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from tests.dc.happenings import Event, Happening, Membership, Reaction, Stopped
from tests.dc.members import Member, Rights, Status
from tests.dc.state import Account, Body, Box, Change, Channel, Chat, Kind, Message, Origin, Private

_H = TypeVar("_H", bound=Happening)


class World:
    """Accounts, chats and messages. Subscribers are told of every change, as it happens and in order."""

    def __init__(self) -> None:
        self.accounts: dict[int, Account] = {}
        self.channels: dict[int, Channel] = {}
        self.subscribers: list[Callable[[Happening], None]] = []
        self._private: dict[frozenset[int], Private] = {}
        self._person_ids = itertools.count(700_000_001)
        self._bot_ids = itertools.count(6_000_000_001)
        self._channel_ids = itertools.count(3_800_000_001)
        self._groups = itertools.count(13_000_000_000_000_001)

    def add_person(self, name: str, username: str | None = None, *, premium: bool = False) -> Account:
        """A new person."""
        person = Account(next(self._person_ids), name, username, premium=premium)
        self.accounts[person.id] = person
        return person

    def add_bot(self, name: str, username: str, token: str | None = None) -> Account:
        """A new bot. Its id is what stands before the colon of its token."""
        number = int(token.partition(":")[0]) if token else next(self._bot_ids)
        bot = Account(number, name, username, is_bot=True, token=token or f"{number}:AAH{number:x}-loopback")
        self.accounts[number] = bot
        return bot

    def add_channel(
        self,
        title: str,
        owner: Account,
        username: str | None = None,
        *,
        broadcast: bool = True,
        protected: bool = False,
        forum: bool = False,
    ) -> Channel:
        """A new channel that belongs to `owner`."""
        channel = Channel(next(self._channel_ids), title, username, broadcast, protected, forum)
        channel.members[owner] = Member(Status.CREATOR, Rights.full(), owner.id)
        self.channels[channel.id] = channel
        if forum:  # so the number of the general topic is taken
            self.send(owner, channel, Body(), service="created the group")
        return channel

    def by_username(self, username: str) -> Account | Channel | None:
        """Who goes by a public name, without regard to case."""
        everybody: list[Account | Channel] = [*self.accounts.values(), *self.channels.values()]
        return next((one for one in everybody if (one.username or "").lower() == username.lower()), None)

    def private(self, one: Account, other: Account) -> Private:
        """The chat of two accounts; it has always been there."""
        return self._private.setdefault(frozenset({one.id, other.id}), Private((one, other)))

    def meet(self, author: Account, other: Account) -> None:
        """Let two accounts know each other, as if one had written to the other."""
        author.met.add(other)
        other.met.add(author)
        if other.is_bot and not author.is_bot:
            author.started.add(other)

    def private_chats(self, account: Account) -> list[Private]:
        """The chats of `account` in which something was written."""
        return [chat for chat in self._private.values() if account in chat.pair and chat.messages]

    def new_group(self) -> int:
        """The number that binds an album together."""
        return next(self._groups)

    def send(
        self,
        author: Account,
        chat: Chat,
        body: Body,
        *,
        reply_to: Message | None = None,
        origin: Origin | None = None,
        group: int | None = None,
        service: str | None = None,
        topic: Message | None = None,
        topic_title: str | None = None,
    ) -> Event:
        """Write a message."""
        message = Message(
            chat,
            author,
            int(time.time()),
            body,
            reply_to=reply_to,
            topic=topic,
            topic_title=topic_title,
            origin=origin,
            group=group,
            service=service,
        )
        chat.messages.append(message)
        if isinstance(chat, Private):
            self.meet(author, chat.other(author))
        changes = {box: box.add(message) for box in chat.boxes}
        return self.announce(Event(Kind.NEW, chat, (message,), changes, author))

    def edit(self, message: Message, body: Body, actor: Account) -> Event:
        """Replace what a message says."""
        message.past.append(message.body)
        message.body = body
        message.edit_date = int(time.time())
        return self._note(Kind.EDIT, [message], actor, message.chat.boxes)

    def delete(
        self, messages: Sequence[Message], actor: Account, boxes: Iterable[Box] | None = None
    ) -> Event:
        """Take messages of one chat away, from all its boxes or only from `boxes`."""
        chat = messages[0].chat
        targets = list(boxes if boxes is not None else chat.boxes)
        event = self._note(Kind.DELETE, messages, actor, targets)
        for message in messages:
            for box in targets:
                box.messages.pop(message.ids.pop(box, 0), None)
            if not message.ids:
                chat.messages.remove(message)
        return event

    def pin(self, message: Message, actor: Account, *, pinned: bool) -> Event:
        """Pin or unpin."""
        message.pinned = pinned
        return self._note(Kind.PIN if pinned else Kind.UNPIN, [message], actor, message.chat.boxes)

    def react(self, message: Message, account: Account, emoji: tuple[str, ...]) -> Reaction:
        """Put reactions on a message in place of those that were there; none takes them away."""
        message.reactions = {**message.reactions, account: emoji}
        return self.announce(Reaction(message, account))

    def move(self, channel: Channel, account: Account, after: Member, actor: Account) -> Membership:
        """Change what `account` is in `channel`."""
        before = channel.member(account)
        channel.members[account] = after
        return self.announce(Membership(channel, account, actor, before, after))

    def block(self, person: Account, bot: Account, *, blocked: bool) -> Stopped:
        """A person stops a bot, or lets it back in."""
        (person.blocked.add if blocked else person.blocked.discard)(bot)
        return self.announce(Stopped(person, bot, blocked))

    def announce(self, happening: _H) -> _H:
        """Tell everybody, and return what was told."""
        for subscriber in tuple(self.subscribers):
            subscriber(happening)
        return happening

    def _note(self, kind: Kind, messages: Sequence[Message], actor: Account, boxes: Iterable[Box]) -> Event:
        changes: dict[Box, Change] = {}
        for box in boxes:
            ids = [message.ids[box] for message in messages if box in message.ids]
            if ids:
                changes[box] = box.note(kind, messages[0].chat, ids)
        return self.announce(Event(kind, messages[0].chat, tuple(messages), changes, actor))
