"""The subtitles of the site: the same words as WebVTT, as SubRip and in segments of HLS."""

EN_VTT = """WEBVTT - of the site

STYLE
::cue { color: yellow }

NOTE nobody sees this

1
00:00:01.000 --> 00:00:02.500 line:90%
<v Ann>A walk by the <i>sea</i> &amp; back.

00:04.000 --> 00:06.000
Two lines
at once.
"""

DE_SRT = """1\r
00:00:01,000 --> 00:00:02,500\r
Ein Spaziergang am Meer.\r
\r
2\r
00:00:04,000 --> 00:00:06,000\r
{\\an8}Schön & gut.\r
"""

MASTER = """#EXTM3U
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="texts",NAME="English",LANGUAGE="en",DEFAULT=YES,URI="en.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=320x180,CODECS="avc1.64000c,mp4a.40.2",SUBTITLES="texts"
/hls-ts/index.m3u8
"""
PLAYLIST = """#EXTM3U
#EXT-X-TARGETDURATION:5
#EXT-X-PLAYLIST-TYPE:VOD
#EXTINF:5,
0.vtt
#EXTINF:5,
1.vtt
#EXT-X-ENDLIST
"""
SEGMENTS = (
    """WEBVTT
X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:126000

00:00:01.000 --> 00:00:02.500
A walk by the sea & back.

00:00:04.000 --> 00:00:05.000
Two lines
at once.""",
    """WEBVTT
X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:576000

00:00:00.000 --> 00:00:01.000
Two lines
at once.""",
)
"""The second one counts from its own beginning, and repeats what is shown across the border."""
