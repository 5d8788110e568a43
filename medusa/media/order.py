"""What the bot asks of a media child: one line of JSON, then the recipe. Pure; both sides use it.

Dataclasses, because the child does without pydantic: 12 MB of each child's memory.
"""

import json
from dataclasses import asdict, dataclass, field

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
    patience: Patience = field(default_factory=Patience)


Order = ProbeOrder | StreamOrder
_KINDS: dict[str, type[Order]] = {"probe": ProbeOrder, "stream": StreamOrder}


def encode(order: Order, recipe: bytes = b"") -> bytes:
    """What goes to the child's standard input."""
    name = next(name for name, kind in _KINDS.items() if isinstance(order, kind))
    return json.dumps({name: asdict(order)}).encode() + b"\n" + recipe


def decode(data: bytes) -> tuple[Order, bytes]:
    """The order and its recipe."""
    line, _, recipe = data.partition(b"\n")
    ((name, values),) = json.loads(line).items()
    values["patience"] = Patience(**values["patience"])
    if "format_ids" in values:
        values["format_ids"] = tuple(values["format_ids"])
    return _KINDS[name](**values), recipe
