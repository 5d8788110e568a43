"""The site's own picture of a medium, fetched while the medium is."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import yt_dlp

from medusa.media.child import ytdl
from medusa.media.child.origin import Origin, Place
from medusa.media.order import Patience

_LARGEST = 8 * 1024 * 1024
"""Bytes of a picture."""
_TIME = 5.0
"""Seconds that a finished file waits for it."""


class SitePicture:
    """The first of these addresses that has something."""

    def __init__(self, ydl: yt_dlp.YoutubeDL, urls: Sequence[str], patience: Patience) -> None:
        self._ydl = ydl
        self._patience = replace(patience, retries=0, silence=min(10.0, patience.silence))
        self._found: Future[bytes | None] = ThreadPoolExecutor(1).submit(self._first, urls)

    def result(self) -> bytes | None:
        """As the site has it, undecoded; None when there is none, or not in time."""
        try:
            return self._found.result(timeout=_TIME)
        except TimeoutError:
            return None

    def _first(self, urls: Sequence[str]) -> bytes | None:
        for url in urls:
            try:
                return self._download(url)
            except Exception as error:  # whatever it is, a file is not lost for want of a picture
                ytdl.say(f"picture: {type(error).__name__}: {error}")
        return None

    def _download(self, url: str) -> bytes:
        data = b""
        for block in Origin(self._ydl, Place(url, {}), self._patience).read():
            data += block
            if len(data) > _LARGEST:
                raise ValueError("too large")
        return data
