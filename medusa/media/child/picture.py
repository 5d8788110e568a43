"""Pictures from the net: the site's own of a medium, fetched while the medium is, and those of people."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import yt_dlp

from medusa.errors import MediaUnreadable
from medusa.media.child import confine, thumbnail, ytdl
from medusa.media.child.delivery import Delivery
from medusa.media.child.origin import Origin, Place
from medusa.media.order import Patience, PictureOrder

_LARGEST = 8 * 1024 * 1024
"""Bytes of a picture."""
_TIME = 5.0
"""Seconds that a finished file waits for it."""


def run(order: PictureOrder, delivery: Delivery) -> None:
    """Deliver the thumbnail of a picture as data. Raises MediaUnreadable, and errors of yt-dlp and PyAV."""
    ydl = ytdl.make(order.proxy, order.patience, extractors=False)
    confine.watch(order.proxy)
    found = thumbnail.of_picture(download(ydl, order.url, order.patience))
    if found is None:
        raise MediaUnreadable("Behind this link is no picture that I can read.")
    delivery.data(0, found)
    delivery.summary({})


def download(ydl: yt_dlp.YoutubeDL, url: str, patience: Patience) -> bytes:
    """A picture as it is. Raises MediaUnreadable for one that is too large, and what Origin raises."""
    data = b""
    for block in Origin(ydl, Place(url, {}), patience).read():
        data += block
        if len(data) > _LARGEST:
            raise MediaUnreadable("This picture is too large.")
    return data


class SitePicture:
    """The first of these addresses that has something."""

    def __init__(self, ydl: yt_dlp.YoutubeDL, urls: Sequence[str], patience: Patience) -> None:
        self._ydl = ydl
        self._patience = replace(patience, retries=0, silence=min(10.0, patience.silence))
        self._found: Future[bytes | None] = ThreadPoolExecutor(1).submit(self._first, urls)

    def result(self, patience: float = _TIME) -> bytes | None:
        """As the site has it, undecoded; None when there is none, or not within so many seconds."""
        try:
            return self._found.result(timeout=patience)
        except TimeoutError:
            return None

    def _first(self, urls: Sequence[str]) -> bytes | None:
        for url in urls:
            try:
                return download(self._ydl, url, self._patience)
            except Exception as error:  # whatever it is, a file is not lost for want of a picture
                ytdl.say(f"picture: {type(error).__name__}: {error}")
        return None
