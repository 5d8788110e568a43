"""messages.sendMessage, sendMedia, sendMultiMedia, uploadMedia, editMessage."""

from collections.abc import Sequence
from typing import Any

from pyrogram.raw.functions.messages import (
    EditMessage,
    SendMedia,
    SendMessage,
    SendMultiMedia,
    UploadMedia,
)
from pyrogram.raw.types import (
    MessageMediaDocument,
    MessageMediaPhoto,
    UpdateMessageID,
    Updates,
    UpdateShortSentMessage,
)

from tests.dc.access import (
    box_of,
    check_pace,
    check_write,
    find_chat,
    find_message,
    find_reply,
    find_topic,
)
from tests.dc.attachments import attach
from tests.dc.dispatch import Call, handles
from tests.dc.errors import Breach, Refusal
from tests.dc.happenings import Event
from tests.dc.media import Media
from tests.dc.state import Body, Channel, Chat, Message, Private
from tests.dc.text import check_markup, normalise, units
from tests.dc.updates import container, look, updates_for

_ALBUM = 10


@handles(SendMessage)
def send_message(call: Call, query: SendMessage) -> Updates | UpdateShortSentMessage:
    """A text. In private chats the answer is the short form, which is what clients must cope with."""
    chat = find_chat(call, query.peer)
    claim(call, query.random_id)
    check_write(call, chat)
    body = compose(call, query.message, query.entities, None, query.reply_markup)
    check_pace(call, chat)
    reply, topic = find_reply(call, chat, query.reply_to), find_topic(call, chat, query.reply_to)
    event = call.core.world.send(call.account, chat, body, reply_to=reply, topic=topic)
    remember(call, query.random_id, event)
    if isinstance(chat, Private):
        change = event.changes[call.account.box]
        return UpdateShortSentMessage(
            id=change.ids[0],
            pts=change.pts,
            pts_count=change.count,
            date=event.messages[0].date,
            out=True,
            entities=list(body.entities) or None,
        )
    return sent(call, [query.random_id], [event])


@handles(SendMedia)
def send_media(call: Call, query: SendMedia) -> Updates:
    """A file with a caption."""
    chat = find_chat(call, query.peer)
    if call.core.options.repeats and query.random_id in call.account.sent:
        return repeated(call, query.random_id)
    claim(call, query.random_id)
    check_write(call, chat)
    media = attach(call, query.media)
    body = compose(call, query.message, query.entities, media, query.reply_markup)
    check_pace(call, chat)
    reply, topic = find_reply(call, chat, query.reply_to), find_topic(call, chat, query.reply_to)
    event = call.core.world.send(call.account, chat, body, reply_to=reply, topic=topic)
    remember(call, query.random_id, event)
    return sent(call, [query.random_id], [event])


@handles(SendMultiMedia)
def send_multi_media(call: Call, query: SendMultiMedia) -> Updates:
    """An album."""
    chat = find_chat(call, query.peer)
    for one in query.multi_media:
        claim(call, one.random_id)
    check_write(call, chat)
    if not 1 <= len(query.multi_media) <= _ALBUM:
        raise Breach("album", 400, "MULTI_MEDIA_TOO_LONG", f"{len(query.multi_media)} files")
    bodies = [
        compose(call, one.message, one.entities, attach(call, one.media), None) for one in query.multi_media
    ]
    check_pace(call, chat, len(bodies))
    reply, topic = find_reply(call, chat, query.reply_to), find_topic(call, chat, query.reply_to)
    group = call.core.world.new_group()
    events = [
        call.core.world.send(call.account, chat, body, reply_to=reply, topic=topic, group=group)
        for body in bodies
    ]
    for one, event in zip(query.multi_media, events, strict=True):
        remember(call, one.random_id, event)
    return sent(call, [one.random_id for one in query.multi_media], events)


@handles(UploadMedia)
def upload_media(call: Call, query: UploadMedia) -> MessageMediaDocument | MessageMediaPhoto:
    """Make a file of an upload without sending it."""
    find_chat(call, query.peer)
    media = attach(call, query.media)
    if media is None:
        raise Refusal(400, "MEDIA_INVALID")
    return look(call.core, call.account).media(media)


