"""Files up and down between the data centre and an unmodified client."""

import hashlib
import io
import random
from pathlib import Path

import pytest
from pyrogram import Client, raw
from pyrogram.errors import FileReferenceExpired
from pyrogram.types import InputMediaDocument, Message

from tests.dc import DataCenter, Options, Person, bot_client, tree_sha256
from tests.integration.dc.streaming import PART, media_sessions, peer_of, send_video, stream

FILM = random.Random(1).randbytes(5 * PART + 12345)


def named(name: str, data: bytes) -> io.BytesIO:
    """What Pyrogram takes for a file."""
    file = io.BytesIO(data)
    file.name = name
    return file


async def test_a_stream_over_several_media_sessions(dc: DataCenter, ann: Person, client: Client) -> None:
    await ann.says("hi")
    async with media_sessions(client, 3) as sessions:
        assert len(dc.connections(media=True)) == 3
        assert {(one.server_address, one.port) for one in sessions} == {dc.media_address}
        file = await stream(sessions, FILM)
        await send_video(client, ann.id, file, "a film")
    seen = await ann.expect("a film")
    assert seen.media is not None
    assert (seen.media.name, seen.media.mime, seen.media.kind) == ("film.mp4", "video/mp4", "video")
    assert (seen.media.duration, seen.media.width, seen.media.height) == (2.5, 1280, 720)
    assert seen.media.supports_streaming
    received = dc.file(seen.media.file_id)
    assert received.sha256 == hashlib.sha256(FILM).hexdigest()
    assert received.size == len(FILM)
    assert [one.index for one in received.arrivals][-2:] == [0, 5]
    assert len({one.session for one in received.arrivals}) == 3
    assert received is dc.file(file.id)


@pytest.mark.parametrize("length", [1, PART, PART + 1, 2 * PART])
async def test_streams_of_awkward_lengths(dc: DataCenter, ann: Person, client: Client, length: int) -> None:
    await ann.says("hi")
    async with media_sessions(client, 1) as sessions:
        await send_video(client, ann.id, await stream(sessions, FILM[:length]), "short")
    seen = await ann.expect("short")
    assert seen.media is not None
    assert dc.file(seen.media.file_id).bytes == FILM[:length]


async def test_pyrograms_own_upload_and_download(dc: DataCenter, ann: Person, client: Client) -> None:
    await ann.says("hi")
    for data in (FILM[:100_000], FILM * 5):  # saveFilePart, and saveBigFilePart for more than 10 MB
        await client.send_document(ann.id, named("data.bin", data), caption="data")
        seen = await ann.expect("data")
        assert seen.media is not None
        assert dc.file(seen.media.file_id).bytes == data
        message = await client.get_messages(ann.id, seen.id)
        assert isinstance(message, Message)
        downloaded = await client.download_media(message, in_memory=True)
        assert isinstance(downloaded, io.BytesIO)
        assert downloaded.getvalue() == data


async def test_a_person_sends_files(ann: Person, client: Client, picture: bytes) -> None:
    await ann.sends_document("links.txt", b"https://example.org\n", caption="all of these")
    await ann.sends_photo(picture)
    document, photo = await client.get_messages(ann.id, [1, 2])
    assert document.document is not None
    assert (document.document.file_name, document.document.mime_type) == ("links.txt", "text/plain")
    for message, data in ((document, b"https://example.org\n"), (photo, picture)):
        downloaded = await client.download_media(message, in_memory=True)
        assert isinstance(downloaded, io.BytesIO)
        assert downloaded.getvalue() == data


async def test_photos_thumbnails_and_albums(
    dc: DataCenter, ann: Person, client: Client, picture: bytes
) -> None:
    await ann.says("hi")
    await client.send_photo(ann.id, named("p.jpg", picture), caption="photo")
    photo = (await ann.expect("photo")).media
    assert photo is not None
    assert (photo.kind, photo.width, photo.height) == ("photo", 16, 9)
    await client.send_video(
        ann.id, named("v.mp4", FILM[:5000]), thumb=named("t.jpg", picture), caption="video"
    )
    video = (await ann.expect("video")).media
    assert video is not None
    assert video.thumb == picture
    await client.send_video(
        ann.id, named("v.mp4", FILM[:5000]), thumb=named("t.jpg", b"no picture"), caption="bad"
    )
    assert [one.rule for one in dc.take_violations()] == ["thumb"]
    await client.send_media_group(
        ann.id, [InputMediaDocument(named("a", b"a")), InputMediaDocument(named("b", b"b"), caption="album")]
    )
    last = await ann.expect("album")
    assert [one.album for one in ann.messages].count(last.album) == 2


async def test_file_references_expire(dc: DataCenter, ann: Person, client: Client) -> None:
    sent = await ann.sends_document("a.txt", b"a")
    message = await client.get_messages(ann.id, sent.id)
    assert isinstance(message, Message)
    assert message.document is not None
    dc.expire_file_references()
    with pytest.raises(FileReferenceExpired):
        await client.send_cached_media(ann.id, message.document.file_id)
    await client.copy_message(ann.id, ann.id, sent.id)
    assert len(ann.messages) == 2


async def test_large_files_go_to_disk_or_nowhere(tmp_path: Path) -> None:
    for options in (
        Options(spool_above=PART, spool_dir=tmp_path),
        Options(discard=True),
        Options(blind=True),
    ):
        async with DataCenter(options) as dc:
            bot, ann = dc.bot(), dc.person("Ann")
            await ann.says("hi")
            async with bot_client(dc, bot) as client, media_sessions(client, 2) as sessions:
                await send_video(client, ann.id, await stream(sessions, FILM), "film")
            media = (await ann.expect("film")).media
            assert media is not None
            file = dc.file(media.file_id)
            assert file.size == len(FILM)
            if not options.blind:
                assert file.tree_sha256 == tree_sha256(FILM)
            if options.discard or options.blind:
                with pytest.raises(LookupError):
                    file.sha256  # noqa: B018 - there is nothing to hash
            else:
                assert file.bytes == FILM


async def test_an_upload_made_into_media_without_a_message(ann: Person, client: Client) -> None:
    await ann.says("hi")
    async with media_sessions(client, 1) as sessions:
        file = await stream(sessions, FILM[:1000])
    media = raw.types.InputMediaUploadedDocument(file=file, mime_type="text/plain", attributes=[])
    peer = await peer_of(client, ann.id)
    made = await client.invoke(raw.functions.messages.UploadMedia(peer=peer, media=media))
    assert isinstance(made, raw.types.MessageMediaDocument)
    assert isinstance(made.document, raw.types.Document)
    again = raw.types.InputDocument(
        id=made.document.id,
        access_hash=made.document.access_hash,
        file_reference=made.document.file_reference,
    )
    await client.invoke(
        raw.functions.messages.SendMedia(
            peer=peer, media=raw.types.InputMediaDocument(id=again), message="again", random_id=99
        )
    )
    assert (await ann.expect("again")).media is not None
