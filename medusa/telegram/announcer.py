"""Shows people how their downloads stand: domain events in, status messages out."""

from medusa.errors import Cancelled, MedusaError
from medusa.model import Download, Progress, State
from medusa.telegram.board import StatusBoard
from medusa.views import job
from medusa.views.view import View, error


class Announcer:
    """Every state of a download in its status message."""

    def __init__(self, board: StatusBoard) -> None:
        self._board = board

    def announce(self, download: Download) -> None:
        """Show the state of a download."""
        match download.state:
            case State.QUEUED:
                self._show(download, job.queued(download.request.url, 0, download.id))
            case State.RUNNING:
                self._show(download, job.probing(download))
            case State.ASKING:
                self._show(download, job.which_quality(download), urgent=True)
            case State.DONE:
                self._show(download, job.finished(download), final=True)
            case State.CANCELLED:
                self._show(download, error(Cancelled()), final=True)
            case State.FAILED:
                self._show(download, error(MedusaError(download.error)), final=True)

    def announce_progress(self, download: Download, progress: Progress) -> None:
        """Show how far the transfer is."""
        self._show(download, job.transferring(download, progress))

    def announce_failure(self, download: Download, problem: MedusaError, retry_in: float | None) -> None:
        """Show why it failed, and when it is tried again."""
        if retry_in is None:
            self._show(download, error(problem), final=True)
        else:
            self._show(download, job.trying_again(download, problem, retry_in))

    def _show(self, download: Download, view: View, *, urgent: bool = False, final: bool = False) -> None:
        if download.status_message_id is not None:
            self._board.show(
                download.request.chat_id, download.status_message_id, view, urgent=urgent, final=final
            )
