"""What the demo plays: a link, what a person does with it, and what must come of it."""

from dataclasses import dataclass
from enum import Enum

FRAGMENTED_LIMIT = 16 * 1024 * 1024
"""Bytes that a fragmented source may have on disk at a time."""


class Ending(Enum):
    """How a case must end."""

    SAME_BYTES = "the file arrives as it is, bit for bit"
    SAME_TRACKS = "every track arrives as it is, in a new seekable file"
    REFUSED = "it is refused with a reason"
    CANCELLED = "it stops, and nothing is left of it"


@dataclass(frozen=True)
class Case:
    """One link and its story. `source` names it on the site (see tests/site), `faults` how it is served."""

    name: str
    title: str
    source: str
    ending: Ending
    faults: tuple[tuple[str, int], ...] = ()
    press: str | None = None
    """The button to press when the bot asks, or to cancel with."""
    says: str | None = None
    """What the refusal must tell."""
    disk_limit: int = 0
    """Bytes on disk at the most."""

    @property
    def link_faults(self) -> dict[str, int]:
        """The faults as the site takes them."""
        return dict(self.faults)


CASES = (
    Case("progressive", "A video file of 40 MB", "big-40.mp4", Ending.SAME_BYTES, (("rate", 20_000_000),)),
    Case("late-index", "A video whose index is at its end", "mp4-late", Ending.SAME_TRACKS),
    Case(
        "dash",
        "DASH: picture and sound come separately",
        "dash",
        Ending.SAME_TRACKS,
        disk_limit=FRAGMENTED_LIMIT,
    ),
    Case("hls", "HLS: 40 MB in segments", "hls-big", Ending.SAME_TRACKS, disk_limit=FRAGMENTED_LIMIT),
    Case(
        "hls-split",
        "HLS: the sound is a rendition of its own",
        "hls-split",
        Ending.SAME_TRACKS,
        disk_limit=FRAGMENTED_LIMIT,
    ),
    Case("page", "A page with several qualities: the bot asks", "watch", Ending.SAME_TRACKS, press="360p"),
    Case("audio", "Music with tags", "mp3", Ending.SAME_BYTES),
    Case("document", "A file that is no media", "zip", Ending.SAME_BYTES),
    Case("private", "An address inside the network", "redirect-private", Ending.REFUSED, says="private"),
    Case(
        "cancel",
        "A change of mind in the middle",
        "big-40.mp4",
        Ending.CANCELLED,
        (("rate", 4_000_000),),
        press="Cancel",
    ),
)
