"""One stream, fetched as its plan says: a file, or several."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import yt_dlp

from medusa.media.child import confine, fragments, jar, recipe, record, rewriting, subtitles, thumbnail, ytdl
from medusa.media.child.boxes import is_fragmented
from medusa.media.child.caption_track import Captions
from medusa.media.child.captions import in_turn, to_srt
from medusa.media.child.delivery import Delivery
from medusa.media.child.meter import Meter
from medusa.media.child.origin import Origin
from medusa.media.child.passing import Passing
from medusa.media.child.picture import SitePicture
from medusa.media.child.pipe import Pipe
from medusa.media.child.ranged import RangedFile
from medusa.media.child.span import Span
from medusa.media.child.summary import Ended, Summary
from medusa.media.child.ytdl import Info
from medusa.media.order import Patience, StreamOrder

_PIECE = 1024 * 1024
"""Bytes to ask for at once where only a part is wanted: what was asked for comes, needed or not."""


def run(order: StreamOrder, data: bytes, delivery: Delivery) -> None:
    """Deliver each file and its summary. Raises errors of medusa.errors, of yt-dlp and of PyAV."""
    what = recipe.read(data)
    ydl = ytdl.make(order.proxy, order.patience, extractors=False)
    confine.watch(order.proxy)
    jar.load(ydl, what["cookies"])
    for info in what["formats"].values():
        recipe.load_cookies(ydl, info)
    if order.method == "subtitles":
        delivery.summary(_text(ydl, what["subtitles"][order.format_ids[0]], order, delivery).to_json())
        return
    infos = [recipe.format_info(what, format_id) for format_id in order.format_ids]
    picture = SitePicture(ydl, what["thumbnails"], order.patience)
    if order.method == "pass":
        files = Passing(delivery, order).run(ydl, infos[0])
    else:
        files = _rewritten(ydl, infos, order, delivery, what, picture)
    for number, (summary, is_last) in enumerate(files, 1):
        is_whole = number == 1 and is_last
        if is_whole or order.method != "pass":
            summary = _completed(summary, what, order, is_whole=is_whole)
        if number == 1 and not (order.is_part and summary.thumbnail):
            # The site's picture stands for the whole; each later file shows what is in it.
            summary = _with_picture(summary, picture.result())
        (delivery.summary if is_last else delivery.piece)(summary.to_json())


def _text(ydl: yt_dlp.YoutubeDL, track: subtitles.Track, order: StreamOrder, delivery: Delivery) -> Summary:
    """Subtitles as a file. Raises SubtitlesLost."""
    data = to_srt(subtitles.of_part(subtitles.fetch(ydl, track, order.patience), order)).encode()
    delivery.data(0, data)
    return Summary(len(data))


def _captions(ydl: yt_dlp.YoutubeDL, track: subtitles.Track, order: StreamOrder) -> Captions:
    """Subtitles to be kept in a file, all of them: where it begins only its pictures tell.

    Raises SubtitlesLost, also where there are none in the part that is wanted.
    """
    cues = subtitles.fetch(ydl, track, order.patience)
    subtitles.of_part(cues, order)
    return Captions(tuple(in_turn(cues)), subtitles.iso_639_2(track["language"]), track["name"])


def _rewritten(
    ydl: yt_dlp.YoutubeDL,
    infos: list[Info],
    order: StreamOrder,
    delivery: Delivery,
    what: Mapping[str, Any],
    picture: SitePicture,
) -> Iterator[Ended]:
    captions = _captions(ydl, what["subtitles"][order.subtitles], order) if order.subtitles else None
    spans = rewriting.spans(order, len(infos))
    if order.is_recording:
        files: list[RangedFile | Pipe] = list(_recorded(ydl, infos, order))
    else:
        files = [open_file(ydl, info, order.patience, span) for info, span in zip(infos, spans, strict=True)]
    return rewriting.rewritten(
        files,
        [file.size for file in files],
        order,
        delivery,
        captions=captions,
        picture=picture,
        album=what.get("album") or "",
    )


def _recorded(ydl: yt_dlp.YoutubeDL, infos: list[Info], order: StreamOrder) -> Iterator[Pipe]:
    """Each format of a broadcast, from now on."""
    finish = record.finish_wanted()
    for info in infos:
        pipe = Pipe()
        pipe.fill_from(
            partial(
                record.record,
                ydl,
                info,
                patience=order.patience,
                finish=finish,
                seconds=order.recorded_seconds,
            )
        )
        yield pipe


def open_file(
    ydl: yt_dlp.YoutubeDL, info: Info, patience: Patience, span: Span | None = None
) -> RangedFile | Pipe:
    """A format as something to demux, already on its way; of its fragments those that hold the span.

    Raises what Origin raises.
    """
    if info["protocol"] in ("http", "https"):
        piece = recipe.piece(info)
        if span is not None:
            piece = min(piece or _PIECE, _PIECE)
        origin = Origin(ydl, recipe.place(ydl, info), patience, piece=piece, ask_ranges=True)
        file = RangedFile(origin, meter=Meter(info["format_id"]))
        # Of fragments, the demuxer would read the last and the first again before it starts.
        file.jumps = span is not None or not is_fragmented(file.head)
        return file
    pipe = Pipe()
    pipe.fill_from(lambda sink: fragments.download(ydl, info, sink, patience, span=span, begin=sink.begin_at))
    return pipe


def _completed(summary: Summary, what: Mapping[str, Any], order: StreamOrder, *, is_whole: bool) -> Summary:
    """With what the probe knew and the file did not show. `is_whole`: the stream is this one file."""
    if order.kind == "document":
        return summary
    width, height = what["sides"][order.format_ids[0]] if order.kind == "video" else (None, None)
    seen = summary.width and summary.height
    return replace(
        summary,
        duration=summary.duration or (what["duration"] if is_whole and not order.is_part else None),
        width=summary.width if seen else width,
        height=summary.height if seen else height,
    )


def _with_picture(summary: Summary, picture: bytes | None) -> Summary:
    if picture is None:
        return summary
    found = thumbnail.first_of([lambda: thumbnail.of_picture(picture)])
    return replace(summary, thumbnail=found or summary.thumbnail)
