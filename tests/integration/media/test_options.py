"""The owner's options reach yt-dlp in the child, and none of them opens another way."""

from pathlib import Path

from medusa.media.nursery import Nursery
from medusa.media.source import Source
from medusa.model import Media
from medusa.source_options import checked
from tests.integration.media.conftest import IMPATIENT
from tests.site import Site

PLUGIN = '''
from yt_dlp.extractor.common import InfoExtractor


class OwnIE(InfoExtractor):
    """Tells what it was told."""

    _VALID_URL = r"(?P<base>https?://127\\.0\\.0\\.1:\\d+)/own$"

    def _real_extract(self, url):
        params = self._downloader.params
        told = [*self._configuration_arg("word"), str(params.get("impersonate")), str(params["geo_bypass"])]
        return {"id": "own", "title": " ".join(told), "ext": "mp4",
                "url": self._match_valid_url(url)["base"] + "/video.mp4"}
'''


async def test_the_options_are_those_of_the_file(
    tmp_path: Path, base: Path, site: Site, nursery: Nursery
) -> None:
    package = tmp_path / "plugins" / "own" / "yt_dlp_plugins" / "extractor"
    package.mkdir(parents=True)
    (package / "own.py").write_text(PLUGIN)
    options = checked(
        {"extractor_args": {"Own": {"word": ["sesame"]}}, "impersonate": "chrome", "geo_bypass": False}
    )
    source = Source(
        base,
        nursery,
        allow=[site.allow],
        patience=IMPATIENT,
        plugins=tmp_path / "plugins",
        options=options,
    )
    media = await source.probe(f"http://{site.allow}/own")
    assert isinstance(media, Media)
    assert media.title == "sesame chrome False"


async def test_a_browser_that_is_not_there_holds_up_no_link(base: Path, site: Site, nursery: Nursery) -> None:
    source = Source(
        base,
        nursery,
        allow=[site.allow],
        patience=IMPATIENT,
        options=checked({"impersonate": "netscape-4"}),
    )
    assert isinstance(await source.probe(site.url("mp4")), Media)
