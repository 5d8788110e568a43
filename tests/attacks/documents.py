"""Documents, redirects and links that lead inside, as data. Each case has a path of its own on the evil
site, and a marked path on the inside, so that a hit is that case's.

In texts, `{inside}` is the marked address of the inside, `{host}` its host and port, `{marker}` its path,
`{site}` the evil site.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

REFUSED = frozenset({"PrivateAddress"})
"""What a person is told who sent such a link."""
ARRIVES = frozenset({"file"})
"""The media comes without what lay inside."""
UNKNOWN = frozenset(
    {
        *("UnsupportedSite", "SourceRefused", "SourceUnreachable", "SourceGone"),
        *("MediaUnreadable", "SourceIncomplete"),
    }
)
"""Nobody has gone anywhere."""


class Document(NamedTuple):
    """One attack."""

    name: str
    path: str = ""
    """On the evil site; the end of it says what it is."""
    text: str = ""
    """What is there; empty: `headers` alone."""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    outcomes: frozenset[str] = REFUSED
    link: str = ""
    """What is sent, where it is not the link of the document."""
    is_live: bool = True
    """Whether it does reach the inside where that is allowed: without this, a case would prove nothing."""
    wants: str = ""
    """"picture": it is named as a thumbnail; "subtitles": they are wanted; "recording": of a broadcast."""

    @property
    def marker(self) -> str:
        """Its path on the inside."""
        return re.sub(r"[^A-Za-z0-9]", "-", self.name)


_HLS = (
    "#EXTM3U\n#EXT-X-TARGETDURATION:2\n{head}#EXTINF:2,\n{first}\n"
    "#EXTINF:2,\n{second}\n#EXTINF:2,\n{second}\n#EXT-X-ENDLIST\n"
)
_GOOD = "{site}/media/0.ts"


def _hls(first: str = _GOOD, second: str = _GOOD, head: str = "") -> str:
    return _HLS.replace("{head}", head).replace("{first}", first).replace("{second}", second)


_VARIANT = '#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=64x36,CODECS="avc1.42c01e,mp4a.40.2"'


def _master(variant: str, more: str = "", attributes: str = "") -> str:
    return f"#EXTM3U\n{more}{_VARIANT}{attributes}\n{variant}\n"


_MEDIA = '#EXT-X-MEDIA:TYPE={type},GROUP-ID="g",NAME="n",LANGUAGE="en",DEFAULT=YES,URI="{inside}.m3u8"\n'

_HLS_CASES = {
    "HLS segment": _hls(second="{inside}"),
    "HLS first segment": _hls(first="{inside}"),
    "HLS segment without scheme": _hls(second="//{host}/{marker}"),
    "HLS segment localhost": _hls(second="http://localhost:{port}/{marker}"),
    "HLS segment in wide digits": _hls(second="http://１２７.0.0.1:{port}/{marker}"),
    "HLS segment v4-mapped": _hls(second="http://[::ffff:127.0.0.1]:{port}/{marker}"),
    "HLS segment v6": _hls(second="http://[::1]:{port}/{marker}"),
    "HLS segment with user": _hls(second="http://good@{host}/{marker}"),
    "HLS segment that redirects": _hls(second="{site}/to/{marker}"),
    "HLS range": _hls(head="#EXT-X-BYTERANGE:100@0\n", first="{inside}"),
    "HLS key": _hls(head='#EXT-X-KEY:METHOD=AES-128,URI="{inside}"\n'),
    "HLS key that redirects": _hls(head='#EXT-X-KEY:METHOD=AES-128,URI="{site}/to/{marker}"\n'),
    "HLS map": _hls(head='#EXT-X-MAP:URI="{inside}"\n'),
    "HLS variant": _master("{inside}"),
    "HLS variant without scheme": _master("//{host}/{marker}"),
}
_HLS_DEAD = {
    "HLS segment in decimal": (_hls(second="http://2130706433:{port}/{marker}"), REFUSED),
    "HLS segment in short": (_hls(second="http://127.1:{port}/{marker}"), REFUSED),
    "HLS segment in hexadecimal": (_hls(second="http://0x7f000001:{port}/{marker}"), REFUSED),
    "HLS key file": (_hls(head='#EXT-X-KEY:METHOD=AES-128,URI="file:///etc/passwd"\n'), UNKNOWN),
    "HLS key data": (
        _hls(head='#EXT-X-KEY:METHOD=AES-128,URI="data:text/plain,0123456789abcdef"\n'),
        UNKNOWN,
    ),
    "HLS segment file": (_hls(second="file:///etc/passwd"), UNKNOWN),
    "HLS segment ftp": (_hls(second="ftp://{host}/{marker}"), UNKNOWN),
    "HLS segment gopher": (_hls(second="gopher://{host}/{marker}"), UNKNOWN),
    "HLS segment data": (_hls(second="data:video/mp2t;base64,R0lG"), UNKNOWN | ARRIVES),
    "HLS segment rtmp": (_hls(second="rtmp://{host}/{marker}"), UNKNOWN),
    "HLS variant file": (_master("file:///etc/passwd"), UNKNOWN),
    "HLS session key": (
        _hls(head='#EXT-X-SESSION-KEY:METHOD=AES-128,URI="{inside}"\n'),
        ARRIVES,
    ),
    "HLS session data": (_hls(head='#EXT-X-SESSION-DATA:DATA-ID="a",URI="{inside}"\n'), ARRIVES),
    "HLS part preload steering": (
        _hls(
            head='#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{inside}"\n#EXT-X-PART:DURATION=1,URI="{inside}"\n'
            '#EXT-X-RENDITION-REPORT:URI="{inside}"\n#EXT-X-CONTENT-STEERING:SERVER-URI="{inside}"\n'
        ),
        ARRIVES,
    ),
}

_MPD = """<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" xmlns:xlink="http://www.w3.org/1999/xlink" type="static"
 mediaPresentationDuration="PT4S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011">{top}
