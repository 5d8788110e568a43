"""What people have marked in their texts, as the markup of captions."""

from collections.abc import Sequence
from copy import copy
from html import escape

from pyrogram.enums import MessageEntityType
from pyrogram.types import Message, MessageEntity

from medusa.text import attribute, utf16_length

_TAGS = {
    MessageEntityType.BOLD: "b",
    MessageEntityType.ITALIC: "i",
    MessageEntityType.UNDERLINE: "u",
    MessageEntityType.STRIKETHROUGH: "s",
    MessageEntityType.CODE: "code",
    MessageEntityType.TEXT_LINK: "a",
}


def template(message: Message) -> str:
    """The text of a message as a template of medusa/views/caption.py."""
    text = message.text or message.caption or ""
    return marked(str(text), message.entities or message.caption_entities or [])


def template_behind(message: Message, words: int, *, with_markup: bool) -> str:
    """What stands behind so many words, with its line breaks; `with_markup`: as a template."""
    text = str(message.text or message.caption or "")
    start = 0
    for word in text.split(maxsplit=words)[:words]:
        start = text.index(word, start) + len(word)
    start += len(text[start:]) - len(text[start:].lstrip())
    if not with_markup:
        return text[start:]
    return _marked_from(text, message.entities or message.caption_entities or [], start)


def _marked_from(text: str, entities: Sequence[MessageEntity], start: int) -> str:
    """The template of a text from this character on."""
    before = utf16_length(text[:start])
    found = []
    for one in entities:
        if one.offset + one.length > before:
            cut = copy(one)
            cut.offset = max(0, one.offset - before)
            cut.length = one.offset + one.length - before - cut.offset
            found.append(cut)
    return marked(text[start:], found)


def marked(text: str, entities: Sequence[MessageEntity]) -> str:
    """A text with tags around what is marked. Offsets and lengths are UTF-16 units; tags may overlap."""
    units = text.encode("utf-16-le", "surrogatepass")
    marks = [(one.offset, one.offset + one.length, one) for one in entities if one.type in _TAGS]
    places = sorted({0, len(units) // 2, *(place for start, end, _ in marks for place in (start, end))})
    written = []
    for place, following in zip(places, [*places[1:], places[-1]], strict=True):
        written += [f"</{_TAGS[one.type]}>" for _, end, one in reversed(marks) if end == place]
        written += [_opening(one) for start, _, one in marks if start == place]
        piece = units[2 * place : 2 * following].decode("utf-16-le", "surrogatepass")
        written.append(escape(piece))
    return "".join(written)


def _opening(entity: MessageEntity) -> str:
    tag = _TAGS[entity.type]
    return f'<{tag} href="{attribute(entity.url or "")}">' if tag == "a" else f"<{tag}>"
