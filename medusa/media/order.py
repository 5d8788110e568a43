"""What the bot asks of a media child: one line of JSON, then the recipe. Pure; both sides use it.

Dataclasses, because the child does without pydantic: 12 MB of each child's memory.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

_PREFIX = 8
"""Bytes that say how long an order is."""
FRAGMENTS_AT_ONCE = 4
"""Fragments of HLS and DASH that are fetched at the same time."""


@dataclass(frozen=True)
class Patience:
    """How long a source may hesitate."""

    silence: float = 20.0
    """Seconds without a byte before a connection counts as broken."""
    retries: int = 5
    """Failures in a row, without a byte in between, that are forgiven."""
    pause: float = 1.0
    """Seconds before the first retry; doubled each time, at most ten."""


@dataclass(frozen=True)
class ProbeOrder:
    """Find out what a link leads to."""

    url: str
    proxy: str
    patience: Patience
    hint: str = ""
    """What a playlist told of this entry, as medusa.media.child.lists wrote it."""
    cookies: str = field(default="", repr=False)
    """A Netscape file."""
    plugins: str = ""
    """Directory of yt-dlp's plugins that are loaded; empty: none."""
    most_entries: int = 1
    """Of a playlist."""
    options: dict[str, Any] = field(default_factory=dict)
    """The owner's, of YTDLP_OPTIONS."""


@dataclass(frozen=True)
class SurveyOrder:
    """Tell which extractors there are, and which of them knows a link."""

    url: str
    """Empty: no link."""
    proxy: str
    patience: Patience
    plugins: str = ""


@dataclass(frozen=True)
class PictureOrder:
    """Fetch a picture, and make a thumbnail of it."""

    url: str
    proxy: str
    patience: Patience


@dataclass(frozen=True)
class StreamOrder:
    """Fetch and write one file, or several. The recipe of its media follows."""

    method: str
    format_ids: tuple[str, ...]
    kind: str
    container: str
    head_window: int
    size: int | None
    """What the source must deliver, where that is known exactly."""
    proxy: str
    max_size: int | None = None
    """Bytes that one file may have; more are cut into several. None: no limit."""
    is_larger: bool = False
    """Whether the stream is taken to be larger than that."""
    sound_only: bool = False
    """Without the picture that there may be."""
    bit_rate: int | None = None
    """Of sound that is encoded, in bits a second, at the most."""
    title: str = ""
    performer: str = ""
    """For the tags of such a file."""
    start: float = 0.0
    end: float | None = None
    """Seconds of the part that is wanted; 0 and None are the whole."""
    is_recording: bool = False
    """Of a broadcast. It ends early, and well, when the order's pipe is closed."""
    recorded_seconds: float | None = None
    """None: until it ends."""
    subtitles: str | None = None
    """The language of those that are kept in the file."""
    options: dict[str, Any] = field(default_factory=dict)
    """The owner's, of YTDLP_OPTIONS."""
    patience: Patience = field(default_factory=Patience)

    @property
    def is_part(self) -> bool:
        """Whether only a part of the recording is wanted."""
        return self.start > 0 or self.end is not None


Order = ProbeOrder | StreamOrder | SurveyOrder | PictureOrder
_KINDS: dict[str, type[Order]] = {
    "probe": ProbeOrder,
    "stream": StreamOrder,
    "survey": SurveyOrder,
    "picture": PictureOrder,
}


def encode(order: Order, recipe: bytes = b"") -> bytes:
    """What goes to the child's standard input."""
    name = next(name for name, kind in _KINDS.items() if isinstance(order, kind))
    return json.dumps({name: asdict(order)}).encode() + b"\n" + recipe


def send(data: bytes) -> bytes:
    """As it goes through a pipe that stays open behind it."""
    return len(data).to_bytes(_PREFIX, "big") + data


def receive(pipe: BinaryIO) -> bytes:
    """What was sent; less where the pipe was closed."""
    return pipe.read(int.from_bytes(pipe.read(_PREFIX), "big"))


def decode(data: bytes) -> tuple[Order, bytes]:
    """The order and its recipe."""
    line, _, recipe = data.partition(b"\n")
    ((name, values),) = json.loads(line).items()
    values["patience"] = Patience(**values["patience"])
    if "format_ids" in values:
        values["format_ids"] = tuple(values["format_ids"])
    return _KINDS[name](**values), recipe
