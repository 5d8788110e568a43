"""Log channels: adding them with a look at the bot's rights, and copying finished messages into them."""

from datetime import UTC, datetime
from typing import Protocol

from loguru import logger

from medusa.errors import ChatUnavailable, MedusaError, WrongArgument
from medusa.model import Download, LogChannel, LogCopy
from medusa.telegram.membership import writable
from medusa.telegram.outgoing import write
from medusa.telegram.pace import PacedClient
from medusa.telegram.posting import by_reference, post_media
from medusa.views.logs import log_card, test_record


class LogChannelStore(Protocol):
    """The records of the log channels. Each method raises StoreUnavailable when the database is down."""

    async def add_log_channel(self, channel: LogChannel, *, only_if_new: bool = False) -> None:
        """Keep a log channel; `only_if_new` leaves one alone that somebody added or removed before."""
        ...

    async def remove_log_channel(self, channel_id: int) -> bool:
        """Forget a log channel; False when there was none."""
        ...

    async def log_channels(self) -> list[LogChannel]:
        """All log channels, primary ones first."""
        ...


class LogChannels:
    """The channels that get a copy of every finished message."""

    def __init__(self, client: PacedClient, store: LogChannelStore) -> None:
        self._client = client
        self._store = store

    async def seed(self, primary: tuple[int, ...], backup: tuple[int, ...]) -> None:
        """Take over the channels of the settings, except those that the owner removed in chat."""
        for channel_id in (*primary, *backup):
            channel = LogChannel(id=channel_id, title=str(channel_id), backup=channel_id not in primary)
            try:
                channel = channel.evolve(
                    title=(await writable(self._client, channel_id)).title or channel.title
                )
            except ChatUnavailable as error:
                logger.warning("log channel {}: {} {}", channel_id, error, error.detail)
                channel = channel.evolve(error=error.sentence)
            await self._store.add_log_channel(channel, only_if_new=True)

    async def add(self, channel_id: int) -> LogChannel:
        """Add a channel in which the bot may post. Raises ChatUnavailable with what is missing."""
        chat = await writable(self._client, channel_id)
        channel = LogChannel(id=channel_id, title=chat.title or str(channel_id))
        await self._store.add_log_channel(channel)
        return channel

    async def remove(self, channel_id: int) -> None:
        """Remove a channel. Raises WrongArgument when it is none of ours."""
        if not await self._store.remove_log_channel(channel_id):
            raise WrongArgument("This is not one of the log channels.")

    async def all(self) -> list[LogChannel]:
        """All log channels, primary ones first."""
        return await self._store.log_channels()

    async def copies(self) -> tuple[LogCopy, ...]:
        """The copies that a finished download is due: one for each primary channel; the backups take over
        while no primary works."""
        channels = await self._store.log_channels()
        working = any(not channel.backup and channel.error is None for channel in channels)
        return tuple(
            LogCopy(channel_id=channel.id, next_try=datetime.now(UTC))
            for channel in channels
            if not (channel.backup and working)
        )

    async def test(self) -> list[tuple[LogChannel, MedusaError | None]]:
        """Post a test record into every channel; what went wrong in each."""
        results: list[tuple[LogChannel, MedusaError | None]] = []
        for channel in await self._store.log_channels():
            try:
                await write(self._client, channel.id, test_record(self._client.username, datetime.now(UTC)))
                results.append((channel, None))
            except MedusaError as error:
                results.append((channel, error))
        return results

    async def copy(self, download: Download, copy: LogCopy) -> int | None:
        """Copy a finished message by reference, with the log card as its caption; the new message's id, or
        None when it turns out to be there already.

        Raises ChatUnavailable, SlowedDown, TelegramUnreachable.
        """
        sent = download.sent[copy.number - 1]
        number = f":{copy.number}" if copy.number > 1 else ""
        return await post_media(
            self._client,
            copy.channel_id,
            await by_reference(self._client, sent.chat_id, sent.message_id),
            log_card(download, copy.number, bot=self._client.username, now=download.updated),
            key=f"log:{download.id}:{copy.channel_id}{number}",
        )
