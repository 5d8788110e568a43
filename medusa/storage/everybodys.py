"""What all people together have under way."""

from typing import Any

from pymongo import ASCENDING

from medusa.model import ACTIVE_STATES, Download, State
from medusa.storage.documents import readable
from medusa.storage.errors import translated
from medusa.storage.line import LINE

_LEASES = "leases"


class Everybodys:
    """jobs/tasks.py's AllStore."""

    def __init__(self, database: Any) -> None:
        self._downloads = database["downloads"]

    async def counts(self) -> dict[State, int]:
        """How many downloads that are not over there are in each state."""
        with translated():
            return {
                state: int(await self._downloads.count_documents({"state": state.value}, hint=LINE))
                for state in ACTIVE_STATES
            }

    async def running(self, skip: int, most: int) -> list[Download]:
        """Those that run, whose lease ends first at first."""
        query = {"state": State.RUNNING.value}
        with translated():
            cursor = self._downloads.find(query).sort("lease_until", ASCENDING).hint(_LEASES)
            documents = await cursor.skip(skip).limit(most).to_list(most)
        return [download for document in documents if (download := readable(document))]
