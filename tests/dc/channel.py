"""A channel from its owner's chair: what was posted, and who may."""

import mimetypes

from pyrogram.raw.types import DocumentAttributeFilename

from tests.dc.conversation import Conversation
from tests.dc.core import Core
from tests.dc.files import Content
from tests.dc.happenings import Event, Happening
from tests.dc.media import Media
from tests.dc.members import Member, Rights, Status
from tests.dc.person import HasAccount
from tests.dc.seen import Seen, see
from tests.dc.state import Account, Body, Channel, Kind, Message
from tests.dc.text import normalise


class ChannelChat(Conversation):
    """A channel or supergroup with its messages and members. `id` is the marked one: -100..."""

    def __init__(self, core: Core, channel: Channel, owner: Account) -> None:
        super().__init__(channel.title)
        self.state = channel
        self._core = core
        self._owner = owner
        self._former: dict[Account, Member] = {}
        core.world.subscribers.append(self._watch)

    @property
    def id(self) -> int:
        return self.state.marked_id

    async def posts(self, text: str) -> Seen:
        """The owner writes something."""
        trimmed, found = normalise(text, None)
        return self._post(Body(trimmed, found))

    async def says(self, member: HasAccount, text: str) -> Seen:
        """A member of a group writes something."""
        trimmed, found = normalise(text, None)
        event = self._core.world.send(member.account, self.state, Body(trimmed, found))
        return see(event.messages[0], self.state.box, member.account, event.changes[self.state.box].ids[0])

    async def posts_document(self, name: str, data: bytes) -> Seen:
        """The owner posts a file."""
        file = self._core.storage.add(Content.of(data))
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        media = Media(file, mime, (DocumentAttributeFilename(file_name=name),))
        self._core.media[media.file.id] = media
        return self._post(Body(media=media))

    def _post(self, body: Body) -> Seen:
        event = self._core.world.send(self._owner, self.state, body)
        return see(event.messages[0], self.state.box, self._owner, event.changes[self.state.box].ids[0])

    def topic(self, title: str) -> int:
        """The owner opens a topic of a forum; its id."""
        event = self._core.world.send(
            self._owner, self.state, Body(), service=f"created “{title}”", topic_title=title
        )
        return event.changes[self.state.box].ids[0]

    def close_topic(self, topic: int) -> None:
        """From now on only admins may write in a topic."""
        self.state.closed.add(self.state.box.messages[topic])

    async def deletes(self, seen: Seen) -> None:
        """The owner takes a message away."""
        self._core.world.delete([self.message_of(seen)], self._owner)

    def message_of(self, seen: Seen) -> Message:
        """The message behind a snapshot. Raises KeyError when it is gone."""
        return self.state.box.messages[seen.id]

    def add(self, *members: HasAccount) -> None:
        """Let somebody in, without rights."""
        for member in members:
            self._move(member, Member(Status.MEMBER, by=self._owner.id))

    def promote(self, who: HasAccount, rights: Rights | None = None) -> None:
        """Make somebody an administrator; all rights unless some are named."""
        self._move(who, Member(Status.ADMIN, rights or Rights.full(), self._owner.id))

    def demote(self, who: HasAccount) -> None:
        """Take the rights away, leave the membership."""
        self.add(who)

    def kick(self, who: HasAccount) -> None:
        """Throw somebody out."""
        self._former[who.account] = self.state.member(who.account)
        self._move(who, Member(Status.KICKED, by=self._owner.id))

    def restore(self, who: HasAccount) -> None:
        """Undo kick(): the same place and rights as before."""
        self._move(who, self._former.pop(who.account))

    def _move(self, who: HasAccount, member: Member) -> None:
        self._core.world.move(self.state, who.account, member, self._owner)

    def _watch(self, happening: Happening) -> None:
        if not isinstance(happening, Event) or happening.chat is not self.state:
            return
        deleted = happening.kind is Kind.DELETE
        for message in happening.messages:
            number = message.ids[self.state.box]
            self.add_state(see(message, self.state.box, self._owner, number, deleted=deleted))
