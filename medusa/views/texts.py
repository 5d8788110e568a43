"""What the bot says and writes when it turns texts into files, and links into lists."""

from medusa.batch_text import Entry, Listing, clean_name, one_name, write
from medusa.model import Media
from medusa.playlist import Playlist
from medusa.text import file_name
from medusa.views.page import links_page
from medusa.views.view import TextFile, View, host, title

DEFAULT_NAME = "txt_file"
"""As in the original bot."""
_DEFAULTS = ("", "/d")
"""Answers that mean the default name."""


def which_text() -> View:
    """/t2t without a text."""
    return View("📝 Send me the text that I shall put into a file. /cancel ends this.")


def which_name() -> View:
    """The question behind the text."""
    return View(f"🏷 What shall the file be called? Send a name, or /d for <code>{DEFAULT_NAME}</code>.")


def no_text() -> str:
    """Something without words came."""
    return "There is no text in this message. Send one, or /cancel."


def text_file(text: str, name: str = "") -> TextFile:
    """The file of a text; `name`: as somebody has typed it."""
    stem = DEFAULT_NAME if name.strip() in _DEFAULTS else one_name(name)
    return TextFile(file_name(stem, "txt"), f"{text.rstrip()}\n")


def which_list() -> View:
    """/t2h without a list."""
    return View(
        "🌐 Send me the .txt file, or its lines: <code>name: link</code>. I make a page of it for your "
        "browser. /cancel ends this."
    )


def page_file(name: str, listing: Listing) -> TextFile:
    """The page of a list."""
    return TextFile(file_name(name, "html"), links_page(name, listing), "text/html")


def page_caption(name: str, listing: Listing) -> str:
    """Under that page: what is in it, and which lines are no links."""
    count = len(listing.entries)
    text = f"🌐 <b>{title(name)}</b>\n{count} link{'s' if count != 1 else ''}"
    if not listing.bad:
        return text
    numbers = ", ".join(str(bad.number) for bad in listing.bad[:20])
    more = " …" if len(listing.bad) > 20 else ""
    return f"{text}\n⚠️ Without a link, at the end of the page: line {numbers}{more}"


def which_link(purpose: str) -> View:
    """A command without its link."""
    return View(f"🔗 Send me the link {purpose}. /cancel ends this.")


OF_A_PLAYLIST, OF_MUSIC = "of a playlist or a channel", "whose sound you want"


def no_link() -> str:
    """Something without a link came."""
    return "There is no link in this message. Send one, or /cancel."


def looking(url: str) -> View:
    """A link is being asked what it leads to."""
    return View(f"🔎 Looking at {host(url)} …")


def playlist_file(found: Media | Playlist) -> TextFile:
    """Its links as a list that `batch_text.read` takes; a link to one video is a list too."""
    entries = found.entries if isinstance(found, Playlist) else (found,)
    lines = [Entry(url=one.url, name=_name(one.title)) for one in entries]
    return TextFile(file_name(found.title, "txt"), write(lines))


def playlist_caption(found: Media | Playlist) -> str:
    """Under that list."""
    return f"📄 {_facts(found)}"


def listed(found: Media | Playlist) -> View:
    """It was sent."""
    return View(f"✅ {_facts(found)}")


def _facts(found: Media | Playlist) -> str:
    count = len(found.entries) if isinstance(found, Playlist) else 1
    more = "; there are more" if isinstance(found, Playlist) and found.is_cut else ""
    return f"<b>{title(found.title)}</b>\n{count} link{'s' if count != 1 else ''}{more}"


def _name(text: str) -> str:
    """A title that is not taken for a link."""
    return clean_name(text.replace("://", " "))
