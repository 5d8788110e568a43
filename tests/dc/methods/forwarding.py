"""messages.forwardMessages."""

import dataclasses

from pyrogram.raw.functions.messages import ForwardMessages
from pyrogram.raw.types import InlineButtonTypeUrl, ReplyInlineMarkup, Updates

from tests.dc.access import box_of, check_pace, check_write, find_chat
from tests.dc.dispatch import Call, handles
from tests.dc.errors import Breach, Refusal
from tests.dc.methods.writing import claim, remember, sent
from tests.dc.state import Body, Channel, Message, Origin


@handles(ForwardMessages)
def forward_messages(call: Call, query: ForwardMessages) -> Updates:
    """Copies of messages, with or without saying whose they were."""
    source = find_chat(call, query.from_peer)
    target = find_chat(call, query.to_peer)
    if not query.id or len(query.id) != len(query.random_id) or len(query.id) > 100:
        raise Breach("forward_ids", 400, "MESSAGE_IDS_EMPTY" if not query.id else "RANDOM_ID_INVALID")
    for random_id in query.random_id:
        claim(call, random_id)
    check_write(call, target)
    if isinstance(source, Channel) and source.protected:
        raise Refusal(400, "CHAT_FORWARDS_RESTRICTED")
    box = box_of(call, source)
    found = [
        (random_id, box.messages[number])
        for number, random_id in zip(query.id, query.random_id, strict=True)
        if number in box.messages
        and box.messages[number].chat is source
        and box.messages[number].service is None
    ]
    if not found:
        raise Refusal(400, "MESSAGE_ID_INVALID")
    check_pace(call, target, len(found))
    groups = {one.group: call.core.world.new_group() for _, one in found if one.group is not None}
    events = []
    for random_id, message in found:
        body = _copy(message.body, captionless=bool(query.drop_author and query.drop_media_captions))
        event = call.core.world.send(
            call.account,
            target,
            body,
            origin=None if query.drop_author else _origin(message),
            group=groups[message.group] if message.group is not None else None,
        )
        remember(call, random_id, event)
        events.append(event)
    return sent(call, [random_id for random_id, _ in found], events)


def _copy(body: Body, *, captionless: bool) -> Body:
    """A keyboard survives only when all its buttons are links."""
    markup = body.markup
    keeps = isinstance(markup, ReplyInlineMarkup) and all(
        isinstance(button.type, InlineButtonTypeUrl) for row in markup.rows for button in row.buttons
    )
    copy = dataclasses.replace(body, markup=markup if keeps else None)
    return dataclasses.replace(copy, text="", entities=()) if captionless and body.media else copy


def _origin(message: Message) -> Origin:
    if message.origin is not None:
        return message.origin
    if isinstance(message.chat, Channel) and message.is_post:
        return Origin(message.date, None, message.chat, message.ids[message.chat.box])
    return Origin(message.date, message.author)
