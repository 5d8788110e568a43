"""Files of Google Drive. Google is played by the site: what is asked of it is answered there."""

from hashlib import sha256
from pathlib import Path

import pytest

from medusa.errors import LoginNeeded
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from medusa.model import Kind
from tests.integration.media.conftest import IMPATIENT
from tests.integration.media.fetching import fetch
from tests.site import Site

FILE = "1AbCdEfGhIjKlMnOpQrStUvWxYz_-0123"
CLOSED = "closed_AbCdEfGhIjKlMnOpQrStUvWxYz"

# yt-dlp's way to change its own extractors. That of Drive does what it does with a file that is no video.
STAND_IN = """
from yt_dlp.extractor.generic import GenericIE
from yt_dlp.extractor.googledrive import GoogleDriveIE
from yt_dlp.utils import ExtractorError


class _NoVideoIE(GoogleDriveIE, plugin_name="test"):
    def _real_extract(self, url):
        raise ExtractorError("Unable to download JSON metadata: HTTP Error 404: Not Found")


class _HereIE(GenericIE, plugin_name="test"):
    def _real_extract(self, url):
        for google in ("https://drive.usercontent.google.com/", "https://docs.google.com/"):
            if url.startswith(google):
                path = url.removeprefix(google)
                url = "SITE/" + (path if path.startswith("download?") else "download?id=" + path)
        return super()._real_extract(url)
"""


@pytest.fixture
def source(base: Path, site: Site, tmp_path: Path, nursery: Nursery) -> Source:
    place = tmp_path / "plugins" / "test" / "yt_dlp_plugins" / "extractor"
    place.mkdir(parents=True)
    (place / "stand_in.py").write_text(STAND_IN.replace("SITE", site.base))
    return Source(base, nursery, allow=[site.allow], plugins=tmp_path / "plugins", patience=IMPATIENT)


@pytest.mark.parametrize(
    "link",
    [
        f"https://drive.google.com/file/d/{FILE}/view?usp=sharing",
        f"https://docs.google.com/document/d/{FILE}/edit",
    ],
)
async def test_a_file_that_is_no_video_comes_with_its_own_name(site: Site, source: Source, link: str) -> None:
    got = await fetch(source, link)
    assert (got.media.kind, got.plan.file_name) == (Kind.DOCUMENT, "Café menu.pdf")
    assert got.media.url == link
    assert sha256(got.data).hexdigest() == site.sha256("pdf")


async def test_a_file_that_is_not_shared_asks_for_cookies(source: Source) -> None:
    with pytest.raises(LoginNeeded, match="does not give this file to everybody"):
        await source.probe(f"https://drive.google.com/file/d/{CLOSED}/view")
