"""The values that everybody speaks of. Frozen, typed, no I/O; sizes are bytes, durations seconds."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from medusa.request import Item as Item
from medusa.request import Person as Person
from medusa.request import Request as Request
from medusa.value import Value
from medusa.wishes import AudioFormat, Recording, Section, Wish

# --- media ----------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a file is in Telegram."""

    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    PHOTO = "photo"


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


class Subtitle(Value):
    """Subtitles that a source offers."""

    language: str
    """As the site names it: "en", "pt-BR"."""
    name: str = ""
    """For people: "English"; empty: only the language is known."""
    is_automatic: bool = False
    """Written by a machine."""


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
    subtitles: tuple[Subtitle, ...] = ()
    is_live: bool = False
    """It is being broadcast, so it can be recorded from now on."""
    private_to: int | None = None
    """Telegram id of the only person who may have it from the archive: cookies opened it."""
    recipe: bytes = Field(default=b"", repr=False)
    """How medusa.media fetches it. Opaque to everybody else, and secret: it may hold signed URLs."""


class Choice(Value):
    """One button of the question "which quality?"."""

    label: str
    wish: Wish
    size: int | None = None
    """An estimate, for the label."""
    audio_format: AudioFormat | None = None
    """Of sound alone; None: as the person has set it."""


class Method(StrEnum):
    """How the bytes of a plan come about."""

    PASS = "pass"  # as they arrive
    REMUX = "remux"  # one stream into a seekable file
    MUX = "mux"  # a video and an audio stream into one seekable file
    SUBTITLES = "subtitles"  # a text of its own
    ENCODE = "encode"  # sound alone, in the codec that is wanted and with tags


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
    sound_only: bool = False
    """Without the picture that there may be."""
    bit_rate: int | None = None
    """Of sound that is encoded, in bits a second, at the most."""
    section: Section | None = None
    subtitles: Subtitle | None = None
    """Kept in the file."""
    subtitle_file: Subtitle | None = None
    """Sent behind it, as a file of their own."""
    recording: Recording | None = None
    """Of a broadcast."""


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
    elapsed: float | None = None
    """Seconds of a recording so far."""


# --- the job and its outcome ----------------------------------------------------------------------


class Sent(Value):
    """A finished message with one file."""

    chat_id: int
    message_id: int  # 0: not known, of a download that was taken over from another bot
    size: int
    parts: int
    plan: Plan | None = None
    """Of this file, where it is one of several; else the download's."""
    duration: float | None = None

    @property
    def is_subtitles(self) -> bool:
        """It goes with the video before it."""
        return self.plan is not None and self.plan.method is Method.SUBTITLES


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
    UNFOLDED = "unfolded"  # it was a playlist, which is offered by itself
    FAILED = "failed"  # ended with `error`
    CANCELLED = "cancelled"  # ended because somebody said so


NEXT_STATES: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset(State) - {State.RUNNING},
    State.ASKING: frozenset({State.ASKING, State.QUEUED, State.CANCELLED}),
    State.DONE: frozenset(),
    State.UNFOLDED: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}
"""From each state, where a download may go. What has no next state is over."""

ACTIVE_STATES = tuple(state for state, following in NEXT_STATES.items() if following)
OVER_STATES = frozenset(State) - frozenset(ACTIVE_STATES)
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
    parked: bool = False  # its file is ready, and waits for its turn in a batch
    finish_requested: bool = False
    """Of a recording: what is there by then is kept."""
    choices: tuple[Choice, ...] = ()
    subtitles: tuple[Subtitle, ...] = ()  # to be chosen from
    entries: int = 0  # of the playlist that it was
    is_cut: bool = False  # the playlist has more
    title: str | None = None
    source: str | None = None
    duration: float | None = None
    plan: Plan | None = None
    sent: tuple[Sent, ...] = ()
    """One message, or several where one file would be larger than Telegram takes."""
    log_copies: tuple[LogCopy, ...] = ()
    error: str | None = None
    reason: str | None = None  # of `error`: the name of its class in medusa/errors.py
    fingerprint: str | None = None
    """Downloads with the same one have the same files; None: not (any more) in the archive."""
    archived: bool = False  # its files came from the archive
    seconds: float | None = None
    """From the claim to the last finished message."""
    started: datetime | None = None  # its first claim
    finished: datetime | None = None  # when it was over; `updated` may move afterwards
