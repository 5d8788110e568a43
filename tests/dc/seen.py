"""What a person sees on the screen: messages as plain values, each a snapshot of one moment."""

from dataclasses import dataclass
from typing import Any

from pyrogram.raw.types import (
    InlineButtonTypeCallback,
    InlineButtonTypeUrl,
    KeyboardButtonRow,
    KeyboardInlineButtonRow,
)

from tests.dc.media import Media
from tests.dc.state import Box, Message
from tests.dc.text import cut


@dataclass(frozen=True)
class Entity:
    """A marked part of a text. `kind` is the schema's name: "Bold", "Code", "Url", "TextUrl"."""

    kind: str
    offset: int
    length: int
    text: str
    url: str | None = None


@dataclass(frozen=True)
class Button:
    """A button under a message: `data` of a callback, `url` of a link; neither in a reply keyboard."""

    text: str
    data: bytes | None = None
    url: str | None = None


@dataclass(frozen=True)
class Attachment:
    """A file on a message. `file_id` finds its bytes: `dc.file(file_id)`."""

    file_id: int
    kind: str  # "video", "audio", "voice", "photo" or "document"
    name: str | None
    mime: str
    size: int
    duration: float | None = None
    width: int | None = None
    height: int | None = None
    supports_streaming: bool = False
    title: str | None = None
    performer: str | None = None
    thumb: bytes | None = None


@dataclass(frozen=True)
class Seen:
    """A message as it looked at one moment. `edits` are its earlier texts; `id` is the viewer's own."""

    id: int
    sender: str
    mine: bool
    text: str
    date: int
    entities: tuple[Entity, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    media: Attachment | None = None
    edits: tuple[str, ...] = ()
    edited: bool = False
    reply_to: int | None = None
    topic: int | None = None  # of a forum; None: its general one
    forwarded_from: str | None = None
    album: int | None = None
    pinned: bool = False
    reactions: tuple[str, ...] = ()
    service: str | None = None
    deleted: bool = False

    @property
    def labels(self) -> list[str]:
        """The texts of all buttons."""
        return [button.text for row in self.buttons for button in row]

    def button(self, label: str) -> Button:
        """The button whose text contains `label`. Raises LookupError naming those that exist."""
        for row in self.buttons:
            for button in row:
                if label in button.text:
                    return button
        raise LookupError(f"no button {label!r} among {self.labels} under {self.text!r}")

    def __str__(self) -> str:
        marks = [f"[{self.media.kind} {self.media.name or ''} {self.media.size} B]"] if self.media else []
        marks += ["".join(f"<{button.text}>" for button in row) for row in self.buttons]
        state = "deleted " if self.deleted else "edited " if self.edited else ""
        return " ".join([f"#{self.id} {state}{self.sender}:", self.text or self.service or "", *marks])


def see(message: Message, box: Box, viewer: object, number: int, *, deleted: bool = False) -> Seen:
    """A snapshot of `message` for whoever owns `box`."""
    body = message.body
    origin = message.origin
    source = (
        (origin.channel.title if origin.channel else origin.sender.name if origin.sender else "")
        if origin
        else None
    )
    return Seen(
        id=number,
        sender=message.author.name,
        mine=message.author is viewer,
        text=body.text,
        date=message.date,
        entities=tuple(_entity(body.text, one) for one in body.entities),
        buttons=_buttons(body.markup),
        media=_attachment(body.media) if body.media else None,
        edits=tuple(past.text for past in message.past),
        edited=message.edit_date is not None,
        reply_to=message.reply_to.ids.get(box) if message.reply_to else None,
        topic=message.topic.ids.get(box) if message.topic else None,
        forwarded_from=source,
        album=message.group,
        pinned=message.pinned,
        reactions=tuple(emoji for given in message.reactions.values() for emoji in given),
        service=message.service,
        deleted=deleted,
    )


def _entity(text: str, one: Any) -> Entity:
    kind = type(one).__name__.removeprefix("MessageEntity")
    return Entity(kind, one.offset, one.length, cut(text, one.offset, one.length), getattr(one, "url", None))


def _buttons(markup: Any) -> tuple[tuple[Button, ...], ...]:
    rows: list[KeyboardInlineButtonRow | KeyboardButtonRow] = getattr(markup, "rows", [])
    return tuple(tuple(_button(button) for button in row.buttons) for row in rows)


def _button(button: Any) -> Button:
    match button.type:
        case InlineButtonTypeCallback(data=data):
            return Button(button.text, data=data)
        case InlineButtonTypeUrl(url=url):
            return Button(button.text, url=url)
    return Button(button.text)


def _attachment(media: Media) -> Attachment:
    video, audio = media.video, media.audio
    width, height = (video.w, video.h) if video else media.dimensions
    return Attachment(
        file_id=media.file.id,
        kind=_kind(media),
        name=media.name,
        mime=media.mime,
        size=media.file.size,
        duration=video.duration if video else audio.duration if audio else None,
        width=width or None,
        height=height or None,
        supports_streaming=bool(video and video.supports_streaming),
        title=audio.title if audio else None,
        performer=audio.performer if audio else None,
        thumb=media.thumb,
    )


def _kind(media: Media) -> str:
    if media.photo:
        return "photo"
    if media.video:
        return "video"
    if media.audio:
        return "voice" if media.audio.voice else "audio"
    return "document"
