"""What a person wants: which quality, what becomes of it, how its message looks, and where it goes."""

from enum import StrEnum
from typing import Final, Literal

from medusa.value import Value

ASK: Final = "ask"
"""Instead of a Wish: let me choose."""


class Recording(Value):
    """How much of a broadcast."""

    seconds: float | None = None
    """From the beginning of the recording; None: until somebody stops it, or it ends."""


class Wish(Value):
    """Which of the qualities that a link has."""

    max_height: int | None = None
    """Pixels; None is the best there is."""
    audio_only: bool = False
    recording: Recording | None = None
    """Of what is live; None: ask."""


class AudioFormat(StrEnum):
    """What sound can be encoded to; the value is the file's extension."""

    MP3 = "mp3"
    M4A = "m4a"
    OPUS = "opus"


class Subtitles(Value):
    """Which subtitles, and how."""

    language: str
    """As sites name it: "en", "pt-BR". The nearest that there is."""
    as_file: bool = False
    """A file of their own behind the video; else kept in the MP4."""


class Section(Value):
    """A part of a recording; seconds from its beginning."""

    start: float = 0.0
    end: float | None = None
    """None: to the end."""


class Shape(Value):
    """What becomes of the media."""

    as_document: bool = False
    """A plain file, which no player shows in the chat."""
    audio_format: AudioFormat | None = None
    """Of sound without a picture; None: as the source has it."""
    subtitles: Subtitles | None = None
    section: Section | None = None
    """None: the whole."""
    name: str | None = None
    """Of the file, with or without its extension; None: from the title."""
    prefix: str = ""
    suffix: str = ""
    """Around the name of the file."""


class Thumbnail(StrEnum):
    """The small picture of a file."""

    AUTO = "auto"  # the site's, or one out of the video
    OWN = "own"  # the person's
    NONE = "none"


class Look(Value):
    """How the message of a file looks."""

    caption: str | None = None
    """A template, see medusa/views/caption.py; None: title and source."""
    thumbnail: Thumbnail = Thumbnail.AUTO
    picture: str | None = None
    """Under which name the own thumbnail is kept."""


class Target(Value):
    """Where files go when not into the chat of their link."""

    chat_id: int
    topic: int | None = None
    """Of a forum."""
    title: str = ""


class Preferences(Value):
    """What a person has set once for all their links."""

    wish: Wish | Literal["ask"] | None = None
    """ASK: each time, whatever is usual; None: as is usual."""
    shape: Shape = Shape()
    look: Look = Look()
    target: Target | None = None
    """None: the chat of the link."""
    archive: bool = True
    """Whether files may come from the archive."""
    credit: str = ""
    """Who brings the files, as captions say; empty: the person's name."""

    @property
    def quality(self) -> Wish | None:
        """Which quality; None: ask."""
        return self.wish if isinstance(self.wish, Wish) else None
