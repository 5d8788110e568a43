"""The site itself: names, pages, playlists, files, and the count of what was served."""

import asyncio
import hashlib
from collections import Counter
from pathlib import Path
from typing import Self

from tests.site import lists, pages
from tests.site.broadcast import Broadcast
from tests.site.faults import Fault, query_of
from tests.site.files import serve_file
from tests.site.http import Connection, HttpServer, Request
from tests.site.inspect import track_md5s
from tests.site.library import Library

# What can be asked for by name: path and query.
SOURCES: dict[str, str] = {
    "mp4": "video.mp4",
    "mp4-noranges": "video.mp4?ranges=0",
    "mp4-nolength": "video.mp4?ranges=0&length=none",
    "mp4-late": "late.mp4",
    "mp4-late-noranges": "late.mp4?ranges=0",
    "mp4-turned": "turned.mp4",
    "mp4-fragmented": "fragmented.mp4",
    "webm-vp8": "vp8.webm",
    "webm-vp9": "vp9.webm",
    "hls-ts": "hls-ts/index.m3u8",
    "hls-fmp4": "hls-fmp4/index.m3u8",
    "hls-split": "hls-split/index.m3u8",
    "hls-big": "hls-big/index.m3u8",
    "hls-aes": "hls-aes/index.m3u8",
    "hls-ranges": "hls-ranges/index.m3u8",
    "hls-one": "hls-one/index.m3u8",
    "hls-private": "hls-ts/index.m3u8?private=2",
    "dash": "dash/index.mpd",
    "dash-files": "dash-files/index.mpd",
    "page-video": "page/video",
    "page-og": "page/og",
    "page-cookie": "page/cookie",
    "page-three": "page/three",
    "page-members": "page/members",
    "feed": "feed.xml",
    "watch": "page/watch",
    "watch-subtitles": "page/watch-subtitles",
    "subtitles": "page/subtitles",
    "hls-subtitles": "texts/index.m3u8",
    "redirect": "redirect",
    "redirect-private": "redirect-private",
    "drm": "drm/index.m3u8",
    "live": "live/index.m3u8",
    "mp3": "song.mp3",
    "m4a": "song.m4a",
    "zip": "archive.zip",
    "pdf": "paper.pdf",
    "gone": "gone.mp4",
    "empty-page": "page/empty",
}
"""Also any path; and "big-N.mp4", "big-N-late.mp4", "big-N.ts", of about N megabytes."""

_ORIGINALS = {
    "dash": "late.mp4",
    "dash-files": "big-40.mp4",
    "hls-big": "big-40.mp4",
    "hls-one": "big-40.mp4",
    "page-video": "video.mp4",
    "subtitles": "video.mp4",
    "page-og": "video.mp4",
    "page-cookie": "video.mp4",
    "page-members": "video.mp4",
    "redirect": "video.mp4",
    "watch": "large.mp4",
    "watch-subtitles": "large.mp4",
}
"""The file whose tracks a source has, where it is not a file itself."""


