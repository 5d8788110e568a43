"""yt-dlp plugins as people drop them into SOURCES_DIR: one that works, and some that do not."""

from pathlib import Path

_SHELF = '''
from yt_dlp.extractor.common import InfoExtractor
from yt_dlp.utils import ExtractorError, smuggle_url, unsmuggle_url

SITE = r"(?P<base>https?://127\\.0\\.0\\.1:\\d+)"


class ShelfIE(InfoExtractor):
    """Lists within lists, and all the ways in which an entry can be named."""

    _VALID_URL = SITE + r"/shelf$"

    def _real_extract(self, url):
        base = self._match_valid_url(url)["base"]
        inner = [self.url_result(f"{base}/video.mp4?inner={number}", video_title=f"Inner {number}")
                 for number in (1, 2)]
        return self.playlist_result([
            self.playlist_result(inner, "inner", "Inner"),
            self.url_result(f"{base}/shelf/row", ShelfRowIE),
            self.url_result(smuggle_url(f"{base}/shelf/locked", {"key": "sesame"}), ShelfItemIE,
                            video_title="Locked"),
            self.url_result(f"shelf:{base}", ShelfHiddenIE, video_title="Hidden"),
            {"id": "direct", "title": "Direct", "url": f"{base}/small.mp4", "ext": "mp4"},
        ], "shelf", "The shelf")


class ShelfRowIE(InfoExtractor):
    _VALID_URL = SITE + r"/shelf/row"
    _RETURN_TYPE = "playlist"

    def _real_extract(self, url):
        base = self._match_valid_url(url)["base"]
        return self.playlist_result(
            (self.url_result(f"{base}/video.mp4?row={number}", video_title=f"Row {number}")
             for number in (1, 2)),
            "row", "Row")


class ShelfItemIE(InfoExtractor):
    _VALID_URL = SITE + r"/shelf/locked"

    def _real_extract(self, url):
        url, given = unsmuggle_url(url, {})
        if given.get("key") != "sesame":
            raise ExtractorError("Sign in to watch this", expected=True)
        base = self._match_valid_url(url)["base"]
        return {"id": "locked", "title": "Locked", "url": f"{base}/large.mp4", "ext": "mp4"}


class ShelfHiddenIE(InfoExtractor):
    _VALID_URL = r"shelf:(?P<base>.+)"

    def _real_extract(self, url):
        return {"id": "hidden", "title": "Hidden", "url": self._match_valid_url(url)["base"] + "/video.mp4",
                "ext": "mp4"}
'''

_BROKEN = {
    "raising": "raise RuntimeError('not today')",
    "leaving": "import sys\nsys.exit(3)",
    "unreadable": "def (:",
    "stumbling": (
        "from yt_dlp.extractor.common import InfoExtractor\n"
        "class StumblingIE(InfoExtractor):\n    _VALID_URL = '('\n"
    ),
}
BROKEN = tuple(sorted(_BROKEN))
"""The modules that cannot be used."""
WORKING = ("Shelf", "ShelfHidden", "ShelfItem", "ShelfRow")
"""The extractors of those that can."""

_FAULTY = """
import ctypes, os, signal, threading, time

from yt_dlp.extractor.common import InfoExtractor


class FaultyIE(InfoExtractor):
    _VALID_URL = r"(?P<base>https?://127\\.0\\.0\\.1:\\d+)/faulty/(?P<id>\\w+)"

    def _real_extract(self, url):
        getattr(self, "do_" + self._match_id(url))()
        base = self._match_valid_url(url)["base"]
        return {"id": "faulty", "title": "Faulty", "url": f"{base}/video.mp4", "ext": "mp4"}

    def do_segv(self):
        ctypes.string_at(0)

    def do_abort(self):
        os.abort()

    def do_killed(self):
        signal.raise_signal(signal.SIGKILL)

    def do_leak(self):
        kept = []
        while True:
            kept.append(bytearray(1 << 24))

    def do_spin(self):
        while True:
            pass

    def do_hang(self):
        time.sleep(600)

    def do_fork(self):
        if os.fork() == 0:
            time.sleep(600)

    def do_escape(self):
        kernel = ctypes.CDLL(None)
        if kernel.fork() == 0:  # which the audit hook does not see
            kernel.setsid()
            while True:
                kernel.sleep(600)

    def do_print(self):
        os.write(1, os.urandom(100_000))
        os.write(2, os.urandom(100_000))
        print("[" * 100_000)

    def do_garble(self):
        os.write(3, b"no record at all")

    def do_close(self):
        os.closerange(0, 100)

    def do_leave(self):
        os._exit(0)

    def do_raise(self):
        raise RuntimeError("not today")

    def do_recurse(self):
        self.do_recurse()

    def do_threads(self):
        threading.Thread(target=self.do_spin, daemon=True).start()
"""


def install_faulty(directory: Path) -> Path:
    """A site of which each link, /faulty/NAME, does harm to the process that looks at it; the directory."""
    _put(directory, "faulty", _FAULTY)
    return directory


def install(directory: Path) -> Path:
    """All of them, in packages of their own; the directory."""
    for name, code in {"shelf": _SHELF, **_BROKEN}.items():
        _put(directory, name, code)
    return directory


def _put(directory: Path, name: str, code: str) -> None:
    place = directory / f"package-{name}" / "yt_dlp_plugins" / "extractor"
    place.mkdir(parents=True)
    (place / f"{name}.py").write_text(code)
