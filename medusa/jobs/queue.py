"""What people do with downloads: send a link, choose, cancel."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple, Protocol

from loguru import logger

from medusa.allowance import Allowance
from medusa.errors import NotYours, StoreUnavailable, WrongArgument
from medusa.jobs.store import DownloadStore
from medusa.model import ACTIVE_STATES, Download, Request, State
from medusa.recordings import Recordings
from medusa.wishes import Subtitles

STATUS_GRACE = timedelta(seconds=10)
"""A new download waits this long for its status message; then it starts without one."""

Announce = Callable[[Download], None]


class Admission(Protocol):
    """Lets in what may be had."""

    async def admit(self, person_id: int, key: str, links: int) -> Allowance:
        """Count so many links of somebody under this key, once; what they may have. Raises OverLimit,
        StoreUnavailable."""
        ...


class Accepted(NamedTuple):
    """A link whose download is kept."""

    download: Download
    ahead: int
    """Downloads that wait before it."""
    is_new: bool
    """False: it was accepted before, and it may have a status message that is not on record."""


def _now() -> datetime:
    return datetime.now(UTC)


def _id(request: Request) -> str:
    """The same for the same wish of the same message, and short enough for a button."""
    source = f"{request.chat_id} {request.message_id} {request.url}"
    if request.shape.section is not None or request.shape.name is not None:
        source += f" {request.shape.section} {request.shape.name}"
    return urlsafe_b64encode(blake2b(source.encode(), digest_size=12).digest()).decode()


class Jobs:
    """Accepts downloads and changes them on request; the workers do the rest."""

    def __init__(
        self,
        store: DownloadStore,
        *,
        wake: Callable[[], None],
        interrupt: Callable[[str], bool],
        announce: Announce,
        recordings: Recordings | None = None,
        admission: Admission | None = None,
    ) -> None:
        """`wake` tells the workers that there is something to do; `interrupt` stops a job that runs in this
        process (False: it does not); `announce` shows a download's state in its status message; `admission`
        says who may have how much, None: everybody anything."""
        self._store = store
        self._wake = wake
        self._interrupt = interrupt
        self._announce = announce
        self._recordings = recordings or Recordings()
        self._admission = admission

    async def submit(self, request: Request) -> Accepted | None:
        """Accept a link; None when that is done. Telegram tells of a message again if the bot was killed soon
        after it, and then the status message may be missing, or nobody knows which one it is.

        Raises OverLimit, and StoreUnavailable, when nothing was accepted.
        """
        now = _now()
        job = _id(request)
        if self._admission is not None:
            allowance = await self._admission.admit(request.person.id, job, 1 + len(request.album))
            request = request.evolve(allowance=allowance)
        download = Download(
            id=job,
            request=request,
            state=State.QUEUED,
            created=now,
            updated=now,
            not_before=now + STATUS_GRACE,
        )
        if await self._store.add(download):
            logger.bind(job=download.id).info("accepted {} from {}", request.url, request.person.id)
            return Accepted(download, await self._ahead_of(download), is_new=True)
        kept = await self._store.get(download.id)
        if kept is None or kept.status_message_id is not None:
            return None
        return Accepted(kept, await self._ahead_of(kept), is_new=False)

    async def _ahead_of(self, download: Download) -> int:
        """Counted when it is kept, because links that are sent at once are accepted side by side."""
        try:
            return await self._store.ahead_of(download)
        except StoreUnavailable:
            return 0  # what is accepted is accepted

    async def start(self, download: Download, status_message_id: int) -> None:
        """The person sees the status message: the work may begin."""
        await self._store.note(download.id, status_message_id=status_message_id, not_before=_now())
        self._wake()

    async def choose(self, job: str, number: int, person_id: int) -> bool:
        """Answer the quality question; False when it is no longer asked."""
        download = await self._of(job, person_id)
        if download.state is not State.ASKING or not 0 <= number < len(download.choices):
            return False
        choice = download.choices[number]
        request = download.request.evolve(wish=choice.wish)
        if choice.audio_format is not None:
            request = request.evolve(shape=request.shape.evolve(audio_format=choice.audio_format))
        chosen = await self._store.move(
            job, State.ASKING, State.QUEUED, request=request, not_before=_now(), choices=(), attempts=0
        )
        if chosen is None:
            return False
        self._announce(chosen)
        self._wake()
        return True

    async def asking(self, job: str, person_id: int) -> Download | None:
        """A download whose quality is being asked for; None when it is no longer asked."""
        download = await self._of(job, person_id)
        return download if download.state is State.ASKING else None

    async def subtitle(self, job: str, wanted: Subtitles | None, person_id: int) -> Download | None:
        """Choose subtitles, or none, before the quality; None when that is no longer asked."""
        download = await self._of(job, person_id)
        shape = download.request.shape.evolve(subtitles=wanted)
        changed = await self._store.move(
            job, State.ASKING, State.ASKING, request=download.request.evolve(shape=shape)
        )
        if changed is not None:
            self._announce(changed)
        return changed

    async def finish(self, job: str, person_id: int) -> bool:
        """End a recording and keep what there is; False when it is over already."""
        download = await self._of(job, person_id)
        if download.state is not State.RUNNING:
            return False
        latest = await self._store.note(job, finish_requested=True)
        if latest is None or latest.state is not State.RUNNING:
            return False
        # Elsewhere, the worker that holds it sees the request at its next heartbeat.
        self._recordings.finish(job)
        return True

    async def cancel(self, job: str, person_id: int) -> bool:
        """Stop a download; False when it is over already."""
        return await self._cancel(await self._of(job, person_id))

    async def stop(self, job: str) -> Download | None:
        """Stop somebody's download on behalf of who looks after the bot; None when it is over.

        Raises WrongArgument.
        """
        download = await self._known(job)
        return download if await self._cancel(download) else None

    async def cancel_all(self, person_id: int) -> int:
        """Stop everything of this person but what belongs to a batch; how many were stopped."""
        active = await self._store.active_of(person_id)
        return sum([await self._cancel(download) for download in active if download.request.item is None])

    async def _cancel(self, download: Download) -> bool:
        latest: Download | None = download
        while latest is not None and latest.state in ACTIVE_STATES:
            if latest.state is State.RUNNING:
                latest = await self._store.note(download.id, cancel_requested=True)
                if latest is not None and latest.state is State.RUNNING:
                    # Elsewhere, the worker that holds it sees the request at its next heartbeat.
                    self._interrupt(download.id)
                    return True
            else:
                cancelled = await self._store.move(download.id, latest.state, State.CANCELLED, choices=())
                if cancelled is not None:
                    self._announce(cancelled)
                    return True
                # A worker or another press was faster.
                latest = await self._store.get(download.id)
        return False

    async def _known(self, job: str) -> Download:
        download = await self._store.get(job)
        if download is None:
            raise WrongArgument("I do not know this download any more.")
        return download

    async def _of(self, job: str, person_id: int) -> Download:
        download = await self._known(job)
        if download.request.person.id != person_id:
            raise NotYours
        return download
