"""What waits for a time, when the clock was set back."""

from datetime import datetime, timedelta
from typing import Any

from medusa.model import CopyState, State
from medusa.storage.documents import Document
from medusa.storage.errors import translated

LONGEST_LEASE = timedelta(minutes=5)
"""One that is given back for later included."""


class Waiting:
    """jobs/clock_watch.py's Waiting."""

    def __init__(self, database: Any) -> None:
        self._downloads = database["downloads"]
        self._channels = database["channels"]

    async def bring_forward(self, now: datetime, back: timedelta) -> int:
        """Downloads, log copies and the looks at log channels: due now. Leases: over in time."""
        soon = {"$gt": now, "$lte": now + back}
        # What is put off for good, like the items of a batch that was paused, is later than that.
        queued = {"state": State.QUEUED.value, "not_before": soon}
        copy = {"state": CopyState.PENDING.value, "next_try": soon}
        ends = {"$gt": now + LONGEST_LEASE, "$lte": now + back + LONGEST_LEASE}
        with translated():
            return sum(
                [
                    await self._change(self._downloads, queued, {"not_before": now}),
                    await self._change(
                        self._downloads,
                        {"log_copies": {"$elemMatch": copy}},
                        {"log_copies.$[copy].next_try": now},
                        array_filters=[{f"copy.{name}": value for name, value in copy.items()}],
                    ),
                    await self._change(self._channels, {"next_probe": soon}, {"next_probe": now}),
                    await self._change(
                        self._downloads,
                        {"state": State.RUNNING.value, "lease_until": ends},
                        {"lease_until": now + LONGEST_LEASE},
                    ),
                ]
            )

    async def _change(self, collection: Any, which: Document, fields: Document, **options: Any) -> int:
        changed = await collection.update_many(which, {"$set": fields}, **options)
        return int(changed.modified_count)
