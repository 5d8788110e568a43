"""Which yt-dlp is installed, and how old it is. yt-dlp itself is not imported: that takes half a second."""

import re
from datetime import date
from importlib.metadata import version

OLD_DAYS = 60
"""After this, sites that change often are likely not to work any more."""

_RELEASE = re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})(?:\D.*)?")


def installed_ytdlp() -> str:
    """The version, as it was released. Reads the disk."""
    return version("yt-dlp")


def age_days(release: str, today: date) -> int | None:
    """Days since a version was released, which its name tells; None where it does not."""
    found = _RELEASE.fullmatch(release)
    if found is None:
        return None
    try:
        return max(0, (today - date(*map(int, found.groups()))).days)
    except ValueError:
        return None
