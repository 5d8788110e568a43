"""Which versions are at work: the bot's own, and of what it is built on."""

import platform
from importlib.metadata import version
from typing import NamedTuple

import medusa
from medusa.release import Release


class Versions(NamedTuple):
    """Of everything that people ask for."""

    bot: str
    python: str
    kurigram: str
    ytdlp: Release
    pyav: str


def read_versions(ytdlp: Release) -> Versions:
    """What is installed, with the yt-dlp that is in use. Reads the disk."""
    return Versions(
        bot=medusa.__version__,
        python=platform.python_version(),
        kurigram=version("kurigram"),
        ytdlp=ytdlp,
        pyav=version("av"),
    )
