"""What a person sees of a look at a link: that it goes on, and then the list, or why there is none."""

from medusa.errors import MedusaError
from medusa.jobs.lookups import Lookup
from medusa.model import Media
from medusa.playlist import Playlist
from medusa.telegram.board import StatusBoard
from medusa.telegram.documents import Documents
from medusa.telegram.outgoing import write
from medusa.telegram.pace import PacedClient
from medusa.views import texts
from medusa.views.view import View, error


class LookupAnswers:
    """jobs/lookups.py's Answers."""

    def __init__(self, client: PacedClient, board: StatusBoard, documents: Documents) -> None:
        self._client = client
        self._board = board
        self._documents = documents

    async def begin(self, lookup: Lookup) -> int:
        """Say that it is being looked at; the message that says so."""
        view = texts.looking(lookup.url)
        return await write(self._client, lookup.chat_id, view, reply_to=lookup.message_id)

    async def bring(self, lookup: Lookup, status: int, found: Media | Playlist) -> None:
        """Send the list, once."""
        await self._documents.send(
            lookup.chat_id,
            texts.playlist_file(found),
            texts.playlist_caption(found),
            key=f"list:{lookup.chat_id}:{lookup.message_id}",
            reply_to=lookup.message_id,
        )
        self._show(lookup, status, texts.listed(found))

    def refuse(self, lookup: Lookup, status: int, problem: MedusaError) -> None:
        """Show why there is no list."""
        self._show(lookup, status, error(problem))

    def _show(self, lookup: Lookup, status: int, view: View) -> None:
        self._board.show(lookup.chat_id, status, view, final=True)
