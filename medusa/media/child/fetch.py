"""One stream, fetched as its plan says: a file, or several."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import yt_dlp

from medusa.media.child import confine, fragments, recipe, ytdl
from medusa.media.child.boxes import is_fragmented
from medusa.media.child.delivery import Delivery
from medusa.media.child.meter import Meter
from medusa.media.child.origin import Origin
from medusa.media.child.output import Output
from medusa.media.child.passing import Passing
from medusa.media.child.picture import SitePicture
from medusa.media.child.pipe import Pipe
from medusa.media.child.ranged import RangedFile
from medusa.media.child.summary import Ended, Summary
from medusa.media.child.ytdl import Info
from medusa.media.containers import Container
from medusa.media.order import Patience, StreamOrder

# PyAV is imported where it is used: 24 MB that a passing file needs at its end only, and a document never.


def run(order: StreamOrder, data: bytes, delivery: Delivery) -> None:
    """Deliver each file and its summary. Raises errors of medusa.errors, of yt-dlp and of PyAV."""
    what = recipe.read(data)
    ydl = ytdl.make(order.proxy, order.patience, extractors=False)
    confine.watch(order.proxy)
    infos = [recipe.format_info(what, format_id) for format_id in order.format_ids]
    for info in infos:
        recipe.load_cookies(ydl, info)
    picture = SitePicture(ydl, what["thumbnails"], order.patience)
    way = _pass if order.method == "pass" else _mux
    for number, (summary, is_last) in enumerate(way(ydl, infos, order, delivery), 1):
        is_whole = number == 1 and is_last
        if is_whole or order.method != "pass":
            summary = _completed(summary, what, order, is_whole=is_whole)
        if number == 1:
            # The site's picture stands for the whole; each later file shows what is in it.
            summary = _with_picture(summary, picture.result())
        (delivery.summary if is_last else delivery.piece)(summary.to_json())


def _pass(
    ydl: yt_dlp.YoutubeDL, infos: list[Info], order: StreamOrder, delivery: Delivery
) -> Iterator[Ended]:
    return Passing(delivery, order).run(ydl, infos[0])


def _mux(ydl: yt_dlp.YoutubeDL, infos: list[Info], order: StreamOrder, delivery: Delivery) -> Iterator[Ended]:
    from medusa.media.child import mux
    from medusa.media.child.cutting import Cutter

    files = [open_file(ydl, info, order.patience) for info in infos]
    sizes = [file.size for file in files]
    cutter = Cutter(
        order.max_size,
        order.head_window,
        source_size=None if None in sizes else sum(size for size in sizes if size is not None),
        is_larger=order.is_larger,
    )
    return mux.remux(
        files,
        lambda window: Output(delivery, window),
        Container(order.container),
        cutter,
        sound_only=order.kind == "audio",
    )


def open_file(ydl: yt_dlp.YoutubeDL, info: Info, patience: Patience) -> RangedFile | Pipe:
    """A format as something to demux, already on its way. Raises what Origin raises."""
    if info["protocol"] in ("http", "https"):
        origin = Origin(ydl, recipe.place(ydl, info), patience, piece=recipe.piece(info), ask_ranges=True)
        file = RangedFile(origin, meter=Meter(info["format_id"]))
        # Of fragments, the demuxer would read the last and the first again before it starts.
        file.jumps = not is_fragmented(file.head)
        return file
    pipe = Pipe()
    pipe.fill_from(lambda sink: fragments.download(ydl, info, sink, patience))
    return pipe


def _completed(summary: Summary, what: Mapping[str, Any], order: StreamOrder, *, is_whole: bool) -> Summary:
    """With what the probe knew and the file did not show. `is_whole`: the stream is this one file."""
    if order.kind == "document":
        return summary
    width, height = what["sides"][order.format_ids[0]] if order.kind == "video" else (None, None)
    seen = summary.width and summary.height
    return replace(
        summary,
        duration=summary.duration or (what["duration"] if is_whole else None),
        width=summary.width if seen else width,
        height=summary.height if seen else height,
    )


def _with_picture(summary: Summary, picture: bytes | None) -> Summary:
    if picture is None:
        return summary
    from medusa.media.child import thumbnail

    found = thumbnail.first_of([lambda: thumbnail.of_picture(picture)])
    return replace(summary, thumbnail=found or summary.thumbnail)
