"""Documents and links that lead inside, fetched by real media children: none gets there.

What is sent to the proxy itself is in test_proxy.py.
"""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from medusa.errors import UnsupportedSite
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from tests.attacks.documents import Document, all_documents
from tests.attacks.ssrf import Attacked, run_documents
from tests.integration.media.conftest import IMPATIENT
from tests.site.http import Connection, HttpServer, Request

CASES = list(all_documents())
TURNS = 4
"""In so many parts they are fetched: each has its time limit."""
WITHOUT_CHILD = [case for case in CASES if case.outcomes == {"BadLink"}]


def test_each_case_can_be_told_from_the_others() -> None:
    assert len(CASES) > 120
    assert len({case.name for case in CASES}) == len({case.marker for case in CASES}) == len(CASES)
    paths = [case.path for case in CASES if case.path]
    assert len(set(paths)) == len(paths)


def test_links_that_are_refused_before_a_child_is_asked() -> None:
    assert asyncio.run(run_documents(WITHOUT_CHILD)) == Attacked(len(WITHOUT_CHILD), 0)


def test_a_sample_of_what_a_site_may_serve() -> None:
    names = {"HLS key", "HLS key data", "DASH base", "redirect 302", "page source", "track", "poster"}
    sample = [case for case in CASES if case.name in names]
    assert asyncio.run(run_documents(sample)) == Attacked(len(names), 0)


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(TURNS))
def test_whatever_a_site_serves(turn: int) -> None:
    cases = CASES[turn::TURNS]
    assert asyncio.run(run_documents(cases)) == Attacked(len(cases), 0)


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(TURNS))
def test_each_would_get_there_if_it_were_allowed(turn: int) -> None:
    """A control: a case that reaches nothing even then would prove nothing."""
    live: list[Document] = [case for case in CASES if case.is_live]
    assert len(live) > 60
    assert asyncio.run(run_documents(live[turn::TURNS], open_inside=True)).failures == ()


async def test_a_site_that_keeps_its_connection_does_not_get_requests_for_another(
    tmp_path: Path, nursery: Nursery
) -> None:
    """The child speaks to the proxy about both, and would use the connection that is there already."""
    asked: list[tuple[str, str]] = []
    other_port = 0

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                asked.append(("evil", head.split(b" ")[1].decode()))
                page = f'<meta http-equiv="refresh" content="0; url=http://127.0.0.1:{other_port}/next">'.encode()
                start = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n"
                writer.write(start.encode() + b"Connection: keep-alive\r\n\r\n" + page)
        writer.close()

    async def other(request: Request, connection: Connection) -> None:
        asked.append(("other", "/" + request.path))
        await connection.answer(200, "text/html", b"<title>nothing</title>")

    async with HttpServer(other) as server, await asyncio.start_server(keep, "127.0.0.1", 0) as evil:
        other_port, port = server.port, evil.sockets[0].getsockname()[1]
        source = Source(tmp_path, nursery, allow=["127.0.0.0/8"], patience=IMPATIENT)
        with pytest.raises(UnsupportedSite):
            await source.probe(f"http://127.0.0.1:{port}/first")
    assert set(asked) == {("evil", "/first"), ("other", "/next")}
