"""Text as the real service treats it: measured in UTF-16, trimmed, bounds checked, links found. Pure."""

import copy
import re
from collections.abc import Sequence
from typing import Any

from pyrogram.raw.types import (
    InlineButtonTypeCallback,
    InlineButtonTypeUrl,
    InputMessageEntityMentionName,
    InputUser,
    MessageEntityBotCommand,
    MessageEntityEmail,
    MessageEntityHashtag,
    MessageEntityMention,
    MessageEntityMentionName,
    MessageEntityUrl,
    ReplyInlineMarkup,
)

from tests.dc.errors import Breach

_PATTERNS: list[tuple[type[Any], re.Pattern[str]]] = [
    (MessageEntityUrl, re.compile(r"https?://[^\s<>\"]*[^\s<>\".,!?;:)\]]")),
    (
        MessageEntityUrl,
        re.compile(r"\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|be|tv|me|de|ru|co|uk|dev)\b(?:/[^\s<>\"]*)?", re.I),
    ),
    (MessageEntityEmail, re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    (MessageEntityBotCommand, re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    (MessageEntityMention, re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}\b")),
    (MessageEntityHashtag, re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
]


def units(text: str) -> int:
    """Length in UTF-16 code units, which is what limits and entity offsets count."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, offset: int, length: int) -> str:
    """The part of `text` that an entity marks."""
    return text.encode("utf-16-le")[offset * 2 : (offset + length) * 2].decode("utf-16-le", "replace")


def normalise(text: str, entities: Sequence[Any] | None) -> tuple[str, tuple[Any, ...]]:
    """Trim `text`, move its entities along and add the links, commands and mentions in it. Raises Breach."""
    size = units(text)
    for one in entities or ():
        if one.offset < 0 or one.length <= 0 or one.offset + one.length > size:
            raise Breach(
                "entity_bounds", 400, "ENTITY_BOUNDS_INVALID", f"{type(one).__name__} outside {size} units"
            )
    trimmed = text.strip()
    shift = units(text[: len(text) - len(text.lstrip())])
    kept = [moved for one in entities or () if (moved := _moved(one, shift, units(trimmed)))]
    found = [one for one in _detect(trimmed) if not any(_overlap(one, other) for other in kept)]
    return trimmed, tuple(sorted(kept + found, key=lambda one: (one.offset, -one.length)))


def check_markup(markup: Any) -> None:
    """Refuse inline keyboards that the real service refuses. Raises Breach."""
    if not isinstance(markup, ReplyInlineMarkup):
        return
    buttons = [button for row in markup.rows for button in row.buttons]
    if not buttons or len(buttons) > 100:
        raise Breach("markup", 400, "REPLY_MARKUP_INVALID" if not buttons else "REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        if not button.text.strip():
            raise Breach("button_text", 400, "BUTTON_TEXT_INVALID")
        match button.type:
            case InlineButtonTypeCallback(data=data) if not 1 <= len(data) <= 64:
                raise Breach(
                    "button_data", 400, "BUTTON_DATA_INVALID", f"{button.text!r} carries {len(data)} bytes"
                )
            case InlineButtonTypeUrl(url=url) if not re.match(r"(https?|tg|ton)://\S+|[\w-]+\.\w+", url):
                raise Breach("button_url", 400, "BUTTON_URL_INVALID", url)


def _moved(entity: Any, shift: int, size: int) -> Any | None:
    start = max(0, entity.offset - shift)
    end = min(size, entity.offset - shift + entity.length)
    if end <= start:
        return None
    if isinstance(entity, InputMessageEntityMentionName):
        user = entity.user_id
        return MessageEntityMentionName(
            offset=start, length=end - start, user_id=user.user_id if isinstance(user, InputUser) else 0
        )
    moved = copy.copy(entity)
    moved.offset, moved.length = start, end - start
    return moved


def _detect(text: str) -> list[Any]:
    found: list[Any] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            one = kind(offset=units(text[: match.start()]), length=units(match.group()))
            if not any(_overlap(one, other) for other in found):
                found.append(one)
    return found


def _overlap(one: Any, other: Any) -> bool:
    return bool(one.offset < other.offset + other.length and other.offset < one.offset + one.length)
