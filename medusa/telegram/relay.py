"""The way of a file that only a user can upload: into a log channel, and by reference to its person.

An upload belongs to the account that made it, so the user posts the file where the bot sees it. The bot posts
it again, as every other file: with its caption, as the answer to the link, once. Forwarding would need no
reference, but could not answer (https://core.telegram.org/method/messages.forwardMessages).
"""

import asyncio

from loguru import logger

from medusa.errors import MedusaError, UploadError
from medusa.kept import Finished
from medusa.model import Download, Media, Sent
from medusa.telegram.account import SEND_PATIENCE, BotAccount, Uplink, identity
from medusa.telegram.errors import translated
from medusa.telegram.posting import by_reference, post_media
from medusa.upload.uploader import Uploader
from medusa.views.logs import relay_note
from medusa.wishes import Look

LOOK_BACK = 100
"""Posts of the channel among which ours are searched."""

TIDY_SECONDS = 10.0


class RelayedAccount:
    """A user who uploads, and the bot that posts, with a log channel between them."""

    def __init__(self, user: Uplink, bot: BotAccount, channel_id: int) -> None:
        self._user = user
        self._bot = bot
        self._channel_id = channel_id

    @property
    def id(self) -> int:
        """The user's."""
        return self._user.id

    @property
    def max_parts(self) -> int:
        """Parts of 512 KiB that one file of the user may have."""
        return self._user.max_parts

    @property
    def uploader(self) -> Uploader:
        """The user's."""
        return self._user.uploader

    def held(self) -> float:
        """Seconds for which Telegram asked the user to pause."""
        return self._user.held()

    async def send(self, download: Download, media: Media, file: Finished) -> Sent:
        """Post a file that the user has uploaded as the bot's answer to its link.

        Raises AccountLost when the user's session is over, and what the bot's own `send` raises.
        """
        note = relay_note(identity(download, file))
        post: int | None = None
        try:
            post = await self._post(download.request.look, media, file, note)
            document = await by_reference(self._bot.client, self._channel_id, post)
            return await self._bot.answer(download, media, file, document)
        finally:
            await self._tidy(post, note)

    async def _post(self, look: Look, media: Media, file: Finished, note: str) -> int:
        """Post the file in the channel; its message."""
        post = await post_media(
            self._user.client,
            self._channel_id,
            await self._user.document(look, media, file),
            note,
            key=f"relay:{file.uploaded.file_id}",
            patience=SEND_PATIENCE,
        )
        if post is not None:
            return post
        posts = await self._posts(note)  # the answer was lost
        if not posts:
            raise UploadError(detail="the post in the relay channel cannot be found")
        return posts[0]

    async def _posts(self, note: str) -> list[int]:
        """The user's posts with this note, newest first."""
        with translated():
            history = self._user.client.get_chat_history(self._channel_id, limit=LOOK_BACK)
            return [message.id async for message in history if message.caption == note]

    async def _tidy(self, post: int | None, note: str) -> None:
        """Take the post out of the channel, for the file lives on in its person's chat; also what an earlier
        try has left that was killed, or stopped before it knew what it had posted."""
        try:
            async with asyncio.timeout(TIDY_SECONDS):
                posts = {*await self._posts(note), *([post] if post is not None else [])}
                if posts:
                    with translated():
                        await self._user.client.delete_messages(self._channel_id, list(posts))
        except (MedusaError, TimeoutError) as error:
            logger.warning("a post may stay in the relay channel {}: {!r}", self._channel_id, error)
