"""The sorts of links in a list, as people read them."""

from collections.abc import Iterable

from medusa.batch_text import Sort

ICONS = {
    Sort.VIDEO: "🎬",
    Sort.AUDIO: "🎵",
    Sort.IMAGE: "🖼",
    Sort.PDF: "📄",
    Sort.ZIP: "🗜",
    Sort.OTHER: "🔗",
}
_WORDS = {
    Sort.VIDEO: ("video", "videos"),
    Sort.AUDIO: ("audio", "audio"),
    Sort.IMAGE: ("image", "images"),
    Sort.PDF: ("PDF", "PDFs"),
    Sort.ZIP: ("zip", "zips"),
    Sort.OTHER: ("other", "others"),
}


def counted(counts: Iterable[tuple[Sort, int]]) -> str:
    """How many of each: "🎬 2 videos · 📄 1 PDF"."""
    return " · ".join(f"{ICONS[sort]} {count} {_WORDS[sort][count != 1]}" for sort, count in counts)
