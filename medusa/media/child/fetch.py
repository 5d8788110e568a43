"""One file, fetched as its plan says."""

from collections.abc import Mapping
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
from medusa.media.child.summary import Summary
from medusa.media.child.ytdl import Info
from medusa.media.containers import Container
from medusa.media.order import Patience, StreamOrder

# PyAV is imported where it is used: 24 MB that a passing file needs at its end only, and a document never.


def run(order: StreamOrder, data: bytes, delivery: Delivery) -> None:
    """Deliver the file and its summary. Raises errors of medusa.errors, of yt-dlp and of PyAV."""
    what = recipe.read(data)
    ydl = ytdl.make(order.proxy, order.patience, extractors=False)
    confine.watch(order.proxy)
    infos = [recipe.format_info(what, format_id) for format_id in order.format_ids]
    for info in infos:
        recipe.load_cookies(ydl, info)
    picture = SitePicture(ydl, what["thumbnails"], order.patience)
    summary = (
        _pass(ydl, infos[0], order, delivery) if order.method == "pass" else _mux(ydl, infos, order, delivery)
    )
    summary = _with_picture(_completed(summary, what, order), picture.result())
    delivery.summary(summary.to_json())


def _pass(ydl: yt_dlp.YoutubeDL, info: Info, order: StreamOrder, delivery: Delivery) -> Summary:
    passing = Passing(delivery, order)
    passing.run(ydl, info)
    if order.kind == "document":
        return Summary(passing.size)
    from medusa.media.child import thumbnail

    return thumbnail.summarize(passing.head, passing.size)


def _mux(ydl: yt_dlp.YoutubeDL, infos: list[Info], order: StreamOrder, delivery: Delivery) -> Summary:
    from medusa.media.child import mux

    files = [open_file(ydl, info, order.patience) for info in infos]
    output = Output(delivery, order.head_window)
    return mux.remux(files, output, Container(order.container), sound_only=order.kind == "audio")


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


def _completed(summary: Summary, what: Mapping[str, Any], order: StreamOrder) -> Summary:
    """With what the probe knew and the file did not show."""
    if order.kind == "document":
        return summary
    width, height = what["sides"][order.format_ids[0]] if order.kind == "video" else (None, None)
    seen = summary.width and summary.height
    return replace(
        summary,
        duration=summary.duration or what["duration"],
        width=summary.width if seen else width,
        height=summary.height if seen else height,
    )


def _with_picture(summary: Summary, picture: bytes | None) -> Summary:
    if picture is None:
        return summary
    from medusa.media.child import thumbnail

    found = thumbnail.first_of([lambda: thumbnail.of_picture(picture)])
    return replace(summary, thumbnail=found or summary.thumbnail)
