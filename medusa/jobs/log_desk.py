"""What those who run the bot do about log channels: add and remove them, see how their copies stand, try
again, ask for those from before."""

from datetime import UTC, datetime
from typing import Protocol

from medusa.audit import Audit
from medusa.errors import MedusaError, WrongArgument
from medusa.jobs.outbox import Outbox
from medusa.jobs.store import ChannelStore, CopyStore
from medusa.log_channel import WORKING, LogChannel, Tally
from medusa.model import Person

DEED = "log channel"
"""What the audit calls it."""


class Channels(Protocol):
    """The log channels on Telegram, as the desk needs them."""

    async def add(self, channel_id: int) -> LogChannel:
        """Add a channel in which the bot may post. Raises ChatUnavailable with what is missing."""
        ...

    async def remove(self, channel_id: int) -> None:
        """Remove a channel. Raises WrongArgument when it is none of ours."""
        ...

    async def post_test(self, channel_id: int) -> None:
        """Post a test record. Raises ChatUnavailable, SlowedDown, TelegramUnreachable."""
        ...


class LogDesk:
    """The view that those who run the bot have of the outbox. Whatever changes something is noted."""

    def __init__(
        self, copies: CopyStore, channels: ChannelStore, posts: Channels, outbox: Outbox, audit: Audit
    ) -> None:
        self._copies = copies
        self._channels = channels
        self._posts = posts
        self._outbox = outbox
        self._audit = audit

    async def overview(self) -> list[tuple[LogChannel, Tally]]:
        """All log channels, and how many copies each still has to get."""
        tallies = await self._copies.tallies()
        return [
            (channel, tallies.get(channel.id, Tally())) for channel in await self._channels.log_channels()
        ]

    async def add(self, by: Person, channel_id: int) -> LogChannel:
        """Copy every file into this channel too. Raises ChatUnavailable with what is missing there."""
        channel = await self._posts.add(channel_id)
        await self._audit.note(by, DEED, f"{channel.title} ({channel_id})", after="added")
        return channel

    async def remove(self, by: Person, channel_id: int) -> None:
        """No more. Raises WrongArgument when it is none of ours."""
        await self._posts.remove(channel_id)
        await self._audit.note(by, DEED, str(channel_id), after="removed")

    async def backfill(self, by: Person, channel_id: int, last: int | None) -> tuple[LogChannel, int]:
        """Queue copies of all finished downloads, or of the last ones, that a log channel lacks; the channel,
        and of how many downloads. Raises WrongArgument when it is none of ours."""
        channels = {channel.id: channel for channel in await self._channels.log_channels()}
        if channel_id not in channels:
            raise WrongArgument("This is not one of the log channels.")
        queued = await self._copies.queue_copies(channel_id, last)
        self._outbox.wake()
        channel = channels[channel_id]
        await self._audit.note(
            by, DEED, f"{channel.title} ({channel_id})", after=f"gets {queued} from before"
        )
        return channel, queued

    async def retry(self, by: Person) -> int:
        """Try the failed copies again, and every channel that does not work; how many copies."""
        overview = await self.overview()
        await self._copies.retry_failed([channel.id for channel, _ in overview])
        for channel, _ in overview:
            self._outbox.look_at(channel.id)
        failed = sum(tally.failed for _, tally in overview)
        await self._audit.note(by, DEED, "all", after=f"{failed} copies tried again")
        return failed

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
