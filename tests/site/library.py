"""The files of the site, made on first use and kept for later runs in a temporary directory."""

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from Cryptodome.Cipher import AES
from Cryptodome.Util.Padding import pad

from tests.site import encode
from tests.site.encode import Clip

TAGS = {"title": "Café del Mar", "artist": "The Örchestra"}
SEGMENT = 2
"""Seconds."""

_FORMATS = {".mp4": "mp4", ".ts": "mpegts", ".mkv": "matroska"}
_HLS = {"hls_time": str(SEGMENT), "hls_list_size": "0", "hls_playlist_type": "vod"}


class Library:
    """Files by their path in the site. Blocking: making them takes a few seconds, once."""

    def __init__(self, root: Path | None = None) -> None:
        """`root`: where they are kept; by default a directory that depends on the code that makes them."""
        self.root = root or Path(tempfile.gettempdir()) / f"medusa-site-{os.getuid()}-{_version()}"
        self.root.mkdir(parents=True, exist_ok=True)

    def file(self, name: str) -> Path:
        """The file at this path, made if need be. Raises KeyError when the site has no such file."""
        path = self.root / name
        folder = name.partition("/")[0]
        if not path.exists():
            if "/" in name:
                self._make(folder, lambda home: _FOLDERS[folder](self, home))
            else:
                self._make(name, lambda target: _make_file(self, name, target))
        if not path.exists():
            raise KeyError(name)
        return path

    def _make(self, name: str, make: Callable[[Path], None]) -> None:
        """Make it beside its place and move it there whole: other processes may look."""
        with tempfile.TemporaryDirectory(dir=self.root) as scratch:
            fresh = Path(scratch) / name
            make(fresh)
            if not (self.root / name).exists():
                shutil.move(fresh, self.root / name)


def _make_file(library: Library, name: str, target: Path) -> None:
    if name.startswith(("big-", "film-")):
        _make_big(library, Path(name), target)
    else:
        _FILES[name](library, target)


def _make_big(library: Library, name: Path, target: Path) -> None:
    """ "big-N.mp4", "big-N-late.mp4" with its index behind its media, "big-N.ts", "big-N.mkv".

    N in megabytes. "film-N…": the same with a key frame every 350 kB.
    """
    kind, megabytes, *late = name.stem.split("-")
    block = library.file("film.mp4" if kind == "film" else "noise.mp4")
    rounds = max(1, round(int(megabytes) * 1_000_000 / block.stat().st_size))
    options = {"movflags": "faststart"} if name.suffix == ".mp4" and not late else {}
    encode.wrap(block, target, _FORMATS[name.suffix], options=options, repeat=rounds)


def _clip(library: Library) -> Path:
    return library.file("late.mp4")


def _make_zip(library: Library, target: Path) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(4):
            entry = zipfile.ZipInfo(f"part-{number}.bin")
            archive.writestr(entry, hashlib.sha512(bytes([number])).digest() * 3000)


def _make_pdf(library: Library, target: Path) -> None:
    target.write_bytes(
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + hashlib.sha512(b"pdf").digest() * 2000 + b"\n%%EOF\n"
    )


def _hls_ts(library: Library, home: Path) -> None:
    home.mkdir()
    options = {**_HLS, "hls_segment_filename": str(home / "%d.ts")}
    encode.wrap(_clip(library), home / "index.m3u8", "hls", options=options)


def _hls_fmp4(library: Library, home: Path) -> None:
    home.mkdir()
    options = {**_HLS, "hls_segment_type": "fmp4", "hls_segment_filename": str(home / "%d.m4s")}
    encode.wrap(_clip(library), home / "index.m3u8", "hls", options=options)


def _hls_split(library: Library, home: Path) -> None:
    home.mkdir()
    for kind in ("video", "audio"):
        options = {**_HLS, "hls_segment_filename": str(home / f"{kind}%d.ts")}
        encode.wrap(_clip(library), home / f"{kind}.m3u8", "hls", options=options, kinds=(kind,))
    # As many sites write it: without CODECS, so that nobody can tell that the variant is silent.
    (home / "index.m3u8").write_text(
        "#EXTM3U\n"
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="English",LANGUAGE="en",DEFAULT=YES,URI="audio.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=320x180,AUDIO="sound"\n'
        "video.m3u8\n"
    )


def _hls_big(library: Library, home: Path) -> None:
    home.mkdir()
    options = {**_HLS, "hls_segment_filename": str(home / "%d.ts")}
    encode.wrap(library.file("big-40.mp4"), home / "index.m3u8", "hls", options=options)


def _hls_long(library: Library, home: Path) -> None:
    """Five minutes."""
    home.mkdir()
    options = {**_HLS, "hls_segment_filename": str(home / "%d.ts")}
    encode.wrap(library.file("long.mp4"), home / "index.m3u8", "hls", options=options)


def _hls_film(library: Library, home: Path) -> None:
    home.mkdir()
    options = {**_HLS, "hls_segment_filename": str(home / "%d.ts")}
    encode.wrap(library.file("film-10.mp4"), home / "index.m3u8", "hls", options=options)


def _hls_aes(library: Library, home: Path) -> None:
    """The segments of hls-ts, encrypted with AES-128 (RFC 8216, 4.3.2.4)."""
    home.mkdir()
    plain = library.file("hls-ts/index.m3u8")
    key = hashlib.md5(b"key").digest()
    (home / "key.bin").write_bytes(key)
    for number, segment in enumerate(sorted(plain.parent.glob("*.ts"), key=lambda path: int(path.stem))):
        cipher = AES.new(key, AES.MODE_CBC, iv=number.to_bytes(16, "big"))
        (home / segment.name).write_bytes(cipher.encrypt(pad(segment.read_bytes(), 16)))
    head, _, rest = plain.read_text().partition("#EXTINF")
    (home / "index.m3u8").write_text(f'{head}#EXT-X-KEY:METHOD=AES-128,URI="key.bin"\n#EXTINF{rest}')


