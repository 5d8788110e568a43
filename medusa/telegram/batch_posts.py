"""Batches on Telegram: the status message that lives as long as they do, and the summary at their end."""

from collections.abc import Sequence

from loguru import logger
from pyrogram import raw

from medusa.batch import Batch, BatchState, Tally
from medusa.errors import WrongArgument
from medusa.jobs.batch_watch import Ended
from medusa.model import Download
from medusa.telegram.board import StatusBoard
from medusa.telegram.documents import Documents
from medusa.telegram.outgoing import keyboard
from medusa.telegram.pace import PacedClient
from medusa.telegram.posting import post_media
from medusa.views import batch as views
from medusa.views.view import View


class BatchPosts:
    """jobs/batch_watch.py's BatchPosts."""

    def __init__(self, client: PacedClient, board: StatusBoard, documents: Documents) -> None:
        self._client = client
        self._board = board
        self._documents = documents

    def show(
        self, batch: Batch, tally: Tally, running: Sequence[Download], seconds_left: float | None
    ) -> None:
        """Show in the status message how a batch stands."""
        if batch.status_message_id is not None:
            self._board.show(
                batch.chat_id,
                batch.status_message_id,
                views.live(batch, tally, running, seconds_left),
                final=batch.state is BatchState.OVER,
            )

    async def tell_person(self, ended: Ended) -> None:
        """Post the summary in the chat of the batch, with the failed links as a file."""
        batch = ended.batch
        text = views.summary(batch, ended.tally, ended.size, hashtags=False)
        buttons = views.retry_button(batch, len(ended.failures))
        await post_media(
            self._client,
            batch.chat_id,
            await self._failed(ended),
            views.with_failures(text, ended.failures),
            key=f"batch:{batch.id}",
            reply_to=batch.message_id,
            buttons=keyboard(View(text, buttons)),
        )

    async def tell_log_channel(self, ended: Ended, channel_id: int) -> None:
        """Post the summary in a log channel."""
        text = views.summary(ended.batch, ended.tally, ended.size, hashtags=True)
        await post_media(self._client, channel_id, None, text, key=f"batch:{ended.batch.id}:{channel_id}")

    async def _failed(self, ended: Ended) -> raw.base.InputMedia | None:
        """The failed links as a file; None where there are none, or more than such a file holds: the button
        under the summary tries them all the same."""
        if not ended.failures:
            return None
        try:
            return await self._documents.upload(views.failed_file(ended.batch, ended.failures))
        except WrongArgument as error:
            logger.warning("batch {} gets no file of what failed: {}", ended.batch.id, error)
            return None
