"""The values that everybody speaks of. Frozen, typed, no I/O; sizes are bytes, durations seconds."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from medusa.value import Value
from medusa.wishes import Look, Shape, Target, Wish

# --- people and their links -----------------------------------------------------------------------


class Person(Value):
    """Somebody on Telegram."""

    id: int
    name: str
    username: str | None = None


class Item(Value):
    """A link's place in a batch."""

    batch: str
    number: int
    """As its people count it; the files come in this order."""
    batch_name: str
    name: str = ""
    """What the batch calls it; empty: nothing."""
    credit: str = ""


class Request(Value):
    """One link that one person sent."""

    url: str
    person: Person
    chat_id: int
    message_id: int
    """The message that holds the link; the answer replies to it."""
    wish: Wish | None = None
    """None: ask when there is something to choose."""
    fresh: bool = False
    """Fetch it although the archive has it."""
    shape: Shape = Shape()
    look: Look = Look()
    target: Target | None = None
    """None: this chat."""
    item: Item | None = None
    """None: a link by itself."""


# --- media ----------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a file is in Telegram."""

    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"


class Format(Value):
    """One rendition that a source offers."""

    id: str
    protocol: str
    """yt-dlp's name for it: https, m3u8_native, http_dash_segments …"""
    container: str
    """File extension without the dot, as the source has it."""
    video_codec: str | None = None
    audio_codec: str | None = None
    """None: there is no such track. "unknown": there may be one."""
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    bitrate: float | None = None
    """All tracks together, in kbit/s."""
    size: int | None = None
    size_is_exact: bool = False
    language: str | None = None
    ranges: bool = False
    """Whether the server was seen to honour byte ranges."""
    index_is_late: bool = False
    """An MP4 whose `moov` was seen behind its media."""
    index_size: int | None = None
    """Bytes of an MP4's `moov`, where it was seen."""
    is_fragmented: bool = False
    """An MP4 of `moof` fragments, without one index for the whole."""


class Media(Value):
    """What a link leads to."""

    url: str
    """The page, as the person would open it."""
    title: str
    source: str
    """Name of the site, for people: "YouTube", "example.org"."""
    kind: Kind
    formats: tuple[Format, ...]
    duration: float | None = None
    performer: str | None = None
    mime: str | None = None
    """As the server gave it, for a plain file."""
    recipe: bytes = Field(default=b"", repr=False)
    """How medusa.media fetches it. Opaque to everybody else, and secret: it may hold signed URLs."""


class Choice(Value):
    """One button of the question "which quality?"."""

    label: str
    wish: Wish
    size: int | None = None
    """An estimate, for the label."""


class Method(StrEnum):
    """How the bytes of a plan come about."""

    PASS = "pass"  # as they arrive
    REMUX = "remux"  # one stream into a seekable file
    MUX = "mux"  # a video and an audio stream into one seekable file


class Plan(Value):
    """What will be fetched and what it becomes."""

    method: Method
    format_ids: tuple[str, ...]
    """One, or the video's and the audio's."""
    kind: Kind
    file_name: str
    mime: str
    head_window: int = 0
    """Bytes at the head of the file that may be written again at the end; 0: strictly in order."""
    size: int | None = None
    size_is_exact: bool = False
    max_size: int | None = None
    """Bytes that one file may have; what is larger is cut into several. None: no limit."""
    quality: str = ""
    """For people: "720p", "128 kbit/s"."""


class Frame(NamedTuple):
    """Bytes of a file on their way from the media child to the part cutter."""

    offset: int
    """Where they belong in the file: right behind the previous frame, or inside the plan's head window."""
    data: bytes


class Summary(Value):
    """What the finished stream turned out to be."""

    size: int
    duration: float | None = None
    width: int | None = None
    height: int | None = None
    title: str | None = None
    performer: str | None = None
    thumbnail: bytes | None = Field(default=None, repr=False)
    """JPEG, at most 320 pixels wide or high and 200 kB."""


class Progress(Value):
    """How far a transfer is; sizes in bytes, speeds in bytes a second."""

    acknowledged: int
    """What Telegram has."""
    total: int | None = None
    """Of the finished file, where it can be told."""
    total_is_exact: bool = False
    down_speed: float = 0.0
    up_speed: float = 0.0
    eta: float | None = None
    """Seconds until all is there."""
    held: float = 0.0
    """Seconds for which Telegram asked us to pause."""
    piece: int | None = None
    """The file that is on its way, counted from 1, where there are or may be several."""


# --- the job and its outcome ----------------------------------------------------------------------


class Sent(Value):
    """A finished message with one file."""

    chat_id: int
    message_id: int
    size: int
    parts: int
    plan: Plan | None = None
    """Of this file, where it is one of several; else the download's."""
    duration: float | None = None


class CopyState(StrEnum):
    """Where a log copy stands."""

    PENDING = "pending"  # to be sent, or tried again at `next_try`
    SENT = "sent"  # in the channel
    FAILED = "failed"  # given up; `error` says why


class LogCopy(Value):
    """The copy of one finished message in one log channel."""

    channel_id: int
    number: int = 1
    """Which of the download's messages, counted from 1."""
    state: CopyState = CopyState.PENDING
    message_id: int | None = None
    attempts: int = 0
    next_try: datetime | None = None
    error: str | None = None


class State(StrEnum):
    """Where a download stands."""

    QUEUED = "queued"  # waits for a worker
    RUNNING = "running"  # a worker holds it
    ASKING = "asking"  # waits for the person to choose a quality
    DONE = "done"  # delivered
    FAILED = "failed"  # ended with `error`
    CANCELLED = "cancelled"  # ended because somebody said so


NEXT_STATES: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset({State.QUEUED, State.ASKING, State.DONE, State.FAILED, State.CANCELLED}),
    State.ASKING: frozenset({State.QUEUED, State.CANCELLED}),
    State.DONE: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}
"""From each state, where a download may go. What has no next state is over."""

ACTIVE_STATES = tuple(state for state, following in NEXT_STATES.items() if following)
RESTING_STATES = frozenset(State) - {State.QUEUED, State.RUNNING}


class Download(Value):
    """One link from the message that held it to the message that answers it."""

    id: str
    request: Request
    state: State
    created: datetime
    updated: datetime
    status_message_id: int | None = None
    """The message that shows the progress, in the request's chat."""
    unshown: bool = False
    """It rests, and the status message does not say so yet."""
    attempts: int = 0
    """How often it was tried; the loss of a worker is no attempt."""
    claims: int = 0
    """The number of the present claim: it tells its worker from those that have lost the download."""
    losses: int = 0
    """Workers in a row that were lost with it before they had come any further."""
    holder: str | None = None
    """The process that runs it, or ran it last."""
    seat: int | None = None
    """Which of its person's running downloads it is, or was, counted from 0."""
    not_before: datetime
    """A queued download is not taken up earlier."""
    lease_until: datetime | None = None
    """A running download whose lease is over has lost its worker; another takes it up."""
    cancel_requested: bool = False
    choices: tuple[Choice, ...] = ()
    title: str | None = None
    source: str | None = None
    duration: float | None = None
    plan: Plan | None = None
    sent: tuple[Sent, ...] = ()
    """One message, or several where one file would be larger than Telegram takes."""
    log_copies: tuple[LogCopy, ...] = ()
    error: str | None = None
    fingerprint: str | None = None
    """Downloads with the same one have the same files; None: not (any more) in the archive."""
    archived: bool = False  # its files came from the archive
    seconds: float | None = None
    """From the claim to the last finished message."""
