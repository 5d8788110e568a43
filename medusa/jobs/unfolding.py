"""A link that leads to a playlist becomes a batch, whose person is asked what of it they want."""

from medusa.batch import playlist_draft
from medusa.batch_text import Entry, clean_name
from medusa.dialogs import Dialog, Dialogs, Takes
from medusa.jobs.store import BatchStore
from medusa.model import Download
from medusa.playlist import Playlist

ABOUT = "batch"
"""What a dialog about a batch is about."""


class Unfolding:
    """Keeps playlists as drafts of batches."""

    def __init__(self, batches: BatchStore, dialogs: Dialogs) -> None:
        self._batches = batches
        self._dialogs = dialogs

    async def unfold(self, download: Download, playlist: Playlist) -> None:
        """Keep what a link has led to; once, however often it is tried. Whoever is being asked something else
        presses a button. Raises StoreUnavailable."""
        batch = playlist_draft(download.evolve(**playlist.facts()))
        # A site may call them whatever it likes.
        entries = [Entry(url=one.url, name=clean_name(one.title), hint=one.hint) for one in playlist.entries]
        await self._batches.add(batch, entries)
        await self._dialogs.ask_if_free(
            Dialog(
                chat_id=batch.chat_id,
                person_id=batch.person.id,
                about=ABOUT,
                subject=batch.id,
                takes=Takes.WORDS,
            )
        )
