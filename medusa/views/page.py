"""A list of links as one page for a browser: it needs no script, no network and no other file. Pure."""

from html import escape

from medusa.batch_text import Entry, Listing, counts, sort_of
from medusa.text import human_time, one_line
from medusa.views.sorts import ICONS, counted

BLOCK = 100
"""Links that are opened and closed together, so that a long list can be leafed through on a phone."""

_STYLE = """
:root{color-scheme:light dark;--line:#8884}
body{font:16px/1.4 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
h1{font-size:1.3rem;margin:.2rem 0}
p,small{opacity:.75}
nav{display:flex;flex-wrap:wrap;gap:.4rem;margin:.8rem 0}
nav a{padding:.4rem .7rem;border:1px solid var(--line);border-radius:1rem;text-decoration:none}
summary{position:sticky;top:0;padding:.6rem 0;background:Canvas;font-weight:600;cursor:pointer}
ol,ul{list-style:none;margin:0;padding:0}
li{border-top:1px solid var(--line)}
li a,li>div{display:block;padding:.7rem .2rem;color:inherit;text-decoration:none}
li a:hover,li a:focus{background:#8882}
li b{font-weight:500}
small{display:block}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Whatever a name may hold, nothing of it is fetched or run."""


def links_page(name: str, listing: Listing) -> str:
    """The page. Everything that somebody wrote is text in it; only http:// and https:// links can be
    followed."""
    heading = escape(one_line(name)) or "Links"
    entries = list(enumerate(listing.entries, 1))
    blocks = [entries[at : at + BLOCK] for at in range(0, len(entries), BLOCK)]
    body = [
        f'<h1 dir="auto">{heading}</h1>',
        f"<p>{_facts(listing)}</p>",
        _leaves(blocks) if len(blocks) > 1 else "",
        *(_block(block, alone=len(blocks) == 1) for block in blocks),
        _rest(listing),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{heading}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(part for part in body if part)
        + "\n</body>\n</html>\n"
    )


def _facts(listing: Listing) -> str:
    number = len(listing.entries)
    total = f"{number} link{'s' if number != 1 else ''}"
    return " · ".join(filter(None, (total, counted(counts(listing.entries)))))


_Block = list[tuple[int, Entry]]


def _leaves(blocks: list[_Block]) -> str:
    links = (f'<a href="#n{block[0][0]}">{block[0][0]}–{block[-1][0]}</a>' for block in blocks)
    return f"<nav>{''.join(links)}</nav>"


def _block(block: _Block, *, alone: bool) -> str:
    items = f"<ol>\n{''.join(_item(number, entry) for number, entry in block)}</ol>"
    if alone:
        return items
    first, last = block[0][0], block[-1][0]
    return f'<details open id="n{first}"><summary>{first}–{last}</summary>\n{items}\n</details>'


def _item(number: int, entry: Entry) -> str:
    url = escape(entry.url)
    name = escape(one_line(entry.name)) or url
    label = f'{number}. {ICONS[sort_of(entry.url)]} <b dir="auto">{name}</b>'
    small = f"<small>{url}{_section(entry)}</small>" if entry.name or entry.section else ""
    if not entry.url.lower().startswith(("https://", "http://")):
        return f"<li><div>{label}{small}</div></li>\n"
    return f'<li><a href="{url}" rel="noopener noreferrer">{label}{small}</a></li>\n'


def _section(entry: Entry) -> str:
    if entry.section is None:
        return ""
    end = human_time(entry.section.end) if entry.section.end is not None else ""
    return f" · {human_time(entry.section.start)}–{end}"


def _rest(listing: Listing) -> str:
    """The lines that are no links: nothing of the file is lost."""
    if not listing.bad:
        return ""
    lines = (
        f'<li><div>{bad.number}: <span dir="auto">{escape(one_line(bad.text))}</span>'
        f"<small>{escape(bad.why)}</small></div></li>\n"
        for bad in listing.bad
    )
    return f"<h2>Lines without a link</h2>\n<ul>\n{''.join(lines)}</ul>"
