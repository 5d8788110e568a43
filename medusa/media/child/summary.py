"""What a finished file turned out to be."""

import base64
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Summary:
    """The fields of medusa.model.Summary, without pydantic."""

    size: int
    duration: float | None = None
    width: int | None = None
    height: int | None = None
    title: str | None = None
    performer: str | None = None
    thumbnail: bytes | None = None

    def to_json(self) -> dict[str, Any]:
        """Ready for a SUMMARY record."""
        picture = base64.urlsafe_b64encode(self.thumbnail).decode() if self.thumbnail else None
        return {**asdict(self), "thumbnail": picture}


class Ended(NamedTuple):
    """A file whose bytes are all delivered."""

    summary: Summary
    is_last: bool
    """Of the stream."""
