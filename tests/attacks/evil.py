"""The site of an attacker, which the bot may reach: documents that lead inside, and sound media."""

import asyncio
from collections.abc import Sequence
from typing import Self

from tests.attacks.documents import Document
from tests.attacks.inside import Inside
from tests.site.faults import Fault
from tests.site.files import serve_file
from tests.site.http import Connection, HttpServer, Request
from tests.site.library import Library
from tests.site.pages import type_of

_MEDIA = {"media/video.mp4": "tiny.mp4"}


class EvilSite:
    """On 127.0.0.1, while its context is open."""

    def __init__(self, inside: Inside, documents: Sequence[Document]) -> None:
        self._inside = inside
        self._documents = {document.path: document for document in documents if document.path}
        self._library = Library()
        self._server = HttpServer(self._serve)

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.__aexit__()

    @property
    def allow(self) -> str:
        """The entry of FETCH_ALLOW that opens the site, and nothing else."""
        return f"127.0.0.1:{self._server.port}"

    def link(self, case: Document) -> str:
        """What somebody sends to attack."""
        return self._filled(case.link or f"{{site}}/{case.path}", case)

    def _filled(self, text: str, case: Document) -> str:
        words = {
            "inside": f"http://127.0.0.1:{self._inside.port}/{case.marker}",
            "host": f"127.0.0.1:{self._inside.port}",
            "port": str(self._inside.port),
            "marker": case.marker,
            "site": f"http://{self.allow}",
            "allow": self.allow,
            "path": case.path,
        }
        for word, value in words.items():
            text = text.replace(f"{{{word}}}", value)
        return text

    async def _serve(self, request: Request, connection: Connection) -> None:
        path = request.path
        case = self._documents.get(path)
        if case is not None:
            more = str(len(request.query_string) + 1)
            headers = [
                (name, self._filled(value, case).replace("{more}", "a" * int(more)))
                for name, value in case.headers
            ]
            if case.text:
                text = self._filled(case.text, case).encode()
                kind = type_of(case.path) if "." in case.path else "text/html; charset=utf-8"
                await connection.answer(case.status, kind, text, *headers)
            else:
                await connection.head(case.status, dict(headers))
        elif path.startswith("to/"):
            where = f"http://127.0.0.1:{self._inside.port}/{path.removeprefix('to/')}"
            await connection.head(302, {"Location": where, "Content-Length": 0})
        elif path.startswith("media/"):
            await self._media(path, request, connection)
        else:
            await connection.answer(404, "text/plain", b"not here")

    async def _media(self, path: str, request: Request, connection: Connection) -> None:
        name = _MEDIA.get(path, path.replace("media/", "hls-ts/"))
        try:
            file = await asyncio.to_thread(self._library.file, name)
        except KeyError:
            await connection.answer(404, "text/plain", b"not here")
            return
        await serve_file(file, Fault(), request, connection)