@handles(EditMessage)
def edit_message(call: Call, query: EditMessage) -> Updates:
    """New text, caption, media or keyboard; what is not named stays, but for the keyboard."""
    chat = find_chat(call, query.peer)
    check_write(call, chat)
    message = find_message(call, chat, query.id)
    _check_author(call, chat, message)
    old = message.body
    media = attach(call, query.media) if query.media is not None else None
    _check_exchange(message, media)
    text, entities = (
        (query.message, query.entities) if query.message is not None else (old.text, old.entities)
    )
    body = compose(call, text, entities, media or old.media, query.reply_markup)
    if body.says_the_same(old):
        raise Refusal(400, "MESSAGE_NOT_MODIFIED")
    check_pace(call, chat)
    event = call.core.world.edit(message, body, call.account)
    lens = look(call.core, call.account)
    return container(lens, updates_for(lens, event))


def compose(call: Call, text: str, entities: Sequence[Any] | None, media: Media | None, markup: Any) -> Body:
    """What a message says, within the limits of length. Raises Breach."""
    check_markup(markup)
    trimmed, found = normalise(text, entities)
    options = call.core.options
    length = units(trimmed)
    if media is None and not trimmed:
        raise Breach("empty_message", 400, "MESSAGE_EMPTY")
    if media is None and length > options.text_limit:
        raise Breach("text_length", 400, "MESSAGE_TOO_LONG", f"{length} units")
    if media is not None and length > options.caption_limit:
        raise Breach("caption_length", 400, "MEDIA_CAPTION_TOO_LONG", f"{length} units")
    return Body(trimmed, found, media, markup if call.account.is_bot else None)


def claim(call: Call, random_id: int) -> None:
    """Refuse a random_id that is empty or was used. A repetition is no breach: an answer may be lost."""
    if random_id == 0:
        raise Breach("random_id", 400, "RANDOM_ID_EMPTY")
    if random_id in call.account.sent:
        raise Refusal(500, "RANDOM_ID_DUPLICATE")


def remember(call: Call, random_id: int, event: Event) -> None:
    """Tie a random_id to what was sent under it."""
    call.account.sent[random_id] = event.messages


def repeated(call: Call, random_id: int) -> Updates:
    """The other answer to a random_id that was used, as core.telegram.org/api/updates describes it."""
    messages = call.account.sent[random_id]
    ids = [message.ids[box_of(call, message.chat)] for message in messages if message.ids]
    return container(
        look(call.core, call.account), [UpdateMessageID(id=number, random_id=random_id) for number in ids]
    )


def sent(call: Call, random_ids: Sequence[int], events: Sequence[Event]) -> Updates:
    """The answer to whoever sent: which random_id became which message, and the messages."""
    lens = look(call.core, call.account)
    updates: list[Any] = []
    for random_id, event in zip(random_ids, events, strict=True):
        box = event.chat.box if isinstance(event.chat, Channel) else call.account.box
        updates.append(UpdateMessageID(id=event.messages[0].ids[box], random_id=random_id))
    for event in events:
        updates += updates_for(lens, event)
    return container(lens, updates)


def _check_exchange(message: Message, media: Media | None) -> None:
    """A text stays a text, and in an album photos stay among photos and videos
    (https://core.telegram.org/bots/api#editmessagemedia)."""
    old = message.body.media
    if media is None:
        return
    if old is None:
        raise Breach("media_of_text", 400, "MEDIA_PREV_INVALID", "a text was to become media")
    if message.group is not None and (old.photo or old.video is not None) is not (
        media.photo or media.video is not None
    ):
        raise Breach("media_of_album", 400, "MEDIA_GROUPED_INVALID", "an album has one sort of files")


def _check_author(call: Call, chat: Chat, message: Message) -> None:
    if message.service is not None:
        raise Refusal(400, "MESSAGE_ID_INVALID")
    if message.author is call.account and message.origin is None:
        return
    if isinstance(chat, Channel) and message.is_post and chat.member(call.account).rights.edit_messages:
        return
    raise Refusal(403, "MESSAGE_AUTHOR_REQUIRED")
