"""Lists of links that people send: a .txt, or the lines behind a command."""

import asyncio
from typing import NamedTuple

from pyrogram.types import Message

from medusa.batch_text import MOST_BYTES, Listing, decode, one_name, read
from medusa.errors import WrongArgument
from medusa.telegram.attachments import document, read_document
from medusa.telegram.pace import PacedClient
from medusa.views import batch as views

_EXTENSIONS = (".txt", ".text", ".list", ".csv", ".urls")


class NamedListing(NamedTuple):
    """A list, and what it is called."""

    name: str
    listing: Listing


def is_list(message: Message) -> bool:
    """Whether a message is a text file."""
    file = message.document
    if file is None:
        return False
    name = (file.file_name or "").lower()
    return name.endswith(_EXTENSIONS) or (file.mime_type == "text/plain" and "cookies" not in name)


def brings_list(message: Message) -> bool:
    """Whether a command has its list with it: as its file, in what it answers, or in its lines."""
    return document(message) is not None or bool(_lines(message))


async def read_list(client: PacedClient, message: Message) -> NamedListing:
    """The list of a message. Raises WrongArgument when there are no links in it, and what `read_document`
    raises."""
    file = document(message)
    if file is None:
        name, text = "Batch", _lines(message)
    else:
        name = one_name(file.file_name or "Batch")
        text = decode(await read_document(client, message, MOST_BYTES))
    # Of 10,000 lines it takes a tenth of a second.
    listing = await asyncio.to_thread(read, text)
    if not listing.entries:
        raise WrongArgument(views.no_links(len(text.splitlines())))
    return NamedListing(name, listing)


def _lines(message: Message) -> str:
    """What stands below or behind a command; of any other message the whole."""
    if not (message.text or "").startswith("/"):
        return str(message.text or "")
    return (message.text or "").partition("\n")[2].strip() or " ".join((message.text or "").split()[1:])
