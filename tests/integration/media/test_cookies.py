"""Somebody's cookies on their way: to the hosts that they are of, to no other, and nowhere else."""

from pathlib import Path

import pytest

from medusa.cookies import Cookie, CookieFile, write
from medusa.errors import LoginNeeded
from medusa.media.choose import choose
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from medusa.wishes import Wish
from tests.integration.media.conftest import IMPATIENT
from tests.integration.media.fetching import collect, fetch, only_file, probe
from tests.site import Site

BOB = 5

DISGUISED = '''
from yt_dlp.extractor.common import InfoExtractor


class DisguisedIE(InfoExtractor):
    """Asks as a browser does, which is curl's way and not Python's."""

    _VALID_URL = r"(?P<base>http://127\\.0\\.0\\.1:\\d+)/redirect-elsewhere"

    def _real_extract(self, url):
        self._request_webpage(url, "disguised", impersonate=True)
        video = self._match_valid_url(url)["base"] + "/video.mp4?disguised=1"
        return {"id": "disguised", "title": "Disguised", "url": video, "ext": "mp4"}
'''


def given(*domains: str, value: str = "open-sesame", is_secure: bool = False) -> CookieFile:
    cookies = [
        Cookie(
            domain=domain,
            has_subdomains=False,
            path="/",
            is_secure=is_secure,
            expires=0,
            name="session",
            value=value,
        )
        for domain in domains
    ]
    return CookieFile(write(cookies), BOB)


async def test_a_closed_page_opens_with_the_cookies_and_its_file_too(site: Site, source: Source) -> None:
    with pytest.raises(LoginNeeded):
        await source.probe(site.url("page-members"))
    got = await fetch(source, site.url("page-members"), cookies=given("127.0.0.1"))
    assert got.media.private_to == BOB
    assert got.report().md5s == site.track_md5("page-members")
    assert {path for _, path, _ in site.cookies} == {"page/members", "video.mp4"}


@pytest.mark.parametrize(
    "cookies",
    [
        given("example.org", "7.0.0.1", "localhost"),
        given("127.0.0.1", is_secure=True),
    ],
)
async def test_cookies_of_others_stay_at_home(site: Site, source: Source, cookies: CookieFile) -> None:
    media = await probe(source, site.url("page-video"), cookies=cookies)
    assert site.cookies == []
    assert media.private_to is None, "what everybody may see is for everybody"
    with pytest.raises(LoginNeeded):
        await source.probe(site.url("page-members"), cookies=cookies)


async def test_a_redirect_takes_no_cookies_to_another_host(site: Site, base: Path, nursery: Nursery) -> None:
    elsewhere = site.allow.replace("127.0.0.1", "localhost")
    source = Source(base, nursery, allow=[site.allow, elsewhere], patience=IMPATIENT)
    got = await fetch(source, f"{site.base}/redirect-elsewhere", cookies=given("127.0.0.1"))
    assert got.media.private_to == BOB
    assert site.requests["video.mp4"]
    assert {(host, path) for host, path, _ in site.cookies} == {(site.allow, "redirect-elsewhere")}


async def test_a_disguised_request_keeps_to_that_too(
    site: Site, base: Path, tmp_path: Path, nursery: Nursery
) -> None:
    place = tmp_path / "plugins" / "mine" / "yt_dlp_plugins" / "extractor"
    place.mkdir(parents=True)
    (place / "disguised.py").write_text(DISGUISED)
    elsewhere = site.allow.replace("127.0.0.1", "localhost")
    source = Source(
        base, nursery, allow=[site.allow, elsewhere], plugins=tmp_path / "plugins", patience=IMPATIENT
    )
    media = await probe(source, f"{site.base}/redirect-elsewhere", cookies=given("127.0.0.1"))
    assert (media.title, media.private_to) == ("Disguised", BOB)
    assert {host for host, _, _ in site.cookies} == {site.allow}
    assert "redirect-elsewhere" in {path for _, path, _ in site.cookies}


async def test_what_the_site_sets_meanwhile_goes_on(site: Site, source: Source) -> None:
    got = await fetch(source, site.url("page-cookie"), cookies=given("127.0.0.1", value="an older one"))
    assert got.report().md5s == site.track_md5("page-cookie")


async def test_cookies_are_in_no_file_no_argument_and_no_environment(
    site: Site, base: Path, nursery: Nursery
) -> None:
    source = Source(base, nursery, allow=[site.allow], patience=IMPATIENT)
    media = await probe(source, site.url("page-members"), cookies=given("127.0.0.1"))
    plan = choose(media, Wish(), max_size=2**31)
    async with source.open(media, plan) as arriving:
        proc = Path("/proc") / str(arriving.pid)
        seen = (proc / "cmdline").read_bytes() + (proc / "environ").read_bytes()
        files = [path.read_bytes() for path in base.rglob("*") if path.is_file()]
        await collect(await only_file(arriving), plan.head_window)
    assert b"open-sesame" not in seen + b"".join(files)
