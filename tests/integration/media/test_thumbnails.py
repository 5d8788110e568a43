"""Pictures behind links, as thumbnails."""

from pathlib import Path

import pytest

from medusa.errors import BadLink, MediaUnreadable, PrivateAddress, SourceGone
from medusa.media.nursery import Nursery
from medusa.media.thumbnails import Thumbnails
from tests.dc.media import image_size
from tests.integration.media.conftest import IMPATIENT
from tests.site import Site


@pytest.fixture
def thumbnails(base: Path, site: Site, nursery: Nursery) -> Thumbnails:
    return Thumbnails(base, nursery, allow=[site.allow], patience=IMPATIENT)


async def test_a_picture_becomes_a_small_jpeg(thumbnails: Thumbnails, site: Site, base: Path) -> None:
    jpeg = await thumbnails.fetch(site.url("picture.jpg"))
    size = image_size(jpeg)
    assert size is not None
    assert 0 < max(size) <= 320
    assert len(jpeg) <= 200_000
    assert list(base.iterdir()) == []


@pytest.mark.parametrize("name", ["mp3", "zip", "mp4"])
async def test_what_is_no_picture_is_refused(thumbnails: Thumbnails, site: Site, name: str) -> None:
    with pytest.raises(MediaUnreadable, match="no picture that I can read"):
        await thumbnails.fetch(site.url(name))


async def test_what_is_too_large_is_refused(thumbnails: Thumbnails, site: Site) -> None:
    with pytest.raises(MediaUnreadable, match="too large"):
        await thumbnails.fetch(site.url("big-40.mp4"))


async def test_what_is_not_there_private_or_no_link_is_refused(thumbnails: Thumbnails, site: Site) -> None:
    with pytest.raises(SourceGone):
        await thumbnails.fetch(site.url("nothing"))
    with pytest.raises(PrivateAddress):
        await thumbnails.fetch(site.internal_url)
    with pytest.raises(BadLink):
        await thumbnails.fetch("file:///etc/passwd")