<Period duration="PT4S">{period}<AdaptationSet mimeType="video/mp4" contentType="video">{set}
<Representation id="v" bandwidth="400000" codecs="avc1.42c01e" width="64" height="36">{in}</Representation>
</AdaptationSet></Period></MPD>"""
_TEMPLATE = '<SegmentTemplate timescale="1" duration="2" startNumber="1" media="{m}" initialization="{i}"/>'


def _mpd(inner: str, *, top: str = "", period: str = "", of_set: str = "") -> str:
    text = _MPD.replace("{top}", top).replace("{period}", period).replace("{set}", of_set)
    return text.replace("{in}", inner)


def _template(media: str, start: str) -> str:
    return _TEMPLATE.replace("{m}", media).replace("{i}", start)


_DASH_CASES = {
    "DASH base": _mpd("<BaseURL>{inside}</BaseURL>"),
    "DASH base of all": _mpd(
        _template("{marker}?$Number$", "{marker}"), top="<BaseURL>http://{host}/</BaseURL>"
    ),
    "DASH base without scheme": _mpd("<BaseURL>//{host}/{marker}</BaseURL>"),
    "DASH segments": _mpd(_template("{inside}?$Number$", "{site}/media/video.mp4")),
    "DASH start": _mpd(_template("{site}/media/video.mp4?$Number$", "{inside}")),
    "DASH list": _mpd(
        '<SegmentList duration="2"><Initialization sourceURL="{site}/media/video.mp4"/>'
        '<SegmentURL media="{inside}"/><SegmentURL media="{inside}"/></SegmentList>'
    ),
    "DASH list start": _mpd(
        '<SegmentList duration="2"><Initialization sourceURL="{inside}"/>'
        '<SegmentURL media="{site}/media/video.mp4"/></SegmentList>'
    ),
}
_DASH_DEAD = {
    "DASH file": (_mpd("<BaseURL>file:///etc/passwd</BaseURL>"), UNKNOWN),
    "DASH xlink": (
        _mpd(
            "<BaseURL>{site}/media/video.mp4</BaseURL>",
            period='<X xlink:href="{inside}" xlink:actuate="onLoad"/>',
        ),
        ARRIVES,
    ),
    "DASH location": (
        _mpd("<BaseURL>{site}/media/video.mp4</BaseURL>", top="<Location>{inside}</Location>"),
        ARRIVES,
    ),
    "DASH external entity": (
        '<?xml version="1.0"?><!DOCTYPE MPD [<!ENTITY x SYSTEM "{inside}">]>'
        + _mpd("<BaseURL>&x;</BaseURL>").partition("?>")[2],
        UNKNOWN,
    ),
}

_VIDEO = '<video src="{site}/media/video.mp4"{more}></video>'
_PAGES = {
    "page video": '<video src="{inside}.mp4"></video>',
    "page source": '<video><source src="{inside}.mp4" type="video/mp4"></video>',
    "page HLS source": '<video><source src="{inside}.m3u8" type="application/x-mpegURL"></video>',
    "page video without scheme": '<video src="//{host}/{marker}.mp4"></video>',
    "page audio": '<audio src="{inside}.mp3"></audio>',
    "page og": '<meta property="og:video" content="{inside}.mp4">',
    "page JSON-LD": '<script type="application/ld+json">{"@context":"https://schema.org","@type":"VideoObject",'
    '"name":"x","contentUrl":"{inside}.mp4"}</script>',
    "page jwplayer": '<script>jwplayer("x").setup({"file":"{inside}.mp4"});</script>',
    "page refresh": '<meta http-equiv="refresh" content="0; url={inside}">',
    "page refresh that redirects": '<meta http-equiv="refresh" content="0; url={site}/to/{marker}">',
    "page that redirects": '<video src="{site}/to/{marker}"></video>',
}
_PAGES_DEAD = {
    "page iframe": ('<iframe src="{inside}"></iframe>', UNKNOWN),
    "page file": ('<video src="file:///etc/passwd"></video>', UNKNOWN),
    "page rtmp": ('<video src="rtmp://{host}/{marker}"></video>', UNKNOWN),
    "page script": (
        '<script src="{inside}"></script><img src="{inside}"><link rel="preload" href="{inside}">',
        UNKNOWN,
    ),
    "page base": ('<base href="http://{host}/"><img src="/{marker}">', UNKNOWN),
}

_REDIRECTS = {
    "redirect localhost": "http://localhost:{port}/{marker}",
    "redirect v6": "http://[::1]:{port}/{marker}",
    "redirect v4-mapped": "http://[::ffff:7f00:1]:{port}/{marker}",
    "redirect with user": "http://good.example@{host}/{marker}",
    "redirect with the site as user": "http://{allow}@{host}/{marker}",
    "redirect without scheme": "//{host}/{marker}",
    "redirect in capitals": "HTTP://LOCALHOST:{port}/{marker}",
    "redirect twice": "{site}/to/{marker}",
}
_REDIRECTS_DEAD = {
    "redirect to nothing": "http://0:{port}/{marker}",
    "redirect with ideographic stops": "http://127。0。0。1:{port}/{marker}",
    "redirect in circled digits": "http://①②⑦.⓪.⓪.①:{port}/{marker}",
    "redirect in wide digits": "http://１２７.0.0.1:{port}/{marker}",
    "redirect in hexadecimal": "http://0x7f.1:{port}/{marker}",
    "redirect in octal": "http://0177.0.0.1:{port}/{marker}",
    "redirect in decimal": "http://2130706433:{port}/{marker}",
    "redirect escaped": "http://%31%32%37.0.0.1:{port}/{marker}",
    "redirect dot": "http://localhost.:{port}/{marker}",
    "redirect backslash": "http:\\\\{host}\\{marker}",
    "redirect backslash user": "http://{allow}\\@{host}/{marker}",
    "redirect fragment user": "http://{allow}#@{host}/{marker}",
    "redirect https": "https://{host}/{marker}",
    "redirect file": "file:///etc/passwd",
    "redirect ftp": "ftp://{host}/{marker}",
    "redirect gopher": "gopher://{host}/_{marker}",
    "redirect data": "data:video/mp4;base64,AAAA",
    "redirect javascript": "javascript:alert(1)",
    "redirect rtmp": "rtmp://{host}/{marker}",
    "redirect mms": "mms://{host}/{marker}",
    "redirect itself": "{site}/{path}",
    "redirect without end": "{site}/{path}?{more}",
    "redirect empty": "",
}
_FEEDS = {
    "feed.xml": '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><item><title>a</title>'
    '<enclosure url="{inside}.mp4" type="video/mp4"/></item></channel></rss>',
    "list.xspf": '<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track>'
    "<title>x</title><location>{inside}.mp4</location></track></trackList></playlist>",
    "film.smil": '<smil xmlns="http://www.w3.org/2001/SMIL20/Language"><head></head><body><switch>'
    '<video src="{inside}.mp4" system-bitrate="400000"/></switch></body></smil>',
    "film.f4m": '<?xml version="1.0"?><manifest xmlns="http://ns.adobe.com/f4m/1.0"><id>x</id>'
    '<media url="{inside}.f4m" bitrate="400"/></manifest>',
    "film.ism": '<?xml version="1.0"?><SmoothStreamingMedia MajorVersion="2" Duration="40000000">'
    '<StreamIndex Type="video" Chunks="2" Url="{inside}"><QualityLevel Index="0" Bitrate="400000" '
    'FourCC="H264" MaxWidth="64" MaxHeight="36" CodecPrivateData=""/><c d="20000000"/></StreamIndex>'
    "</SmoothStreamingMedia>",
}
_LINKS = (
    *("file:///etc/passwd", "ftp://{host}/{marker}", "rtmp://{host}/{marker}", "ytsearch:cats", "data:,x"),
    *(
        "http_dash_segments+{inside}",
        "-o/tmp/x",
        "--exec=touch /tmp/x",
        "m3u8:{inside}",
        "javascript:alert(1)",
    ),
    *("http://good@{host}/{marker}", "http://{allow}\\@{host}/{marker}", "http://{host}/{marker}\r\nX: y"),
    *(
        "http://{host}/a b",
        "http:{host}/{marker}",
        "http:///{host}/{marker}",
        "{inside}#__youtubedl_smuggle=%7B%7D",
    ),
    *("http://[::1", "http://127.0.0.1:99999/", "http://127.0.0.1:x/", "mms://{host}/{marker}", ""),
)
_DIRECT = (
    *("http://{host}/{marker}", "HTTP://{host}/{marker}", "http://localhost:{port}/{marker}"),
    *("http://[::1]:{port}/{marker}", "http://[::ffff:7f00:1]:{port}/{marker}"),
    *("http://１２７.0.0.1:{port}/{marker}", "http://①②⑦.⓪.⓪.①:{port}/{marker}"),
)
_DIRECT_DEAD = (
    *("http://127.1:{port}/{marker}", "http://2130706433:{port}/{marker}", "http://0x7f.1:{port}/{marker}"),
    *(
        "http://169.254.169.254/latest/meta-data/",
        "http://metadata.google.internal/",
        "http://[fd00:ec2::254]/latest/",
    ),
    *("http://mongo:27017/", "https://{host}/{marker}", "http://foo.localhost:{port}/{marker}"),
)


def all_documents() -> Iterator[Document]:
    """Every case."""
    yield from _playlists()
    yield from _redirections()
    for name, body in _PAGES.items():
        yield Document(name, _path(name), _page(body))
    for name, (body, outcomes) in _PAGES_DEAD.items():
        yield Document(name, _path(name), _page(body), outcomes=outcomes, is_live=False)
    for ending, text in _FEEDS.items():
        is_live = ending != "film.ism"
        yield Document(ending, ending, text, is_live=is_live, outcomes=REFUSED if is_live else UNKNOWN)
    yield from _extras()
    for number, link in enumerate(_LINKS):
        yield Document(f"link {number}", link=link or " ", outcomes=frozenset({"BadLink"}), is_live=False)
    for number, link in enumerate(_DIRECT):
        yield Document(f"direct {number}", link=link)
    for number, link in enumerate(_DIRECT_DEAD):
        yield Document(f"private {number}", link=link, is_live=False)


def _playlists() -> Iterator[Document]:
    for ending, cases in ((".m3u8", _HLS_CASES), (".mpd", _DASH_CASES)):
        for name, text in cases.items():
            yield Document(name, _path(name) + ending, text)
    for ending, dead in ((".m3u8", _HLS_DEAD), (".mpd", _DASH_DEAD)):
        for name, (text, outcomes) in dead.items():
            yield Document(name, _path(name) + ending, text, outcomes=outcomes, is_live=False)
    for kind in ("AUDIO", "SUBTITLES"):
        group = f',{kind}="g"'
        text = _master("{site}/media/index.m3u8", _MEDIA.replace("{type}", kind), group)
        wants = "subtitles" if kind == "SUBTITLES" else ""
        yield Document(f"HLS {kind}", f"hls-{kind}.m3u8", text, wants=wants)
    live = _hls(second="{inside}").replace("#EXT-X-ENDLIST\n", "")
    yield Document("HLS broadcast", "broadcast.m3u8", live, wants="recording", outcomes=REFUSED | ARRIVES)


def _redirections() -> Iterator[Document]:
    for status in (301, 302, 303, 307, 308):
        yield _redirect(f"redirect {status}", "{inside}", status=status)
    for name, where in _REDIRECTS.items():
        yield _redirect(name, where)
    for name, where in _REDIRECTS_DEAD.items():
        yield _redirect(name, where, outcomes=UNKNOWN | REFUSED, is_live=False)
    yield Document(
        "Refresh",
        "refresh",
        _page("x"),
        headers=(("Refresh", "0; url={inside}"),),
        outcomes=UNKNOWN | REFUSED,
    )


def _extras() -> Iterator[Document]:
    """What belongs to a film: pictures and subtitles."""
    track = '<track kind="subtitles" src="{inside}.vtt" srclang="en" label="English">'
    yield Document(
        "track", "track", _page(_VIDEO.replace("></", f">{track}</").replace("{more}", "")), wants="subtitles"
    )
    for name, picture in {"poster": "{inside}.jpg", "poster that redirects": "{site}/to/{marker}"}.items():
        head = f'<meta property="og:image" content="{picture}">'
        text = _page(_VIDEO.replace("{more}", f' poster="{picture}"'), head)
        yield Document(name, _path(name), text, outcomes=ARRIVES)
    yield Document("thumbnail", link="{inside}.jpg", wants="picture")
    yield _redirect("thumbnail that redirects", "{inside}", wants="picture")


def _redirect(
    name: str,
    where: str,
    *,
    status: int = 302,
    outcomes: frozenset[str] = REFUSED,
    is_live: bool = True,
    wants: str = "",
) -> Document:
    headers = (("Location", where), ("Content-Length", "0"))
    return Document(
        name,
        _path(name),
        status=status,
        headers=headers,
        outcomes=outcomes,
        is_live=is_live,
        wants=wants,
    )


def _path(name: str) -> str:
    return name.replace(" ", "-").lower()


def _page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head><title>x</title>{head}</head><body>{body}</body></html>"
