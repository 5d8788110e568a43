"""What a person has under way, and what they had, as it is shown to them. Values, no I/O."""

from collections.abc import Sequence
from typing import NamedTuple

from medusa.batch import Batch, Tally
from medusa.model import Download, Progress, State
from medusa.value import Value

PAGE = 8
"""Downloads and batches that are shown at a time."""


class Transfer(Value):
    """How far a download is, as the process knows that carries it out."""

    id: str
    claims: int
    """Of which claim of the download."""
    title: str | None
    """Its record learns that in the end."""
    progress: Progress


def transfer_of(download: Download, progress: Progress) -> Transfer:
    """How far a download is."""
    return Transfer(id=download.id, claims=download.claims, title=download.title, progress=progress)


class BatchTask(NamedTuple):
    """A batch under way."""

    batch: Batch
    tally: Tally


class LinkTask(NamedTuple):
    """A link by itself that is under way."""

    download: Download
    transfer: Transfer | None
    """None: it does not run, or nothing is known of it yet."""
    ahead: int
    """Downloads that wait before it."""


class Overview(NamedTuple):
    """A page of what a person has under way."""

    person_id: int
    page: int
    """Counted from 0."""
    pages: int
    total: int
    """Batches and links on all pages."""
    batches: Sequence[BatchTask]
    links: Sequence[LinkTask]


class Past(NamedTuple):
    """A page of what a person had."""

    person_id: int
    page: int
    """Counted from 0."""
    downloads: Sequence[Download]
    """Newest first."""
    has_more: bool


class Busy(NamedTuple):
    """What all people together have under way."""

    counts: dict[State, int]
    """Of each state that is not the end."""
    page: int
    """Counted from 0."""
    running: Sequence[LinkTask]
    """Those that run, on this page."""
    has_more: bool
