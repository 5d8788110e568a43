"""A file on its way: the frames of one plan, as the media child writes them."""

from collections.abc import AsyncIterator

from pydantic import ValidationError

from medusa.errors import MediaChildDied
from medusa.media.job import Job
from medusa.media.records import Type
from medusa.model import Frame, Plan, Summary


class MediaStream:
    """Iterate it once. Frames come in order, except in the plan's head window: those may come again."""

    def __init__(self, job: Job, plan: Plan) -> None:
        self._job = job
        self._size = plan.size if plan.size_is_exact else None
        self._summary: Summary | None = None

    @property
    def pid(self) -> int:
        """The media child, which leads its process group."""
        return self._job.pid

    @property
    def received(self) -> int:
        """Bytes received from the source so far, reported about twice a second."""
        return sum(received for received, _ in self._job.progress.values())

    @property
    def expected(self) -> int | None:
        """What the source sends in all; for fragments an estimate that gets better; None: no telling."""
        totals = [total for _, total in self._job.progress.values()]
        known = sum(total for total in totals if total is not None)
        return known if totals and None not in totals else self._size

    @property
    def summary(self) -> Summary:
        """What the file turned out to be. Raises RuntimeError before the iteration ended."""
        if self._summary is None:
            raise RuntimeError("the stream is not over")
        return self._summary

    async def __aiter__(self) -> AsyncIterator[Frame]:
        """The frames. Raises an error of medusa.errors unless the file is complete."""
        summary = None
        async for record in self._job.records():
            if record.type is Type.DATA:
                yield Frame(record.offset, record.payload)
            else:
                summary = record.payload
        try:
            self._summary = Summary.model_validate_json(summary or b"")
        except ValidationError as error:
            raise MediaChildDied(detail=f"summary: {error}") from error
