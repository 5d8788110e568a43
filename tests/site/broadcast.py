"""A broadcast: HLS playlists whose window slides on when the test says so."""

from dataclasses import dataclass, field
from typing import NamedTuple

WINDOW = 4
"""Segments in the playlist."""


class Channel(NamedTuple):
    """Where the segments are that are aired."""

    segment: str
    total: int
    head: str = ""
    """Tags before the first segment."""


CHANNELS = {
    "index": Channel("/hls-long/{}.ts", 100),
    "aes": Channel("/hls-aes/{}.ts", 5, '#EXT-X-KEY:METHOD=AES-128,URI="/hls-aes/key.bin"\n'),
    "fmp4": Channel("/hls-fmp4/{}.m4s", 5, '#EXT-X-MAP:URI="/hls-fmp4/init.mp4"\n'),
    "video": Channel("/hls-split/video{}.ts", 5),
    "audio": Channel("/hls-split/audio{}.ts", 5),
}
MASTER = """#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="English",LANGUAGE="en",DEFAULT=YES,URI="audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=320x180,AUDIO="sound"
video.m3u8
"""


@dataclass
class Broadcast:
    """What is on air, on all channels."""

    aired: int = WINDOW
    """Segments so far."""
    is_over: bool = False
    asked: list[int] = field(default_factory=list)
    """At each reading of a playlist, how many segments had been aired."""
    steps: bool = False
    """Air a segment each time a playlist is read, as time would."""

    def playlist(self, name: str) -> str | None:
        """As it is now; None: there is no such channel."""
        if name == "split":
            return MASTER
        if name not in CHANNELS:
            return None
        channel = CHANNELS[name]
        self.asked.append(self.aired)
        if self.steps and not self.is_over:
            self.aired += 1
        last = min(self.aired, channel.total)
        first = max(0, last - WINDOW)
        segments = "".join(f"#EXTINF:2.0,\n{channel.segment.format(n)}\n" for n in range(first, last))
        end = "#EXT-X-ENDLIST\n" if self.is_over else ""
        tags = f"#EXT-X-TARGETDURATION:0.2\n#EXT-X-MEDIA-SEQUENCE:{first}\n"
        return f"#EXTM3U\n{tags}{channel.head}{segments}{end}"
