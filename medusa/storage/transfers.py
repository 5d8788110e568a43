"""How far downloads are that other processes carry out; of a minute, no longer."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, IndexModel, ReplaceOne

from medusa.storage.documents import document_of, value_of
from medusa.storage.errors import translated
from medusa.under_way import Transfer

INDEXES = [IndexModel([("at", ASCENDING)], name="life", expireAfterSeconds=60)]


class Transfers:
    """jobs/sharing.py's and jobs/tasks.py's store."""

    def __init__(self, database: Any) -> None:
        self._transfers = database["transfers"]

    async def keep(self, transfers: Sequence[Transfer]) -> None:
        """Keep how far these are."""
        at = datetime.now(UTC)
        with translated():
            await self._transfers.bulk_write(
                [
                    ReplaceOne({"_id": one.id}, {**document_of(one), "at": at}, upsert=True)
                    for one in transfers
                ],
                ordered=False,
            )

    async def of(self, jobs: Sequence[str]) -> list[Transfer]:
        """What is known of these."""
        with translated():
            documents = await self._transfers.find({"_id": {"$in": list(jobs)}}, {"at": 0}).to_list()
        return [Transfer.model_validate(value_of(document)) for document in documents]
