"""The caption of a file: a template with fields in braces becomes Telegram HTML.

A template is text with a little markup (`<b> <i> <u> <s> <code> <a href="…">`; what is none is escaped) and
fields: `{title}`. A line with fields that are all empty is left out. What is too long is cut in the fields,
the title first, never in the markup.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import NamedTuple

from medusa.errors import WrongArgument
from medusa.kept import Finished
from medusa.model import Download, Media
from medusa.text import (
    CAPTION_LIMIT,
    attribute,
    clip,
    escape,
    human_size,
    human_time,
    one_line,
    printable,
    utf16_length,
)
from medusa.views.view import TITLE_LIMIT, site

FIELDS = {
    "title": "title of the page, or what you or your batch call it",
    "name": "name of the file, without its extension",
    "extension": "mp4, pdf …",
    "size": "125.5 MB",
    "duration": "3:32",
    "quality": "720p",
    "resolution": "1280x720, of videos",
    "source": "name of the site",
    "url": "address of the page",
    "link": "name of the site, as a link to the page",
    "date": "2026-11-23",
    "performer": "who made it, where the site says so",
    "credit": "who brings it: you, or what you set as credit",
    "part": "· part 2, where there are several",
    "icon": "🎞️ 🎵 🖼️ 🌐 📁",
    "index": "001, in a batch",
    "batch": "name of the batch",
}
"""What may stand in braces, and what it is."""

DEFAULT = "<b>{title}</b>{part}\n{link}"
BATCH_DEFAULT = (
    '<a href="{url}">——— ✦ {index} ✦ ———</a>\n\n'
    "<b>{icon} Title :</b> <code>{title}</code>{part}\n"
    "<b>├── Extension :</b>  {credit} .{extension}\n"
    "<b>├── Resolution :</b> [{resolution}]\n\n"
    "<b>📚 Course :</b> {batch}\n\n"
    "<b>🌟 Extracted By :</b> {credit}"
)
"""As people know it from the bot that this one follows."""

EXAMPLE = {
    "title": "A walk through the old town",
    "name": "A walk through the old town",
    "extension": "mp4",
    "size": "125.5 MB",
    "duration": "3:32",
    "quality": "720p",
    "resolution": "1280x720",
    "source": "example.org",
    "url": "https://example.org/watch?v=1",
    "date": "2026-11-23",
    "performer": "Ann",
    "credit": "Ann",
    "part": " · part 2",
    "icon": "🎞️",
    "index": "001",
    "batch": "Walks",
}
"""A file that there might be, for previews."""

_MACROS = {"link": '<a href="{url}">{source}</a>', "uploader": "{performer}"}
_SHORTENED_FIRST = ("title", "name")
_READABLE = 24
"""UTF-16 units that a field keeps as long as others can be shortened."""

_MARK = re.compile(r'<(?P<end>/?)(?P<tag>b|i|u|s|code|a)(?: href="(?P<href>[^"<>]*)")?>|{(?P<field>[a-z]+)}')
_ADDRESS = re.compile(r"https?://\S")
_BRACES = re.compile(r"{([^{}\n]*)}")
_ICONS = (("text/html", "🌐"), ("video/", "🎞️"), ("audio/", "🎵"), ("image/", "🖼️"))


class _Piece(NamedTuple):
    """A part of a caption: markup, or text, which may be a field's."""

    text: str
    field: str | None = None
    is_markup: bool = False


_Line = list[_Piece]


def caption(download: Download, media: Media, file: Finished) -> str:
    """Under a finished file, as its person wants it."""
    request, fields = download.request, fields_of(download, media, file)
    template = request.look.caption
    if template is None:
        template = DEFAULT if request.item is None else BATCH_DEFAULT
        fields["title"] = clip(fields["title"], TITLE_LIMIT)
    return render(template, fields)


def fields_of(download: Download, media: Media, file: Finished) -> dict[str, str]:
    """What the fields hold for this file."""
    request, plan, summary = download.request, file.plan, file.summary
    item = request.item
    stem, _, extension = plan.file_name.rpartition(".")
    duration = summary.duration or (media.duration if file.piece is None else None)
    performer = summary.performer or media.performer
    fields = {
        "title": _title(download, media, stem),
        "name": stem or extension,
        "extension": extension if stem else "",
        "size": human_size(file.uploaded.size),
        "duration": human_time(duration) if duration else "",
        "quality": plan.quality,
        "resolution": f"{summary.width}x{summary.height}" if summary.width and summary.height else "",
        "source": site(media.source, media.url),
        "url": media.url,
        "date": f"{download.created:%Y-%m-%d}",
        "performer": performer or "",
        "credit": request.credit or request.person.name,
        "part": f" · part {file.piece}" if file.piece is not None else "",
        "icon": next((icon for start, icon in _ICONS if plan.mime.startswith(start)), "📁"),
        "index": f"{item.number:03}" if item else "",
        "batch": item.batch_name if item else "",
    }
    return fields if one_line(fields["title"]) else {**fields, "title": "Your file"}


def _title(download: Download, media: Media, stem: str) -> str:
    """As its batch or its person calls it, else as its page does. `stem`: the file's name."""
    item, shape = download.request.item, download.request.shape
    renamed = stem.removeprefix(shape.prefix).removesuffix(shape.suffix) if shape.name else ""
    return (item.name if item else "") or renamed or media.title or "Your file"


