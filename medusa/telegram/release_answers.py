"""What the owner sees of yt-dlp: an update as it goes on, and what happened by itself."""

from datetime import UTC, date, datetime

from loguru import logger

from medusa.audit import Audit
from medusa.errors import MedusaError
from medusa.model import Person
from medusa.release import Failure, Release, Step
from medusa.telegram.board import StatusBoard
from medusa.telegram.outgoing import write
from medusa.telegram.pace import PacedClient
from medusa.views import ytdlp
from medusa.views.view import View
from medusa.ytdlp.desk import DEED, Asked


class ReleaseAnswers:
    """ytdlp/desk.py's Answers: one message that changes."""

    def __init__(self, client: PacedClient, board: StatusBoard) -> None:
        self._client = client
        self._board = board

    async def begin(self, asked: Asked) -> int:
        """Say that it begins; the message that says so."""
        view = ytdlp.beginning(asked.version)
        return await write(self._client, asked.chat_id, view, reply_to=asked.message_id)

    def step(self, asked: Asked, status: int, step: Step, version: str) -> None:
        """Show what is being done."""
        self._board.show(asked.chat_id, status, ytdlp.step(step, version), urgent=True)

    def used(self, asked: Asked, status: int, release: Release, before: Release) -> None:
        """Show that a release is in use."""
        self._board.show(asked.chat_id, status, ytdlp.used(release, before, _today()), final=True)

    def refuse(self, asked: Asked, status: int, problem: MedusaError, in_use: Release) -> None:
        """Show why nothing has changed."""
        self._board.show(asked.chat_id, status, ytdlp.refused(problem, in_use), final=True)


class ReleaseHerald:
    """ytdlp/follower.py's Herald, and ytdlp/weekly.py's News: messages to the owner."""

    def __init__(self, client: PacedClient, audit: Audit, bot: Person, *, owner: int | None) -> None:
        """`bot`: who is noted for what happens by itself."""
        self._client = client
        self._audit = audit
        self._bot = bot
        self._owner = owner

    async def given_up(self, failure: Failure, shipped: str) -> None:
        """A release broke down while it was in use. Raises StoreUnavailable."""
        await self._tell(ytdlp.given_up(failure, shipped))
        await self._audit.note(self._bot, DEED, "the yt-dlp in use", before=failure.version, after=shipped)

    async def missing(self, version: str, shipped: str, problem: MedusaError) -> None:
        """A process cannot have the release that was decided on."""
        await self._tell(ytdlp.missing(version, shipped, problem))

    async def renewed(self, release: Release) -> None:
        """A newer release is in use."""
        await self._tell(ytdlp.renewed(release, _today()))

    async def not_renewed(self, problem: MedusaError) -> None:
        """A newer release does not work."""
        await self._tell(ytdlp.not_renewed(problem))

    async def _tell(self, view: View) -> None:
        if self._owner is None:
            return
        try:
            await write(self._client, self._owner, view)
        except MedusaError as error:
            logger.warning("the owner cannot be told of yt-dlp: {} {}", error, error.detail)


def _today() -> date:
    return datetime.now(UTC).date()
