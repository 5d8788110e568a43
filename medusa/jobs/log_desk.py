"""What the owner does about log copies: see how they stand, try again, ask for those from before."""

from datetime import UTC, datetime
from typing import Protocol

from medusa.errors import MedusaError, WrongArgument
from medusa.jobs.outbox import Outbox
from medusa.jobs.store import ChannelStore, CopyStore
from medusa.log_channel import WORKING, LogChannel, Tally


class Tester(Protocol):
    """Telegram, as the desk needs it."""

    async def post_test(self, channel_id: int) -> None:
        """Post a test record. Raises ChatUnavailable, SlowedDown, TelegramUnreachable."""
        ...


class LogDesk:
    """The owner's view of the outbox."""

    def __init__(self, copies: CopyStore, channels: ChannelStore, posts: Tester, outbox: Outbox) -> None:
        self._copies = copies
        self._channels = channels
        self._posts = posts
        self._outbox = outbox

    async def overview(self) -> list[tuple[LogChannel, Tally]]:
        """All log channels, and how many copies each still has to get."""
        tallies = await self._copies.tallies()
        return [
            (channel, tallies.get(channel.id, Tally())) for channel in await self._channels.log_channels()
        ]

    async def backfill(self, channel_id: int, last: int | None) -> tuple[LogChannel, int]:
        """Queue copies of all finished downloads, or of the last ones, that a log channel lacks; the channel,
        and of how many downloads. Raises WrongArgument when it is none of ours."""
        channels = {channel.id: channel for channel in await self._channels.log_channels()}
        if channel_id not in channels:
            raise WrongArgument("This is not one of the log channels.")
        queued = await self._copies.queue_copies(channel_id, last)
        self._outbox.wake()
        return channels[channel_id], queued

    async def retry(self) -> int:
        """Try the failed copies again, and every channel that does not work; how many copies."""
        overview = await self.overview()
        await self._copies.retry_failed([channel.id for channel, _ in overview])
        for channel, _ in overview:
            self._outbox.look_at(channel.id)
        return sum(tally.failed for _, tally in overview)

    async def test(self) -> list[tuple[LogChannel, MedusaError | None]]:
        """Post a test record into every channel; what went wrong in each."""
        channels = await self._channels.log_channels()
        results = [(channel, await self._test(channel)) for channel in channels]
        self._outbox.wake()
        return results

    async def _test(self, channel: LogChannel) -> MedusaError | None:
        try:
            await self._posts.post_test(channel.id)
        except MedusaError as error:
            if not error.retryable:
                changes = channel.failing(error.sentence, datetime.now(UTC))
                await self._channels.note_log_channel(channel.id, **changes)
            return error
        await self._channels.note_log_channel(channel.id, **WORKING)
        return None

    def look_at(self, channel_id: int) -> None:
        """Telegram says that the bot's place in this channel has changed."""
        self._outbox.look_at(channel_id)
