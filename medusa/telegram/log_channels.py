"""Log channels: adding them with a look at the bot's rights, and copying finished messages into them."""

from datetime import UTC, datetime
from typing import Protocol

from loguru import logger
from pyrogram import raw

from medusa.errors import ChatUnavailable, MedusaError, WrongArgument
from medusa.log_channel import LogChannel, due_channels
from medusa.model import Download, LogCopy, Sent
from medusa.telegram.membership import check_posting, writable
from medusa.telegram.outgoing import write
from medusa.telegram.pace import PacedClient
from medusa.telegram.posting import by_reference, post_media
from medusa.views.logs import log_card, log_channel_news, test_record
from medusa.views.view import View


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

    def __init__(self, client: PacedClient, store: LogChannelStore, *, owner: int | None = None) -> None:
        """`owner` is told when a channel stops working, and when it works again."""
        self._client = client
        self._store = store
        self._owner = owner

    async def seed(self, primary: tuple[int, ...], backup: tuple[int, ...]) -> None:
        """Take over the channels of the settings, except those that the owner removed in chat."""
        known = {channel.id for channel in await self._store.log_channels()}
        for channel_id in dict.fromkeys((*primary, *backup)):
            if channel_id in known:
                continue
            channel = LogChannel(id=channel_id, title=str(channel_id), backup=channel_id not in primary)
            try:
                channel = channel.evolve(
                    title=(await writable(self._client, channel_id)).title or channel.title
                )
            except ChatUnavailable as error:
                logger.warning("log channel {}: {} {}", channel_id, error, error.detail)
                channel = channel.evolve(**channel.failing(error.sentence, datetime.now(UTC)))
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
        """The copies that a finished download is due. What a channel cannot take now, it gets when it can."""
        now = datetime.now(UTC)
        channels = due_channels(await self._store.log_channels())
        return tuple(LogCopy(channel_id=channel.id, next_try=now) for channel in channels)

    async def look(self, channel_id: int) -> None:
        """Return if the bot may post there. Raises ChatUnavailable, SlowedDown, TelegramUnreachable."""
        await check_posting(self._client, channel_id)

    async def tell_owner(self, channel: LogChannel, waiting: int) -> None:
        """Tell the owner how a channel is now. Raises SlowedDown, TelegramUnreachable."""
        if self._owner is None:
            return
        try:
            await write(self._client, self._owner, log_channel_news(channel, waiting))
        except ChatUnavailable as error:
            logger.info("the owner cannot be told of {}: {} {}", channel.id, error, error.detail)

    async def post(self, view: View) -> None:
        """Post something into each primary channel that works. Raises the last problem that there was."""
        problem: MedusaError | None = None
        for channel in await self._store.log_channels():
            if channel.works and not channel.backup:
                try:
                    await write(self._client, channel.id, view)
                except MedusaError as error:
                    problem = error
        if problem is not None:
            raise problem

    async def post_test(self, channel_id: int) -> None:
        """Post a test record. Raises ChatUnavailable, SlowedDown, TelegramUnreachable."""
        await write(self._client, channel_id, test_record(self._client.username, datetime.now(UTC)))

    async def copy(self, download: Download, copy: LogCopy) -> int | None:
        """Copy a finished message by reference, with the log card as its caption; the new message's id, or
        None when it turns out to be there already.

        Raises ChatUnavailable when the channel does not take it, SlowedDown, TelegramUnreachable, and
        MedusaError when the finished message is gone.
        """
        sent = download.sent[copy.number - 1]
        number = f":{copy.number}" if copy.number > 1 else ""
        return await post_media(
            self._client,
            copy.channel_id,
            await self._finished(sent),
            log_card(download, copy.number, bot=self._client.username, now=download.updated),
            key=f"log:{download.id}:{copy.channel_id}{number}",
        )

    async def _finished(self, sent: Sent) -> raw.base.InputMedia:
        """The file of a finished message. That it cannot be read is not the log channel's fault."""
        try:
            return await by_reference(self._client, sent.chat_id, sent.message_id)
        except ChatUnavailable as error:
            raise MedusaError("I cannot read the finished message any more.", detail=error.detail) from error
