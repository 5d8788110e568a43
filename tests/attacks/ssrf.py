"""Whatever a stranger names or serves, the inside is not reached: runs the corpus and counts what was."""

import asyncio
import re
import tempfile
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import NamedTuple

from medusa.media.nursery import Nursery
from medusa.media.order import Patience
from medusa.media.proxy import PolicyProxy
from medusa.media.source import Source
from medusa.media.thumbnails import Thumbnails
from tests.attacks.documents import Document, all_documents
from tests.attacks.evil import EvilSite
from tests.attacks.fetched import outcome_of
from tests.attacks.heads import Sent, all_sent
from tests.attacks.inside import Inside
from tests.attacks.zone import Zone
from tests.site.http import Connection, HttpServer, Request

AT_ONCE = 3
"""Media children."""
_PATIENCE = Patience(silence=2.0, retries=1, pause=0.01)

Say = Callable[[str], None]


class Attacked(NamedTuple):
    """What came of the corpus."""

    cases: int
    hits: int
    """Connections that the inside has seen, and cases that were not refused as they should be."""
    failures: tuple[str, ...] = ()
    """What was wrong, a line each."""


async def run(say: Say) -> Attacked:
    """Everything: heads that are sent to the proxy, and documents that are fetched by real media children."""
    found = [await run_heads(list(all_sent())), await run_documents(list(all_documents()))]
    for each in found:
        for failure in each.failures:
            say(failure)
    cases, hits = sum(each.cases for each in found), sum(each.hits for each in found)
    say(f"{found[0].cases} request heads and {found[1].cases} documents; {hits} hits")
    return Attacked(cases, hits, tuple(line for each in found for line in each.failures))


async def run_heads(cases: list[Sent]) -> Attacked:
    """Send each to one proxy, before which stand a site that is open and servers that are not."""
    hosts: list[str] = []

    async def serve(request: Request, connection: Connection) -> None:
        hosts.append(request.headers.get("host", ""))
        await connection.answer(200, "text/plain", b"welcome")

    failures: list[str] = []
    async with Inside() as inside, HttpServer(serve) as server:
        site = f"127.0.0.1:{server.port}"
        async with PolicyProxy([site], network=Zone()) as proxy:
            words = _words(inside, site, int(proxy.url.rpartition(":")[2]))
            for case in cases:
                hosts.clear()
                before = inside.total
                answer = await _exchange(words[b"proxy"], _filled(case.data, words))
                status = int(answer[9:12]) if re.match(rb"HTTP/1\.1 [0-9]{3}", answer) else 0
                if inside.total > before:
                    failures.append(f"{case.name}: reached the inside")
                elif status not in case.statuses:
                    failures.append(f"{case.name}: {answer[:60]!r}")
                elif hosts != ([site] if status == 200 else []):
                    failures.append(f"{case.name}: the site was asked for {hosts}")
        return Attacked(len(cases), max(inside.total, len(failures)), tuple(failures))


async def run_documents(cases: list[Document], *, open_inside: bool = False) -> Attacked:
    """Fetch each with a media child of its own. `open_inside`: with the inside allowed, as a control."""
    failures: list[str] = []
    limit = asyncio.Semaphore(AT_ONCE)
    with tempfile.TemporaryDirectory(prefix="attack-") as home:
        async with aclosing(Nursery()) as nursery, Inside() as inside, EvilSite(inside, cases) as site:
            allow = [site.allow, *(["127.0.0.0/8", "::1/128"] if open_inside else [])]
            source = Source(Path(home), nursery, allow=allow, patience=_PATIENCE)
            pictures = Thumbnails(Path(home), nursery, allow=allow, patience=_PATIENCE)

            async def attack(case: Document) -> None:
                async with limit:
                    outcome = await outcome_of(case, site.link(case), source, pictures)
                hits = inside.hits[case.marker]
                if open_inside and not hits:
                    failures.append(f"{case.name}: harmless even where the inside is open ({outcome})")
                if not open_inside and (hits or outcome not in case.outcomes):
                    failures.append(f"{case.name}: {hits} hits, {outcome}")

            async with asyncio.TaskGroup() as group:
                for case in cases:
                    group.create_task(attack(case))
            strays = inside.total - sum(inside.hits[case.marker] for case in cases)
            if strays:
                failures.append(f"{strays} hits of nobody knows what: {inside.hits}")
            hits = 0 if open_inside else inside.total
            return Attacked(len(cases), max(hits, len(failures)), tuple(failures))


def _words(inside: Inside, site: str, proxy: int) -> dict[bytes, int | str]:
    return {
        b"inside": inside.port,
        b"wrapped": inside.port + 65536,
        b"siteless": "127.0.0.1",
        b"site": site,
        b"proxy": proxy,
    }


def _filled(data: bytes, words: dict[bytes, int | str]) -> bytes:
    for word, value in words.items():
        data = data.replace(b"{" + word + b"}", str(value).encode())
    return data


async def _exchange(port: int | str, data: bytes) -> bytes:
    """The answer to these bytes, and to all that follows."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(30):
            writer.write(data)
            await writer.drain()
            return await reader.read(1 << 16)
    except OSError as error:
        return str(error).encode()
    finally:
        writer.close()
