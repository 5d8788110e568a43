"""A tiny site on which a release of yt-dlp is tried: a page, a file, and the same in fragments."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_FRAME = b"\xff\xfb\x90\xc4" + bytes(413)
"""26 ms of silence: an MPEG-1 Layer III frame of 128 kbit/s at 44.1 kHz, mono, without side information."""
_FRAMES = 40
FILE = _FRAME * _FRAMES
SECONDS = _FRAMES * 1152 / 44100
PAGE, LIST = "/page", "/list.m3u8"
_HALF = len(FILE) // 2
_REPLIES = {
    PAGE: ("text/html", b'<html><title>Sample</title><body><audio src="/sample.mp3"></audio></body></html>'),
    "/sample.mp3": ("audio/mpeg", FILE),
    LIST: (
        "application/vnd.apple.mpegurl",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.52,\n0.mp3\n#EXTINF:0.52,\n1.mp3\n#EXT-X-ENDLIST\n",
    ),
    "/0.mp3": ("audio/mpeg", FILE[:_HALF]),
    "/1.mp3": ("audio/mpeg", FILE[_HALF:]),
}
_LONGEST_REQUEST = 16 * 1024


@asynccontextmanager
async def sample_site() -> AsyncIterator[str]:
    """`127.0.0.1:port` of the site, while the context is open."""
    server = await asyncio.start_server(_serve, "127.0.0.1", 0, limit=_LONGEST_REQUEST)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(reply(head))
        await writer.drain()
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        pass  # who asks badly gets no answer
    finally:
        writer.close()


def reply(head: bytes) -> bytes:
    """The answer to a request."""
    method, _, rest = head.partition(b" ")
    path = rest.partition(b" ")[0].decode("latin-1")
    status = "200 OK" if path in _REPLIES else "404 Not Found"
    kind, body = _REPLIES.get(path, ("text/plain", b""))
    lines = (
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return "\r\n".join([*lines, "", ""]).encode() + (b"" if method == b"HEAD" else body)
