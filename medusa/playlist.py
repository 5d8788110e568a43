"""A link that leads to many: playlists, channels, feeds, pages with several videos. Values, no I/O."""

from medusa.value import Value

MOST_ENTRIES = 10_000


class Entry(Value):
    """One of them; not asked for yet."""

    url: str
    """Leads to this one alone, and may be sent by itself."""
    title: str
    duration: float | None = None
    """Seconds."""
    hint: str = ""
    """What the playlist told its extractor besides the link; for `Request.hint`, and nowhere else."""


class Playlist(Value):
    """What such a link leads to."""

    url: str
    title: str
    source: str
    """Name of the site, for people."""
    entries: tuple[Entry, ...]
    """At most MOST_ENTRIES."""
    is_cut: bool = False
    """There are more."""

    def facts(self) -> dict[str, object]:
        """What the download that it was knows of it."""
        return {
            "title": self.title,
            "source": self.source,
            "entries": len(self.entries),
            "is_cut": self.is_cut,
        }
