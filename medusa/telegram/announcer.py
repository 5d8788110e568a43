"""Shows people how their downloads stand: domain events in, status messages out.

Several processes may write into one status message, one after the other. What ends a download is shown by who
ended it, and nobody else can. Anything else is shown only if it is still so when its turn comes.
"""

from functools import partial
from typing import Protocol

from loguru import logger

from medusa.batch import playlist_draft
from medusa.errors import Cancelled, MedusaError, StoreUnavailable
from medusa.model import Download, Progress, State
from medusa.telegram.board import StatusBoard
from medusa.under_way import Transfer, transfer_of
from medusa.views import batch, job
from medusa.views.view import View, error


class Records(Protocol):
    """Where downloads are kept. Each method raises StoreUnavailable when the database is down."""

    async def get(self, job: str) -> Download | None:
        """One download."""
        ...

    async def shown(self, download: Download) -> None:
        """The status message says how this download stands, if it still stands so."""
        ...


class Announcer:
    """Every state of a download in its status message."""

    def __init__(self, board: StatusBoard, records: Records) -> None:
        self._board = board
        self._records = records
        self._transfers: dict[str, Transfer] = {}

    def transfer(self, job: str) -> Transfer | None:
        """How far a download is; None when it is not on its way, or another process carries it out."""
        return self._transfers.get(job)

    def transfers(self) -> list[Transfer]:
        """The same of all that are on their way."""
        return [*self._transfers.values()]

    def announce(self, download: Download) -> None:
        """Show the state of a download."""
        self._transfers.pop(download.id, None)
        match download.state:
            case State.QUEUED:
                self._show(download, job.queued(download.request.url, 0, download.id))
            case State.RUNNING:
                self._show(download, job.probing(download))
            case State.ASKING:
                self._show(download, job.which_quality(download), urgent=True)
            case State.UNFOLDED:
                self._show(download, batch.question(playlist_draft(download)), urgent=True)
            case State.DONE:
                self._show(download, job.finished(download), final=True)
            case State.CANCELLED:
                self._show(download, error(Cancelled()), final=True)
            case State.FAILED:
                self._show(download, error(MedusaError(download.error)), final=True)

    def announce_progress(self, download: Download, progress: Progress) -> None:
        """Show how far the transfer is."""
        self._transfers[download.id] = transfer_of(download, progress)
        self._show(download, job.transferring(download, progress))

    def announce_failure(self, download: Download, problem: MedusaError, retry_in: float | None) -> None:
        """Show why it failed, and when it is tried again."""
        self._transfers.pop(download.id, None)
        if retry_in is None:
            self._show(download, error(problem), final=True)
        else:
            self._show(download, job.trying_again(download, problem, retry_in))

    def _show(self, download: Download, view: View, *, urgent: bool = False, final: bool = False) -> None:
        if download.status_message_id is not None:
            self._board.show(
                download.request.chat_id,
                download.status_message_id,
                view,
                urgent=urgent,
                final=final,
                still=None if final else partial(self._is_still_so, download),
                then=partial(self._note_shown, download) if download.unshown else None,
            )

    async def _note_shown(self, download: Download) -> None:
        try:
            await self._records.shown(download)
        except StoreUnavailable as error:
            logger.info("not recorded as shown, so it is shown again: {}", error.detail)

    async def _is_still_so(self, download: Download) -> bool:
        """Whether nobody has taken it further. Without a database nobody can."""
        try:
            now = await self._records.get(download.id)
        except StoreUnavailable:
            return True
        return now is not None and (now.state, now.claims) == (download.state, download.claims)
