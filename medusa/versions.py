"""Which versions are at work: the bot's own, and of what it is built on."""

import platform
from datetime import date
from importlib.metadata import version
from typing import NamedTuple

import medusa
from medusa.ytdlp_age import age_days, installed_ytdlp


class Versions(NamedTuple):
    """Of everything that people ask for."""

    bot: str
    python: str
    kurigram: str
    ytdlp: str
    ytdlp_days: int | None
    """Since it was released; None: its name does not tell."""
    pyav: str


def read_versions(today: date) -> Versions:
    """What is installed. Reads the disk."""
    ytdlp = installed_ytdlp()
    return Versions(
        bot=medusa.__version__,
        python=platform.python_version(),
        kurigram=version("kurigram"),
        ytdlp=ytdlp,
        ytdlp_days=age_days(ytdlp, today),
        pyav=version("av"),
    )
