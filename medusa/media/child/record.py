"""A broadcast, recorded while it happens: HLS without its end, by its own playlist and without ffmpeg."""

import sys
import threading
import time
from typing import Any

import yt_dlp
from yt_dlp.downloader.hls import HlsFD
from yt_dlp.networking.exceptions import RequestError

from medusa.errors import MedusaError, SourceIncomplete
from medusa.media.child import broadcast, ytdl
from medusa.media.child.broadcast import Follower, Part, Playlist, Segment
from medusa.media.child.fragments import Decrypt, InMemory, Sink, opened
from medusa.media.child.meter import Meter
from medusa.media.child.origin import Origin, Place
from medusa.media.child.ytdl import Info
from medusa.media.order import Patience

LARGEST_PLAYLIST = 8 * 1024 * 1024
SILENCE = 60.0
"""Seconds without anything new after which a broadcast counts as over; more where its segments are long."""


def finish_wanted() -> threading.Event:
    """Set when the bot closes our standard input: what is recorded by then is kept."""
    wanted = threading.Event()

    def wait() -> None:
        sys.stdin.buffer.read()
        wanted.set()

    threading.Thread(target=wait, daemon=True).start()
    return wanted


class Recorder(InMemory, HlsFD):  # type: ignore[misc]
    """Writes a broadcast from now on to a sink."""

    def record(self, info: Info, finish: threading.Event, seconds: float | None) -> None:
        """Until `seconds` are recorded, `finish` is set, or the broadcast ends in whatever way.

        Raises what the first look at the playlist raises, and SourceIncomplete when there was nothing.
        """
        self._info, self._finish = info, finish
        self._follower = Follower(seconds)
        self._received = 0
        self._head: Part | None = None
        self._decrypt: Decrypt = self.decrypter(info)
        try:
            self._follow()
        except (MedusaError, RequestError) as error:
            if not self._received:
                raise
            # What was recorded is worth more than the reason why it went no further.
            ytdl.say(f"the broadcast is lost: {type(error).__name__}: {error}")
        if not self._received:
            raise SourceIncomplete(detail="a broadcast without a segment")
        self.meter.report(self._received, self._received, force=True)
        ytdl.say(f"recorded {self._follower.taken:.1f} s, missed {self._follower.missed} segments")

    def _follow(self) -> None:
        last_news = time.monotonic()
        while True:
            playlist = self._playlist()
            had_news = False
            for segment in self._follower.fresh(playlist):
                had_news = self._write(segment) or had_news
                if self._is_finished:
                    return
            now = time.monotonic()
            last_news = now if had_news else last_news
            if (
                playlist.is_over
                or self._follower.is_full
                or now - last_news > max(SILENCE, 6 * playlist.target)
            ):
                return
            self._finish.wait(broadcast.pause(playlist, had_news=had_news))
            if self._is_finished:
                return

    @property
    def _is_finished(self) -> bool:
        """Whether somebody wants to have what there is, and there is something."""
        return self._finish.is_set() and self._received > 0

    def _playlist(self) -> Playlist:
        origin = Origin(
            self.ydl, Place(self._info["url"], self._info.get("http_headers") or {}), self.patience
        )
        text = bytearray()
        for block in origin.read():
            text += block
            if len(text) > LARGEST_PLAYLIST:
                raise SourceIncomplete(detail=f"a playlist of more than {LARGEST_PLAYLIST} bytes")
        return broadcast.read(text.decode("utf-8", "replace"), origin.url)

    def _write(self, segment: Segment) -> bool:
        """Whether it is there: one that is gone is a gap in the recording, not its end."""
        if segment.is_missing:
            return False
        try:
            data = self._data_of(segment)
        except SourceIncomplete as error:
            ytdl.say(f"segment {segment.number} is lost: {error.detail}")
            self._follower.missed += 1
            return False
        if segment.head is not None and segment.head != self._head:
            data = b"".join(self._fetch(_fragment(segment.number, segment.head), self._info)) + data
            self._head = segment.head
        self.sink.write(data)
        self._received += len(data)
        self.meter.report(self._received, None)
        return True

    def _data_of(self, segment: Segment) -> bytes:
        fragment = _fragment(segment.number, segment.place)
        data = b"".join(self._fetch(fragment, self._info))
        if segment.key is None:
            return data
        told = {"METHOD": "AES-128", "URI": segment.key.url, "IV": segment.key.iv}
        return opened(self._decrypt, {**fragment, "decrypt_info": told}, data)


def _fragment(number: int, part: Part) -> dict[str, Any]:
    """As yt-dlp calls it."""
    span = {} if part.end is None else {"start": part.start, "end": part.end}
    return {"frag_index": number, "media_sequence": number, "url": part.url, "byte_range": span}


def record(
    ydl: yt_dlp.YoutubeDL,
    info: Info,
    sink: Sink,
    patience: Patience,
    *,
    finish: threading.Event,
    seconds: float | None,
) -> None:
    """Write the stream of a live HLS format to `sink`; see Recorder.record."""
    recorder = Recorder(ydl, ydl.params)
    recorder.sink, recorder.patience, recorder.meter = sink, patience, Meter(info["format_id"])
    recorder.record(info, finish, seconds)
