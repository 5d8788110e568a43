"""What is known of files on their way into Telegram, as it is kept for a restart. Values, no I/O."""

from typing import NamedTuple

from medusa.model import Media, Plan, Summary
from medusa.value import Value


class Uploaded(Value):
    """A file that Telegram holds completely; a message can refer to it for some hours."""

    file_id: int
    parts: int
    size: int


class Finished(Value):
    """A file that Telegram holds, ready to be sent."""

    plan: Plan
    """Of this file."""
    summary: Summary
    uploaded: Uploaded
    piece: int | None
    """Its number, counted from 1, where there are several files; None: it is the only one."""


class FileKey(NamedTuple):
    """Names a file that is on its way into Telegram."""

    job: str
    account: int
    """Telegram id of who uploads it: parts belong to an account."""
    name: str
    """Tells the files of a job apart, and a file from the same one made otherwise."""


class Ready(Value):
    """All that is needed to send a file, after a restart too."""

    media: Media
    """Without what is of use for fetching it only."""
    file: Finished
    fingerprint: str
    """Of the whole media and its plan."""


class KeptParts(Value):
    """What Telegram has of a file that is not complete."""

    file_id: int
    digests: dict[int, bytes]
    """By the index of the part."""
    total: int | None = None
    """Parts of the file, once its last one was acknowledged."""