def _hls_ranges(library: Library, home: Path) -> None:
    """One file, of which each segment is a range."""
    home.mkdir()
    options = {**_HLS, "hls_flags": "single_file", "hls_segment_filename": str(home / "all.ts")}
    encode.wrap(_clip(library), home / "index.m3u8", "hls", options=options)


def _hls_one(library: Library, home: Path) -> None:
    """A whole file, dressed up as a playlist of one segment."""
    home.mkdir()
    options = {**_HLS, "hls_time": "1000", "hls_segment_filename": str(home / "%d.ts")}
    encode.wrap(library.file("big-40.mp4"), home / "index.m3u8", "hls", options=options)


def _dash_files(library: Library, home: Path, film: str = "big-40.mp4") -> None:
    """Picture and sound as a file each, as YouTube has them."""
    home.mkdir()
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    sets = []
    for kind, codecs in (("video", "avc1.64000c"), ("audio", "mp4a.40.2")):
        encode.wrap(library.file(film), home / f"{kind}.mp4", "mp4", options=options, kinds=(kind,))
        sets.append(
            f'<AdaptationSet mimeType="{kind}/mp4"><Representation id="{kind}" codecs="{codecs}" '
            f'bandwidth="100000"><BaseURL>{kind}.mp4</BaseURL></Representation></AdaptationSet>'
        )
    (home / "index.mpd").write_text(
        '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        f'mediaPresentationDuration="PT13.2S"><Period>{"".join(sets)}</Period></MPD>\n'
    )


def _dash(library: Library, home: Path) -> None:
    home.mkdir()
    options = {"seg_duration": str(SEGMENT)}
    encode.wrap(_clip(library), home / "index.mpd", "dash", options=options)


_FILES: dict[str, Callable[[Library, Path], None]] = {
    "late.mp4": lambda _, target: encode.encode(target, Clip(), tags={"title": "A walk"}),
    "video.mp4": lambda lib, target: encode.wrap(
        _clip(lib), target, "mp4", options={"movflags": "faststart"}
    ),
    "fragmented.mp4": lambda lib, target: encode.wrap(
        _clip(lib), target, "mp4", options={"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    ),
    "turned.mp4": lambda lib, target: encode.wrap(_clip(lib), target, "mp4", turn=90),
    "tiny.mp4": lambda _, target: encode.encode(target, Clip(seconds=2, width=64, height=36)),
    "small.mp4": lambda _, target: encode.encode(target, Clip(width=160, height=90)),
    "large.mp4": lambda _, target: encode.encode(target, Clip(width=640, height=360)),
    "film.mp4": lambda _, target: encode.encode(
        target, Clip(seconds=2, width=160, height=90, noise=True, group=10)
    ),
    "noise.mp4": lambda _, target: encode.encode(target, Clip(seconds=2, noise=True)),
    "vp8.webm": lambda _, target: encode.encode(
        target, Clip(video="libvpx", audio="libopus"), container="webm"
    ),
    "vp9.webm": lambda _, target: encode.encode(
        target, Clip(seconds=4, video="libvpx-vp9", audio="libopus"), container="webm"
    ),
    "song.mp3": lambda _, target: encode.encode(
        target, Clip(video=None, audio="libmp3lame"), container="mp3", tags=TAGS
    ),
    "song.m4a": lambda _, target: encode.encode(target, Clip(video=None), container="ipod", tags=TAGS),
    "long.mp4": lambda lib, target: encode.wrap(
        _clip(lib), target, "mp4", options={"movflags": "faststart"}, repeat=30
    ),
    "long.webm": lambda lib, target: encode.wrap(lib.file("vp8.webm"), target, "webm", repeat=10),
    "long.m4a": lambda lib, target: encode.wrap(lib.file("song.m4a"), target, "ipod", repeat=20),
    "song.ogg": lambda _, target: encode.encode(target, Clip(video=None, audio="libopus"), container="ogg"),
    "song.flac": lambda _, target: encode.encode(target, Clip(video=None, audio="flac"), container="flac"),
    "mono.flac": lambda _, target: encode.encode(
        target, Clip(video=None, audio="flac", layout="mono"), container="flac"
    ),
    "long.flac": lambda _, target: encode.encode(
        target, Clip(seconds=100, video=None, audio="flac"), container="flac"
    ),
    "picture.jpg": lambda _, target: encode.picture(target),
    "picture.png": lambda _, target: encode.picture(target),
    "banner.png": lambda _, target: encode.picture(target, 1000, 40),
    "archive.zip": _make_zip,
    "paper.pdf": _make_pdf,
}
_FOLDERS: dict[str, Callable[[Library, Path], None]] = {
    "hls-ts": _hls_ts,
    "hls-fmp4": _hls_fmp4,
    "hls-split": _hls_split,
    "hls-big": _hls_big,
    "hls-long": _hls_long,
    "hls-aes": _hls_aes,
    "hls-ranges": _hls_ranges,
    "hls-one": _hls_one,
    "dash": _dash,
    "dash-files": _dash_files,
    "dash-film": lambda lib, home: _dash_files(lib, home, "film-10.mp4"),
    "hls-film": _hls_film,
}


def _version() -> str:
    here = Path(__file__).parent
    return hashlib.sha256(b"".join((here / n).read_bytes() for n in ("encode.py", "library.py"))).hexdigest()[
        :12
    ]
