"""Bots, people and channels of a data centre in another process: watched here, acted on there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from tests.dc.callbacks import Answer
from tests.dc.codec import load_seen
from tests.dc.conversation import Conversation
from tests.dc.seen import Seen


class Asks(Protocol):
    """Where commands go."""

    async def ask(self, do: str, **fields: Any) -> Any: ...

    def adopt(self, chat: "RemoteChat") -> None:
        """Have `chat` hear of what is seen in it."""


@dataclass(frozen=True)
class RemoteBot:
    """A bot that some client can log in as."""

    id: int
    name: str
    username: str
    token: str


class RemoteChat(Conversation):
    """A chat of the other process: watched here, acted on there."""

    def __init__(self, dc: Asks, key: str, title: str) -> None:
        super().__init__(title)
        self._dc = dc
        self.key = key
        self.actions: list[str] = []
        """What the bot showed to do."""
        self.action_listeners: list[Callable[[str], None]] = []

    def add_action(self, name: str) -> None:
        """The bot shows to do something."""
        self.actions.append(name)
        for listener in self.action_listeners:
            listener(name)

    async def _act(self, what: str, **settings: Any) -> Any:
        return await self._dc.ask("act", chat=self.key, what=what, **settings)

    async def _write(self, what: str, reply_to: Seen | None = None, **settings: Any) -> Seen:
        reply = {"reply_to": reply_to.id} if reply_to else {}
        return load_seen(await self._act(what, **settings, **reply))


class RemoteDialog(RemoteChat):
    """A person's chat with a bot. Methods as in Dialog."""

    async def says(self, text: str, *, reply_to: Seen | None = None) -> Seen:
        """Write a text."""
        return await self._write("says", reply_to, text=text)

    async def sends_document(
        self, name: str, data: bytes, *, caption: str | None = None, mime: str | None = None
    ) -> Seen:
        """Send a file as a document."""
        return await self._write("sends_document", name=name, data=data, caption=caption, mime=mime)

    async def sends_photo(self, data: bytes, *, caption: str | None = None) -> Seen:
        """Send a picture."""
        return await self._write("sends_photo", data=data, caption=caption)

    async def replies(self, message: Seen, text: str) -> Seen:
        """Answer a message of this chat."""
        return await self.says(text, reply_to=message)

    async def edits(self, message: Seen, text: str) -> None:
        """Change one's own text."""
        await self._act("edits", message=message.id, text=text)

    async def deletes(self, message: Seen) -> None:
        """Take a message away, for both."""
        await self._act("deletes", message=message.id)

    async def forwards(self, source: RemoteChat, message: Seen) -> Seen:
        """Forward a message of another chat here."""
        return load_seen(await self._dc.ask("forward", chat=self.key, source=source.key, message=message.id))

    async def press(self, message: Seen, label: str, timeout: float | None = None) -> Answer:
        """Press a button. Raises RemoteError."""
        return Answer(**await self._act("press", message=message.id, label=label, timeout=timeout))


class RemotePerson(RemoteDialog):
    """A human of the other process."""

    @property
    def id(self) -> int:
        return int(self.key)

    async def chat(self, bot: RemoteBot) -> RemoteDialog:
        """The chat with `bot`: this person itself for the first one that is opened."""
        dialog = RemoteDialog(self._dc, f"{self.id}/{bot.id}", f"{self.title} and {bot.name}")
        answer = await self._dc.ask("dialog", person=self.id, bot=bot.id)
        if answer["chat"] == self.key:
            return self
        self._dc.adopt(dialog)
        return dialog

    async def blocks(self, bot: RemoteBot) -> None:
        """Stop the bot."""
        await self._dc.ask("block", person=self.id, bot=bot.id, blocked=True)

    async def unblocks(self, bot: RemoteBot) -> None:
        """Let the bot write again."""
        await self._dc.ask("block", person=self.id, bot=bot.id, blocked=False)


class RemoteChannel(RemoteChat):
    """A channel of the other process. Methods as in ChannelChat."""

    @property
    def id(self) -> int:
        return int(self.key)

    async def posts(self, text: str) -> Seen:
        """The owner writes something."""
        return await self._write("posts", text=text)

    async def add(self, who: RemoteBot | RemotePerson) -> None:
        """Let somebody in, without rights."""
        await self._member("add", who)

    async def promote(self, who: RemoteBot | RemotePerson, rights: dict[str, bool] | None = None) -> None:
        """Make somebody an administrator."""
        await self._member("promote", who, rights)

    async def demote(self, who: RemoteBot | RemotePerson) -> None:
        """Take the rights away, leave the membership."""
        await self._member("demote", who)

    async def kick(self, who: RemoteBot | RemotePerson) -> None:
        """Throw somebody out."""
        await self._member("kick", who)

    async def restore(self, who: RemoteBot | RemotePerson) -> None:
        """Undo kick()."""
        await self._member("restore", who)

    async def _member(
        self, what: str, who: RemoteBot | RemotePerson, rights: dict[str, bool] | None = None
    ) -> None:
        await self._dc.ask("member", channel=self.key, what=what, who=who.id, rights=rights)
