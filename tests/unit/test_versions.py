"""Which versions are at work."""

from importlib.metadata import version

import medusa
from medusa.release import Release
from medusa.versions import read_versions


def test_they_are_those_that_are_installed_and_the_yt_dlp_in_use() -> None:
    release = Release(version="2026.10.26", is_shipped=False)
    found = read_versions(release)
    assert (found.bot, found.ytdlp, found.pyav) == (medusa.__version__, release, version("av"))
