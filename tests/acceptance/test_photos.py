"""Links to pictures: sent as photos where Telegram takes them, in the log channels too, and else as files."""

import pytest

from tests.acceptance.talk import answers, end, fetch, logged, send
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("name", ["picture.jpg", pytest.param("picture.png", marks=pytest.mark.slow)])
async def test_a_photo(stage: Stage, name: str) -> None:
    url = stage.site.url(name)
    media, file = await fetch(stage, stage.ann, url)
    assert (media.kind, media.width, media.height) == ("photo", 640, 360)
    assert file.sha256 == stage.site.sha256(name)
    for channel in stage.logs:
        copy = await logged(channel, url)
        assert copy.media is not None
        assert (copy.media.kind, copy.media.file_id) == ("photo", media.file_id)
        assert "Type: photo" in copy.text


async def test_a_banner_is_a_file(stage: Stage) -> None:
    media, file = await fetch(stage, stage.ann, stage.site.url("banner.png"))
    assert (media.kind, media.name, media.mime) == ("document", "banner.png", "image/png")
    assert file.sha256 == stage.site.sha256("banner.png")


async def test_the_pictures_of_a_message_are_an_album(stage: Stage) -> None:
    names = ("picture.png", "gone.jpg", "picture.jpg", "banner.png")
    urls = [stage.site.url(name) for name in names]
    link = await send(stage.ann, "Look: " + " ".join(urls))
    last = await end(stage.ann, link)
    assert last.text.startswith("✅ 3 pictures"), f"{last.text}\n{stage.log_tail()}"
    assert "1 of 4 pictures could not be had" in last.text
    png, jpg, banner = answers(stage.ann, link)
    assert (png.album, banner.album) == (jpg.album, None)
    assert png.album is not None
    assert (bool(png.text), jpg.text) == (True, "")
    for seen, name in ((png, "picture.png"), (jpg, "picture.jpg"), (banner, "banner.png")):
        assert seen.media is not None
        assert stage.dc.file(seen.media.file_id).sha256 == stage.site.sha256(name)
    for number in (1, 2, 3):
        await stage.logs[0].expect(lambda seen: f"(part {number} of 3)" in seen.text and urls[0] in seen.text)  # noqa: B023


@pytest.mark.slow
async def test_no_picture_of_a_message_is_there(stage: Stage) -> None:
    link = await send(stage.ann, f"{stage.site.url('gone.jpg')} {stage.site.url('gone.png')}")
    assert (await end(stage.ann, link)).text.startswith("❌ The site says that this media does not exist")


@pytest.mark.parametrize("names", [("picture.jpg",), ("picture.png", "picture.jpg")])
async def test_a_lost_answer_makes_no_second_message(stage: Stage, names: tuple[str, ...]) -> None:
    method = "messages.SendMedia" if len(names) == 1 else "messages.SendMultiMedia"
    lost = stage.dc.faults.drop(executed=True, method=method)
    link = await send(stage.ann, " ".join(stage.site.url(name) for name in names))
    assert (await end(stage.ann, link)).text.startswith("✅"), stage.log_tail()
    assert len(answers(stage.ann, link)) == len(names)
    assert lost.fired
    stage.dc.faults.clear()
