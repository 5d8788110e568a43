"""Media of messages is exchanged as Telegram allows it, and photos are what Telegram takes for photos."""

import pytest
from pyrogram import Client
from pyrogram.errors import BadRequest, MediaGroupedInvalid, MediaPrevInvalid
from pyrogram.types import InputMediaDocument, InputMediaPhoto

from tests.dc import DataCenter, Person
from tests.integration.dc.test_files import named


def jpeg(width: int, height: int, *, more: int = 0) -> bytes:
    """What says that it is a JPEG of this size."""
    frame = (
        b"\xff\xc0\x00\x0b\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x01\x01\x11\x00"
    )
    return b"\xff\xd8" + frame + bytes(more) + b"\xff\xd9"


async def test_media_is_exchanged_for_media(dc: DataCenter, ann: Person, client: Client) -> None:
    await ann.says("hi")
    sent = await client.send_photo(ann.id, named("a.jpg", jpeg(16, 9)), caption="first")
    assert sent is not None
    await client.edit_message_media(ann.id, sent.id, InputMediaPhoto(named("b.jpg", jpeg(32, 9)), "second"))
    now = await ann.expect("second")
    assert now.media is not None
    assert (now.id, now.media.kind, now.media.width, now.edits) == (sent.id, "photo", 32, ("first",))
    await client.edit_message_media(
        ann.id, sent.id, InputMediaDocument(named("c.bin", b"c"), caption="third")
    )
    assert ((await ann.expect("third")).media or now.media).kind == "document"


async def test_a_text_becomes_no_media(dc: DataCenter, ann: Person, client: Client) -> None:
    await ann.says("hi")
    text = await client.send_message(ann.id, "a text")
    assert text is not None
    with pytest.raises(MediaPrevInvalid):
        await client.edit_message_media(ann.id, text.id, InputMediaPhoto(named("a.jpg", jpeg(16, 9))))
    assert [one.rule for one in dc.take_violations()] == ["media_of_text"]


async def test_an_album_keeps_its_sort_of_files(dc: DataCenter, ann: Person, client: Client) -> None:
    await ann.says("hi")
    photos = [InputMediaPhoto(named(f"{number}.jpg", jpeg(16 + number, 9))) for number in range(2)]
    first, _ = await client.send_media_group(ann.id, [*photos])
    await client.edit_message_media(ann.id, first.id, InputMediaPhoto(named("b.jpg", jpeg(99, 9)), "other"))
    await ann.expect("other")
    with pytest.raises(MediaGroupedInvalid):
        await client.edit_message_media(ann.id, first.id, InputMediaDocument(named("c.bin", b"c")))
    assert [one.rule for one in dc.take_violations()] == ["media_of_album"]


@pytest.mark.parametrize(
    ("picture", "rule"),
    [
        (jpeg(9000, 1001), "photo_shape"),
        (jpeg(2100, 100), "photo_shape"),
        (jpeg(16, 9, more=10 * 1024 * 1024), "photo_size"),
    ],
    ids=["large", "long", "heavy"],
)
async def test_a_photo_that_is_none(
    dc: DataCenter, ann: Person, client: Client, picture: bytes, rule: str
) -> None:
    await ann.says("hi")
    with pytest.raises(BadRequest):
        await client.send_photo(ann.id, named("a.jpg", picture))
    assert [one.rule for one in dc.take_violations()] == [rule]
