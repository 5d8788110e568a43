"""Albums: several photos as one answer, posted once, however often it has to be tried."""

from collections.abc import Sequence
from functools import partial

from pyrogram import raw
from pyrogram.errors import PeerIdInvalid, RandomIdDuplicate, ReplyMessageIdInvalid
from pyrogram.types import Message

from medusa.errors import UploadError
from medusa.telegram.destinations import Place
from medusa.telegram.errors import translated
from medusa.telegram.pace import PacedClient
from medusa.telegram.posting import GENERAL, answer_to, ask, find_posted, id_of, number_of, patiently

LOST = "The album was sent, but I cannot find its messages any more."


async def post_album(
    client: PacedClient,
    place: Place,
    photos: Sequence[raw.base.InputMedia],
    caption: str,
    *,
    key: str,
    patience: float,
) -> list[int]:
    """Send uploaded photos with an HTML caption under the first; the messages' ids, in their order.

    `key` and `patience`: see post_media. Raises what that raises.
    """
    text = await client.parser.parse(caption)
    with translated():
        peer = await client.resolve_peer(place.chat_id)
        if peer is None:
            raise PeerIdInvalid
    kept = [await patiently(partial(_kept, client, peer, photo), patience) for photo in photos]
    query = raw.functions.messages.SendMultiMedia(
        peer=peer,
        multi_media=[
            raw.types.InputSingleMedia(
                media=photo,
                random_id=number_of(f"{key}:{number}"),
                message=text["message"] if number == 0 else "",
                entities=text["entities"] if number == 0 else None,
            )
            for number, photo in enumerate(kept)
        ],
        reply_to=answer_to(place.reply_to or (place.topic if place.topic != GENERAL else None)),
    )
    for _ in photos:
        await client.pace.turn(place.chat_id)
    ids = await patiently(lambda: _post(client, query), patience)
    return ids or await _find(client, place, len(photos))


async def _kept(
    client: PacedClient, peer: raw.base.InputPeer, photo: raw.base.InputMedia
) -> raw.base.InputMedia:
    """The photo as albums take it: one that Telegram has made of an upload
    (https://core.telegram.org/api/files#albums-grouped-media)."""
    with translated():
        made = await ask(client, raw.functions.messages.UploadMedia(peer=peer, media=photo))
    if not isinstance(made, raw.types.MessageMediaPhoto) or not isinstance(made.photo, raw.types.Photo):
        raise UploadError(detail=f"a photo became {type(made).__name__}")
    found = made.photo
    return raw.types.InputMediaPhoto(
        id=raw.types.InputPhoto(
            id=found.id, access_hash=found.access_hash, file_reference=found.file_reference
        )
    )


async def _post(client: PacedClient, query: raw.functions.messages.SendMultiMedia) -> list[int]:
    """None of them where it was sent before."""
    with translated():
        try:
            updates = await ask(client, query)
        except RandomIdDuplicate:
            return []
        except ReplyMessageIdInvalid:
            # The person has deleted the link meanwhile; the photos are theirs all the same.
            query.reply_to = None
            updates = await ask(client, query)
    ids = [id_of(updates, one.random_id) for one in query.multi_media]
    return [one for one in ids if one is not None] if None not in ids else []


async def _find(client: PacedClient, place: Place, count: int) -> list[int]:
    """The album that was sent, but whose answer was lost. Its messages have numbers in a row."""

    def is_it(message: Message) -> bool:
        return message.reply_to_message_id == place.reply_to and message.media_group_id is not None

    if place.reply_to is None:
        raise UploadError(LOST)
    first = await find_posted(client, place.chat_id, place.reply_to, is_it)
    if first is None:
        raise UploadError(LOST)
    return list(range(first, first + count))
