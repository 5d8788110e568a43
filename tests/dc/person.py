"""People who act on the world directly, the way humans do with an app."""

import mimetypes
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from pyrogram.raw.types import (
    DocumentAttributeAudio,
    DocumentAttributeFilename,
    DocumentAttributeVideo,
)

from tests.dc.callbacks import Answer
from tests.dc.conversation import Conversation
from tests.dc.core import Core
from tests.dc.files import Content
from tests.dc.happenings import Event, Happening, Reaction, Typing
from tests.dc.media import SMALL, Media, image_size, shrunk
from tests.dc.seen import Seen, see
from tests.dc.state import Account, Body, Kind, Message, Origin, Private
from tests.dc.text import normalise


class HasAccount(Protocol):
    """A person or a bot."""

    @property
    def account(self) -> Account: ...


class Dialog(Conversation):
    """One private chat of a person, and what the person does there."""

    def __init__(self, core: Core, person: Account, other: Account | None) -> None:
        super().__init__(person.name)
        self.account = person
        self.actions: list[str] = []  # what the bot showed to do: TypingAction, UploadVideoAction
        self.action_listeners: list[Callable[[str], None]] = []
        self._core = core
        self._open_chat: Private | None = None
        if other is not None:
            self._open(other)
        core.world.subscribers.append(self._watch)

    async def says(
        self, text: str, *, entities: Sequence[Any] | None = None, reply_to: Seen | None = None
    ) -> Seen:
        """Write a text. Links, commands and mentions in it are marked as the real service does."""
        trimmed, found = normalise(text, entities)
        return self._send(Body(trimmed, found), reply_to)

    async def sends_document(
        self,
        name: str,
        data: bytes,
        *,
        caption: str | None = None,
        mime: str | None = None,
        reply_to: Seen | None = None,
    ) -> Seen:
        """Send a file as a document."""
        guessed = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return self._attach(data, guessed, [DocumentAttributeFilename(file_name=name)], caption, reply_to)

    async def sends_video(
        self,
        name: str,
        data: bytes,
        *,
        duration: float = 1,
        width: int = 320,
        height: int = 180,
        caption: str | None = None,
    ) -> Seen:
        """Send a file as a video."""
        video = DocumentAttributeVideo(duration=duration, w=width, h=height, supports_streaming=True)
        return self._attach(
            data, "video/mp4", [video, DocumentAttributeFilename(file_name=name)], caption, None
        )

    async def sends_audio(
        self,
        name: str,
        data: bytes,
        *,
        duration: int = 1,
        title: str | None = None,
        caption: str | None = None,
    ) -> Seen:
        """Send a file as music."""
        audio = DocumentAttributeAudio(duration=duration, title=title)
        return self._attach(
            data, "audio/mpeg", [audio, DocumentAttributeFilename(file_name=name)], caption, None
        )

    async def sends_photo(self, data: bytes, *, caption: str | None = None) -> Seen:
        """Send a picture."""
        size = image_size(data) or (1, 1)
        media = Media(
            self._core.storage.add(Content.of(data)),
            "image/jpeg",
            thumb=shrunk(data) if max(size) > SMALL else None,
            photo=True,
            dimensions=size,
        )
        return self._send_media(media, caption, None)

    async def replies(self, message: Seen, text: str) -> Seen:
        """Answer a message of this chat."""
        return await self.says(text, reply_to=message)

    async def edits(self, message: Seen, text: str) -> None:
        """Change one's own text."""
        target = self._message(message)
        trimmed, found = normalise(text, None)
        self._core.world.edit(target, replace(target.body, text=trimmed, entities=found), self.account)

    async def deletes(self, message: Seen) -> None:
        """Take a message away, for both."""
        self._core.world.delete([self._message(message)], self.account)

    async def forwards(self, message: Message) -> Seen:
        """Forward a message of any chat here; `message_of` of a dialog or channel finds it."""
        channel = None if isinstance(message.chat, Private) else message.chat
        post_id = message.ids[channel.box] if channel else None
        origin = message.origin or Origin(message.date, message.author, channel, post_id)
        return self._send(replace(message.body, markup=None), None, origin)

    async def press(self, message: Seen, label: str, timeout: float | None = None) -> Answer:
        """Press the button whose text contains `label`, and return the bot's answer.

        A link is only looked at: the answer has its url. Raises LookupError without such a button, Refusal
        BOT_RESPONSE_TIMEOUT without an answer.
        """
        target = self._message(message)
        button = see(target, self.account.box, self.account, message.id).button(label)
        if button.data is None:
            return Answer(url=button.url)
        limit = self._core.options.press_timeout if timeout is None else timeout
        return await self._core.callbacks.press(self.account, target, button.data, limit)

    def message_of(self, seen: Seen) -> Message:
        """The message behind a snapshot. Raises LookupError when it is gone."""
        return self._message(seen)

    def _message(self, seen: Seen) -> Message:
        message = self.account.box.messages.get(seen.id)
        if message is None:
            raise LookupError(f"the message is gone: {seen}")
        return message

    def _attach(
        self, data: bytes, mime: str, attributes: list[Any], caption: str | None, reply_to: Seen | None
    ) -> Seen:
        media = Media(self._core.storage.add(Content.of(data)), mime, tuple(attributes))
        return self._send_media(media, caption, reply_to)

    def _send_media(self, media: Media, caption: str | None, reply_to: Seen | None) -> Seen:
        self._core.media[media.file.id] = media
        text, entities = normalise(caption or "", None)
        return self._send(Body(text, entities, media), reply_to)

    def _send(self, body: Body, reply_to: Seen | None, origin: Origin | None = None) -> Seen:
        reply = self._message(reply_to) if reply_to else None
        event = self._core.world.send(self.account, self._chat(), body, reply_to=reply, origin=origin)
        return see(event.messages[0], self.account.box, self.account, event.changes[self.account.box].ids[0])

    def _open(self, other: Account) -> None:
        self._open_chat = self._core.world.private(self.account, other)
        self.title = f"{self.account.name} and {other.name}"

    def _chat(self) -> Private:
        """The chat; with nobody named, it is the one with the only bot there is."""
        if self._open_chat is None:
            bots = [account for account in self._core.world.accounts.values() if account.is_bot]
            if len(bots) != 1:
                raise LookupError(f"{self.account.name} must say with which of {bots} by chat(bot)")
            self._open(bots[0])
        assert self._open_chat is not None
        return self._open_chat

    def _is_here(self, chat: Private) -> bool:
        return chat is self._open_chat

    def _watch(self, happening: Happening) -> None:
        box = self.account.box
        match happening:
            case Event(chat=Private() as chat, changes=changes) if box in changes and self._is_here(chat):
                self._show(happening.messages, deleted=happening.kind is Kind.DELETE)
            case Reaction(message=message) if box in message.ids and message.chat is self._open_chat:
                self._show([message])
            case Typing(chat=chat, account=account) if (
                chat is self._open_chat and account is not self.account
            ):
                name = type(happening.action).__name__.removeprefix("SendMessage")
                self.actions.append(name)
                for listener in self.action_listeners:
                    listener(name)

    def _show(self, messages: Iterable[Message], *, deleted: bool = False) -> None:
        box = self.account.box
        for message in messages:
            if box in message.ids:
                self.add_state(see(message, box, self.account, message.ids[box], deleted=deleted))


