"""Links to pictures that come in one message go out as one album. Pure."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from medusa.model import Request

MOST = 10
"""Photos of an album (https://core.telegram.org/method/messages.sendMultiMedia)."""
_EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp")


def gathered(requests: Sequence[Request]) -> list[Request]:
    """The requests of a message, with those for pictures (their addresses tell) joined to albums, each at the
    place of its first."""
    pictures = [request for request in requests if _may_join(request)]
    if len(pictures) < 2:
        return list(requests)
    albums = {
        pictures[at].url: pictures[at].evolve(album=tuple(one.url for one in pictures[at + 1 : at + MOST]))
        for at in range(0, len(pictures), MOST)
    }
    joined = {url for album in albums.values() for url in album.album}
    return [
        albums.get(one.url, one) if _may_join(one) else one
        for one in requests
        if not (_may_join(one) and one.url in joined)
    ]


def _may_join(request: Request) -> bool:
    shape = request.shape
    is_plain = not shape.as_document and shape.name is None and shape.section is None
    return is_plain and _path(request.url).lower().endswith(_EXTENSIONS)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # whoever fetches this link will say what is wrong with it
        return ""
