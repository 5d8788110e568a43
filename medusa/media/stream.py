"""Files on their way: the frames of one plan, as the media child writes them."""

from collections.abc import AsyncIterator

from pydantic import ValidationError

from medusa.errors import MediaChildDied
from medusa.media.job import Job, Record
from medusa.media.records import Type
from medusa.model import Frame, Plan, Summary


class StreamedFile:
    """One file of a stream. Iterate it once; frames come in order, except in the plan's head window: those
    may come again."""

    def __init__(self, number: int, records: AsyncIterator[Record]) -> None:
        self.number = number
        """Counted from 1."""
        self._records = records
        self._end: Record | None = None
        self._summary: Summary | None = None

    @property
    def summary(self) -> Summary:
        """What the file turned out to be. Raises RuntimeError before the iteration ended."""
        if self._summary is None:
            raise RuntimeError("the file is not over")
        return self._summary

    @property
    def is_last(self) -> bool:
        """Whether no other file follows. Raises RuntimeError before the iteration ended."""
        if self._end is None:
            raise RuntimeError("the file is not over")
        return self._end.type is Type.SUMMARY

    async def __aiter__(self) -> AsyncIterator[Frame]:
        """The frames. Raises an error of medusa.errors unless the file is complete."""
        async for record in self._records:
            if record.type is Type.DATA:
                yield Frame(record.offset, record.payload)
                continue
            self._end = record
            if record.type is Type.PIECE:
                break
            # Iterating on, to see the child end well.
        self._summary = _summary(self._end)


class MediaStream:
    """All files of a plan: one, or several where one would be larger than the plan allows."""

    def __init__(self, job: Job, plan: Plan) -> None:
        self._job = job
        self._size = plan.size if plan.size_is_exact else None

    @property
    def pid(self) -> int:
        """The media child, which leads its process group."""
        return self._job.pid

    def finish(self) -> None:
        """Let a recording end: its file is completed with what there is."""
        self._job.finish()

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

    async def files(self) -> AsyncIterator[StreamedFile]:
        """One after the other; each is to be iterated to its end before the next is asked for."""
        records = aiter(self._job.records())
        file = StreamedFile(1, records)
        yield file
        while not file.is_last:
            file = StreamedFile(file.number + 1, records)
            yield file


def _summary(record: Record | None) -> Summary:
    try:
        return Summary.model_validate_json(record.payload if record else b"")
    except ValidationError as error:
        raise MediaChildDied(detail=f"summary: {error}") from error
