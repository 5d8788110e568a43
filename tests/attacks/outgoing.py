"""What must hold of every message, button and answer of the bot, whatever somebody has typed. Pure."""

from collections.abc import Iterator
from typing import Any

from pyrogram import raw

from medusa.text import CAPTION_LIMIT, MESSAGE_LIMIT
from tests.attacks.tokens import MARK
from tests.dc.errors import Breach
from tests.dc.text import check_markup, cut, units

ALERT_LIMIT = 200
KINDS = (
    raw.types.MessageEntityBold,
    raw.types.MessageEntityItalic,
    raw.types.MessageEntityUnderline,
    raw.types.MessageEntityStrike,
    raw.types.MessageEntityCode,
    raw.types.MessageEntityPre,
    raw.types.MessageEntityTextUrl,
    raw.types.MessageEntityBlockquote,
)


def problems(query: Any) -> Iterator[str]:
    """What is wrong with a request."""
    match query:
        case raw.functions.messages.SendMessage():
            yield from _of_text(query, MESSAGE_LIMIT)
            if not query.message.strip():
                yield "an empty message"
        case raw.functions.messages.SendMedia():
            yield from _of_text(query, CAPTION_LIMIT)
        case raw.functions.messages.EditMessage():
            yield from _of_text(query, MESSAGE_LIMIT)
        case raw.functions.messages.SetBotCallbackAnswer() if units(query.message or "") > ALERT_LIMIT:
            yield f"an answer to a press of {units(query.message or '')} characters"


def _of_text(query: Any, limit: int) -> Iterator[str]:
    text = query.message or ""
    size = units(text)
    if size > limit:
        yield f"{size} units of text"
    for entity in query.entities or ():
        yield from _of_entity(entity, text, size)
    try:
        check_markup(query.reply_markup)
    except Breach as breach:
        yield f"buttons: {breach}"


def _of_entity(entity: Any, text: str, size: int) -> Iterator[str]:
    if entity.offset < 0 or entity.length <= 0 or entity.offset + entity.length > size:
        yield f"{type(entity).__name__} outside of the text"
    covered = cut(text, entity.offset, entity.length)
    if covered == MARK:
        yield f"what somebody has typed is markup: {type(entity).__name__}"
    if isinstance(entity, raw.types.MessageEntityTextUrl) and entity.url.startswith("tg:"):
        yield f"what somebody has typed is a link: {entity.url[:60]}"
