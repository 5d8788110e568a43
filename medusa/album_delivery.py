"""The pictures of one message: each is fetched, and those that are photos are sent as one album."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from loguru import logger

from medusa.delivery import Brought, Cookies, Delivered, Delivery, LogCopies, Source, delivered
from medusa.errors import MedusaError, OverLimit, SourceError, UnsupportedSite
from medusa.kept import Finished
from medusa.media.choose import choose
from medusa.model import Download, Kind, Media, Plan, Sent
from medusa.quota import check_duration, check_size
from medusa.transfer import Account, Transfer
from medusa.upload.parts import PART_SIZE
from medusa.wishes import Wish

Photo = tuple[Media, Finished]


class AlbumAccount(Account, Protocol):
    """An account that sends albums."""

    async def send_album(self, download: Download, photos: Sequence[Photo]) -> tuple[Sent, ...]:
        """Post photos that it has uploaded as one answer; once, however often it is tried."""
        ...


class _Other(NamedTuple):
    """What is no photo."""

    number: int
    media: Media
    plan: Plan


@dataclass
class _Bag:
    """What became of the links."""

    photos: list[Photo] = field(default_factory=list)
    others: list[_Other] = field(default_factory=list)
    failures: list[MedusaError] = field(default_factory=list)


class AlbumDelivery:
    """Carries out downloads, also those of several pictures."""

    def __init__(
        self,
        alone: Delivery,
        source: Source,
        account: AlbumAccount,
        transfer: Transfer,
        *,
        cookies: Cookies | None,
        log_copies: LogCopies,
    ) -> None:
        """`alone`: brings a link that comes without others."""
        self._alone = alone
        self._source = source
        self._account = account
        self._transfer = transfer
        self._cookies = cookies
        self._log_copies = log_copies

    async def deliver(self, download: Download) -> Delivered:
        """Bring all that there is; a picture that cannot be had does not keep back the others.

        Raises MedusaError with the reason, of the first link where none can be had.
        """
        if not download.request.album:
            return await self._alone.deliver(download)
        started = time.monotonic()
        copies = await self._log_copies()
        bag = _Bag()
        for number, url in enumerate((download.request.url, *download.request.album)):
            with _tolerated(bag.failures):
                await self._fetch(download, number, url, bag)
        sent = [*await self._account.send_album(download, bag.photos)] if bag.photos else []
        for other in bag.others:
            with _tolerated(bag.failures):
                sent += await self._bring(download, other)
        if not sent:
            raise bag.failures[0]
        return delivered(
            _about(download, sent, bag), Brought(_plan(sent[0]), tuple(sent), None), copies, started
        )

    async def _fetch(self, download: Download, number: int, url: str, bag: _Bag) -> None:
        """Bring a photo into the account's hands; of anything else see what it is."""
        media, plan = await self._planned(download, url)
        if plan.kind is Kind.PHOTO:
            bag.photos.append((media, await self._transfer.photo(media, plan, self._account)))
        else:
            bag.others.append(_Other(number, media, plan))

    async def _planned(self, download: Download, url: str) -> tuple[Media, Plan]:
        request = download.request
        cookies = await self._cookies.cookies_for(request.person.id) if self._cookies else None
        media = await self._source.probe(url, cookies=cookies)
        if not isinstance(media, Media) or media.is_live:
            raise UnsupportedSite(detail="no picture")
        most = self._account.max_parts * PART_SIZE
        plan = choose(media, request.wish or Wish(), request.shape, max_size=most)
        check_duration(request.allowance, media.duration)
        check_size(request.allowance, plan.size or 0)
        return media, plan

    async def _bring(self, download: Download, other: _Other) -> list[Sent]:
        """A file of its own, as the answer to the same message."""
        media, plan = other.media, other.plan
        alone = download.evolve(id=f"{download.id}.{other.number}", title=media.title, source=media.source)
        sent = await self._transfer.carry(
            alone, media, plan, self._account, spooled=False, on_piece=_nothing_yet
        )
        return [one.evolve(plan=one.plan or plan) for one in sent]


@contextmanager
def _tolerated(failures: list[MedusaError]) -> Iterator[None]:
    """One that cannot be had is noted, and the others come all the same."""
    try:
        yield
    except (SourceError, OverLimit) as error:
        logger.warning("a picture is left out: {} {}", error, error.detail)
        failures.append(error)


def _about(download: Download, sent: Sequence[Sent], bag: _Bag) -> Media:
    """All of them together, as the status message names them."""
    first = bag.photos[0][0] if bag.photos else bag.others[0].media
    return Media(
        url=download.request.url,
        title=f"{len(sent)} pictures",
        source=first.source,
        kind=Kind.DOCUMENT,
        formats=(),
    )


def _plan(sent: Sent) -> Plan:
    assert sent.plan is not None
    return sent.plan


async def _nothing_yet(sent: tuple[Sent, ...]) -> None:
    """All is recorded in the end."""
