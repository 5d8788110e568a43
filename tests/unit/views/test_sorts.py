"""How many links of which sort, as people read it."""

from medusa.batch_text import Sort
from medusa.views.sorts import ICONS, counted


def test_one_and_many() -> None:
    assert counted([(Sort.VIDEO, 1), (Sort.PDF, 2)]) == "🎬 1 video · 📄 2 PDFs"
    assert counted([]) == ""


def test_every_sort_has_its_words() -> None:
    assert set(ICONS) == set(Sort)
    assert len(counted((sort, 2) for sort in Sort).split(" · ")) == len(Sort)