class Site:
    """A media site on 127.0.0.1, while its context is open."""

    def __init__(self, library: Library | None = None) -> None:
        self.library = library or Library()
        self.requests: Counter[str] = Counter()
        """By path."""
        self.sent: Counter[str] = Counter()
        """Bytes of bodies, by path."""
        self.cookies: list[tuple[str, str, str]] = []
        """Of requests that had some: host, path, cookies."""
        self.internal_hits = 0
        """Requests that reached the private server, which no job may."""
        self.broadcast = Broadcast()
        """Of the source "live"."""
        self._server = HttpServer(self._handle)
        self._internal = HttpServer(self._handle_internal)

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        await self._internal.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._internal.__aexit__()
        await self._server.__aexit__()

    @property
    def base(self) -> str:
        """URL of the site, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def allow(self) -> str:
        """The entry of FETCH_ALLOW that opens the site, and nothing else."""
        return f"127.0.0.1:{self._server.port}"

    @property
    def internal_url(self) -> str:
        """A server that only this machine should reach."""
        return f"http://127.0.0.1:{self._internal.port}/secret.mp4"

    def url(self, name: str, **faults: object) -> str:
        """The link of a source, with faults as `tests.site.faults.Fault` names them."""
        return url_of(self.base, name, **faults)

    def original(self, name: str) -> Path:
        """The file whose tracks a source has. Blocking, like all that follows."""
        path = SOURCES.get(name, name).partition("?")[0]
        return self.library.file(_ORIGINALS.get(name, "late.mp4" if name.startswith("hls") else path))

    def sha256(self, name: str) -> str:
        """Of the whole original file."""
        return hashlib.sha256(self.original(name).read_bytes()).hexdigest()

    def track_md5(self, name: str) -> dict[str, str]:
        """By kind of track ("video", "audio"): see `tests.site.inspect.track_md5s`."""
        return track_md5s(self.original(name))

    async def _handle(self, request: Request, connection: Connection) -> None:
        self.requests[request.path] += 1
        if cookie := request.headers.get("cookie"):
            self.cookies.append((request.headers["host"], request.path, cookie))
        try:
            await self._route(request, connection)
        finally:
            self.sent[request.path] += connection.sent

    async def _handle_internal(self, request: Request, connection: Connection) -> None:
        self.internal_hits += 1
        await connection.answer(200, "text/plain", b"secret")

    async def _route(self, request: Request, connection: Connection) -> None:
        if request.path == "redirect":
            await connection.head(302, {"Location": self.url("mp4"), "Content-Length": 0})
        elif request.path == "redirect-elsewhere":
            # The same machine, but to a client another host.
            elsewhere = self.base.replace("127.0.0.1", "localhost")
            await connection.head(302, {"Location": f"{elsewhere}/video.mp4", "Content-Length": 0})
        elif request.path == "redirect-private":
            await connection.head(302, {"Location": self.internal_url, "Content-Length": 0})
        elif request.path == "page/cookie":
            page = pages.html(pages.video("?cookie=1"))
            await connection.answer(200, *page, ("Set-Cookie", "session=open-sesame; Path=/"))
        elif request.path == "download":
            await self._download(request, connection)
        elif lists.is_closed(request):
            await connection.answer(401, "text/plain", b"log in first")
        elif (text := self._text(request)) is not None:
            await connection.answer(200, *text)
        else:
            await self._serve_file(request, connection)

    async def _download(self, request: Request, connection: Connection) -> None:
        """As Google Drive does: the name is in a header; what is not for everybody is a page."""
        if request.query.get("id", "").startswith("closed"):
            await connection.answer(200, *pages.html("<h1>Sign in</h1>"))
            return
        data = await asyncio.to_thread(self.library.file("paper.pdf").read_bytes)
        disposition = "attachment; filename=\"menu.pdf\"; filename*=UTF-8''Caf%C3%A9%20menu.pdf"
        await connection.answer(200, "application/octet-stream", data, ("Content-Disposition", disposition))

    def _text(self, request: Request) -> tuple[str, bytes] | None:
        """MIME type and body of what is no file."""
        name = request.path.removeprefix("live/").removesuffix(".m3u8")
        playlist = self.broadcast.playlist(name) if request.path == f"live/{name}.m3u8" else None
        if playlist is not None:
            return pages.type_of("x.m3u8"), playlist.encode()
        return pages.text_of(request, self.base) or lists.text_of(request, self.base)

    async def _serve_file(self, request: Request, connection: Connection) -> None:
        fault = Fault.of(request.query)
        try:
            path = await asyncio.to_thread(self.library.file, request.path)
        except KeyError:
            await connection.answer(404, "text/plain", b"not here")
            return
        if path.suffix in (".m3u8", ".mpd"):
            text = pages.rewrite(path.read_text(), fault, request.query_string, self.internal_url)
            await connection.answer(200, pages.type_of(path.name), text.encode())
        else:
            await serve_file(path, fault, request, connection)


def url_of(base: str, name: str, **faults: object) -> str:
    """The link of a source of the site at `base`; see `Site.url`."""
    path, _, query = SOURCES.get(name, name).partition("?")
    whole = "&".join(part for part in (query, query_of(**faults)) if part)
    return f"{base}/{path}" + (f"?{whole}" if whole else "")