class Person(Dialog):
    """A human with an app. What is called on a person happens in the chat that was opened first."""

    def __init__(self, core: Core, account: Account) -> None:
        super().__init__(core, account, None)
        self._dialogs: dict[Account, Dialog] = {}

    @property
    def id(self) -> int:
        return self.account.id

    def chat(self, bot: HasAccount) -> Dialog:
        """The chat with `bot`: this person itself for the first one that is opened."""
        if self._open_chat is None:
            self._open(bot.account)
        if self._chat().other(self.account) is bot.account:
            return self
        if bot.account not in self._dialogs:
            self._dialogs[bot.account] = Dialog(self._core, self.account, bot.account)
        return self._dialogs[bot.account]

    def _is_here(self, chat: Private) -> bool:
        """The first bot that anything happens with is the one to talk to."""
        if self._open_chat is None and chat.other(self.account).is_bot:
            self._open(chat.other(self.account))
        return super()._is_here(chat)

    def knows(self, bot: HasAccount) -> None:
        """Have written to the bot before; there is nothing left of it."""
        self._core.world.meet(self.account, bot.account)
        self.chat(bot)

    def blocks(self, bot: HasAccount) -> None:
        """Stop the bot: it can no longer write."""
        self._core.world.block(self.account, bot.account, blocked=True)

    def unblocks(self, bot: HasAccount) -> None:
        """Let the bot write again."""
        self._core.world.block(self.account, bot.account, blocked=False)
