"""Pages that lead to several media: videos on one page, feeds, a page that calls for a login. Pure."""

from tests.site import pages
from tests.site.http import Request

FILMS = ("video.mp4", "large.mp4", "small.mp4")
"""What the page with several videos has, in its order."""
MEMBER = "session=open-sesame"
"""The cookie of who is logged in."""


def text_of(request: Request, base: str) -> tuple[str, bytes] | None:
    """MIME type and body; None when there is no such thing."""
    match request.path:
        case "page/three":
            return pages.html("".join(f'<video src="{base}/{name}"></video>' for name in FILMS))
        case "feed.xml":
            return _feed(base, int(request.query.get("items", "5")))
        case _:
            return None


def is_closed(request: Request) -> bool:
    """Whether a page is not for this visitor."""
    return request.path == "page/members" and MEMBER not in request.headers.get("cookie", "")


def _feed(base: str, items: int) -> tuple[str, bytes]:
    """A podcast; its films differ in their address only."""
    rows = "".join(
        f"<item><title>Episode {number}</title><guid>{number}</guid>"
        f'<enclosure url="{base}/video.mp4?episode={number}" type="video/mp4"/></item>'
        for number in range(1, items + 1)
    )
    channel = f"<channel><title>The &lt;loud&gt; podcast</title>{rows}</channel>"
    return "application/rss+xml", f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'.encode()
