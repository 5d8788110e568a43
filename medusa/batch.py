"""Many links that are delivered as one job, in order. Values, no I/O."""

from datetime import datetime
from enum import StrEnum

from medusa.allowance import Allowance
from medusa.batch_text import BadLine, Entry, Listing, Sort, clean_name, counts
from medusa.model import Download, Item, Person, Request
from medusa.spans import Spans, size, whole
from medusa.value import Value
from medusa.wishes import Look, Preferences, Shape, Target, Wish


class BatchState(StrEnum):
    """Where a batch stands."""

    DRAFT = "draft"  # its person is being asked about it
    RUNNING = "running"  # its items are downloads, or are about to be
    PAUSED = "paused"  # none of its items is taken up
    OVER = "over"  # all of its items are over


class Question(StrEnum):
    """What is asked about a batch, in this order."""

    ITEMS = "items"  # which of its links
    NAME = "name"
    QUALITY = "quality"
    CREDIT = "credit"
    THUMBNAIL = "thumbnail"


BAD_KEPT = 20
"""Lines without a link that are kept to be shown."""
BAD_LENGTH = 200
"""Characters of each."""
OF_FILE = tuple(Question)
OF_PLAYLIST = (Question.ITEMS, Question.QUALITY)


class Batch(Value):
    """A list of links, and what its person wants of them."""

    id: str
    person: Person
    chat_id: int
    message_id: int
    """The message that brought the list."""
    status_message_id: int | None = None
    """The message that asks, and later shows how far it is."""
    state: BatchState = BatchState.DRAFT
    name: str
    count: int
    """Links in the list."""
    sorts: tuple[tuple[Sort, int], ...] = ()
    """How many of each sort there are."""
    is_playlist: bool = False
    """The list is a site's, not a file's."""
    is_cut: bool = False
    """The site has more."""
    bad: tuple[BadLine, ...] = ()
    """Lines that are no links, the first of them."""
    bad_count: int = 0
    chosen: Spans
    questions: tuple[Question, ...] = OF_FILE
    """Those that are still to be answered; the first is being asked."""
    wish: Wish | None = None
    """None: the best there is."""
    shape: Shape = Shape()
    look: Look = Look()
    target: Target | None = None
    credit: str = ""
    fresh: bool = False
    allowance: Allowance = Allowance()
    """What its person might have when it started."""
    is_filled: bool = False
    """All items are downloads."""
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    unshown: bool = False
    """It is over, and not everybody was told."""
    is_cancelled: bool = False
    is_told: bool = False
    """Its person has the summary."""
    untold: tuple[int, ...] = ()
    """Log channels that have no summary yet."""

    @property
    def size(self) -> int:
        """How many links are wanted."""
        return size(self.chosen)

    @property
    def question(self) -> Question | None:
        """What is being asked."""
        return self.questions[0] if self.state is BatchState.DRAFT and self.questions else None

    def request(self, number: int, entry: Entry) -> Request:
        """What is asked for with one of its links; `number` is counted from 1."""
        name = entry.name or None
        return Request(
            url=entry.url,
            hint=entry.hint,
            person=self.person,
            chat_id=self.chat_id,
            message_id=self.message_id,
            wish=self.wish or Wish(),
            fresh=self.fresh,
            shape=self.shape.evolve(name=name, section=entry.section),
            look=self.look,
            target=self.target,
            credit=self.credit,
            allowance=self.allowance,
            item=Item(
                batch=self.id,
                number=number,
                batch_name=self.name,
                name=entry.name,
            ),
        )


def new_batch(
    batch_id: str,
    person: Person,
    preferences: Preferences,
    place: tuple[int, int],
    name: str,
    listing: Listing,
    now: datetime,
) -> Batch:
    """A draft of everything in a list, as its person has set it; `place`: the chat and the message that
    brought it."""
    chat_id, message_id = place
    return Batch(
        id=batch_id,
        person=person,
        chat_id=chat_id,
        message_id=message_id,
        name=name,
        count=len(listing.entries),
        sorts=tuple(counts(listing.entries)),
        bad=tuple(one._replace(text=one.text[:BAD_LENGTH]) for one in listing.bad[:BAD_KEPT]),
        bad_count=len(listing.bad),
        chosen=whole(len(listing.entries)),
        wish=preferences.quality,
        shape=preferences.shape,
        look=preferences.look,
        target=preferences.target,
        credit=preferences.credit,
        fresh=not preferences.archive,
        created=now,
    )


def playlist_draft(download: Download) -> Batch:
    """A draft of the playlist that a download has turned out to be."""
    request = download.request
    return Batch(
        id=download.id,
        person=request.person,
        chat_id=request.chat_id,
        message_id=request.message_id,
        status_message_id=download.status_message_id,
        name=clean_name(download.title or "") or "Playlist",
        count=download.entries,
        is_playlist=True,
        is_cut=download.is_cut,
        chosen=whole(download.entries),
        # Whoever has a default is not asked each time.
        questions=OF_PLAYLIST if request.wish is None else OF_PLAYLIST[:1],
        wish=request.wish,
        shape=request.shape,
        look=request.look,
        target=request.target,
        fresh=request.fresh,
        # It may have waited longer than a draft lives.
        created=download.updated,
    )


class Tally(Value):
    """How the items of a batch stand."""

    queued: int = 0
    running: int = 0
    done: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def over(self) -> int:
        """Items that are over."""
        return self.done + self.failed + self.cancelled


def remaining(batch: Batch, tally: "Tally", now: datetime) -> float | None:
    """Seconds until all is over, as it went so far; None: no telling yet."""
    if batch.started is None or not tally.done + tally.failed:
        return None
    each = (now - batch.started).total_seconds() / (tally.done + tally.failed)
    return each * (batch.size - tally.over)


class Failure(Value):
    """An item that was not delivered."""

    number: int
    url: str
    name: str = ""
    error: str = ""