def check(template: str) -> None:
    """Raise WrongArgument with what is wrong with a template."""
    pieces = [piece for piece in _pieces(template, {}) if not piece.is_markup]
    if not any(piece.field or one_line(piece.text) for piece in pieces):
        raise WrongArgument("A caption needs some text.")
    if utf16_length("".join(piece.text for piece in pieces)) > CAPTION_LIMIT:
        raise WrongArgument(f"A caption has at most {CAPTION_LIMIT} characters.")
    for field in _BRACES.findall(unescape(template)):
        if field not in FIELDS and field not in _MACROS:
            known = " ".join(f"{{{name}}}" for name in FIELDS)
            raise WrongArgument(f"I do not know the field {{{clip(field, 40)}}}. There are: {known}")


def render(template: str, fields: Mapping[str, str]) -> str:
    """Telegram HTML, always valid and at most 1024 UTF-16 units without its markup, whatever the template and
    the fields hold. Fields that are not given are empty."""
    lines = _without_void_lines(_lines(_pieces(template, fields)))
    pieces = [piece for number, line in enumerate(lines) for piece in ([_BREAK] if number else []) + line]
    return "".join(_shortened(pieces))


_BREAK = _Piece("\n")


# --- reading a template ---------------------------------------------------------------------------


def _pieces(template: str, fields: Mapping[str, str]) -> Iterator[_Piece]:
    """A template with its fields filled in; each tag that is opened is closed."""
    for name, macro in _MACROS.items():
        template = template.replace(f"{{{name}}}", macro)
    opened: list[tuple[str, bool]] = []  # tags, and whether they are in the caption
    end = 0
    for mark in _MARK.finditer(template):
        yield from _words(template[end : mark.start()])
        end = mark.end()
        tag, field = mark["tag"], mark["field"]
        if field in FIELDS:
            yield _Piece(printable(fields.get(field, "")), field)
        elif field is not None:
            yield from _words(mark[0])
        elif not mark["end"]:
            start = _opening(tag, mark["href"] or "", fields)
            shown = bool(start) and all(other != tag for other, _ in opened)
            opened.append((tag, shown))
            if shown:
                yield _Piece(start, is_markup=True)
        elif any(other == tag for other, _ in opened):
            yield from _close(opened, tag)
    yield from _words(template[end:])
    yield from _close(opened, None)


def _words(text: str) -> Iterator[_Piece]:
    if text:
        yield _Piece("\n".join(printable(line) for line in unescape(text).split("\n")))


def _opening(tag: str, href: str, fields: Mapping[str, str]) -> str:
    """The start of a tag; nothing for a link that leads nowhere."""
    if tag != "a":
        return f"<{tag}>"
    address = _BRACES.sub(lambda brace: fields.get(brace[1], ""), unescape(href))
    return f'<a href="{attribute(printable(address))}">' if _ADDRESS.match(address) else ""


def _close(opened: list[tuple[str, bool]], until: str | None) -> Iterator[_Piece]:
    """The ends of the tags inside of this one, and its own; None: of all."""
    while opened:
        tag, shown = opened.pop()
        if shown:
            yield _Piece(f"</{tag}>", is_markup=True)
        if tag == until:
            return


# --- lines ----------------------------------------------------------------------------------------


def _lines(pieces: Iterable[_Piece]) -> list[_Line]:
    lines: list[_Line] = [[]]
    for piece in pieces:
        first, *others = [piece] if piece.is_markup or piece.field else map(_Piece, piece.text.split("\n"))
        lines[-1].append(first)
        lines += [[other] for other in others]
    return lines


def _without_void_lines(lines: list[_Line]) -> list[_Line]:
    """The lines without those whose fields are all empty, and without two gaps where there was one."""
    kept: list[_Line] = []
    markup: _Line = []  # of lines that are left out
    gap = False
    for line in lines:
        blank = _is_blank(line)
        if _is_void(line) or (blank and gap and (not kept or _is_blank(kept[-1]))):
            markup += [piece for piece in line if piece.is_markup]
            gap = True
            continue
        kept.append([*markup, *line])
        markup, gap = [], gap and blank
    return [*kept[:-1], [*kept[-1], *markup]] if kept else [markup]


def _is_void(line: _Line) -> bool:
    fields = [piece for piece in line if piece.field]
    return bool(fields) and not any(piece.text.strip() for piece in fields)


def _is_blank(line: _Line) -> bool:
    return not any(piece.text.strip() for piece in line if not piece.is_markup)


# --- length ---------------------------------------------------------------------------------------


def _shortened(pieces: list[_Piece]) -> Iterator[str]:
    """The caption's HTML, piece by piece."""
    lengths = _lengths(pieces)
    room = CAPTION_LIMIT
    for piece in pieces:
        if piece.is_markup:
            yield piece.text
            continue
        allowed = lengths[piece.field] if piece.field else room
        text = clip(piece.text, min(room, allowed))
        room -= utf16_length(text)
        yield escape(text)


def _lengths(pieces: list[_Piece]) -> dict[str, int]:
    """How many units each field may have so that all fits."""
    shown = [piece for piece in pieces if not piece.is_markup]
    over = sum(utf16_length(piece.text) for piece in shown) - CAPTION_LIMIT
    lengths = {piece.field: utf16_length(piece.text) for piece in shown if piece.field}
    order = [*(name for name in _SHORTENED_FIRST if name in lengths), *lengths]
    for least in (_READABLE, 0):
        for name in order:
            times = sum(piece.field == name for piece in shown)
            less = min(-(-over // times), lengths[name] - min(lengths[name], least))
            if less > 0:
                lengths[name] -= less
                over -= less * times
    return lengths
