"""The picture of a chat holds what was said, and nothing leaves its panel."""

import re
from pathlib import Path
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from tests.demo.bubbles import BUBBLE, PANEL, Bubble, Panel, draw, wrapped

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cn", "Co")), max_size=300)


def texts(drawn: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


def test_everything_that_was_said_is_there_in_order() -> None:
    said = Bubble("🎬 A walk <by> the sea & back\nWhich quality?", buttons=(("360p", "180p"), ("Cancel",)))
    drawn = draw([Panel("Medusa", "bot", (Bubble("https://media.example", mine=True), said))])
    assert texts(drawn) == [
        *("Medusa", "bot", "https://media.example"),
        *("🎬 A walk <by> the sea & back", "Which quality?", "360p", "180p", "Cancel"),
    ]


def test_a_picture_is_in_the_file_itself() -> None:
    drawn = draw([Panel("Medusa", "bot", (Bubble("A film", picture=b"jpeg", badge="0:10"),))])
    (image,) = ElementTree.fromstring(drawn).iter(f"{SVG}image")
    assert image.attrib["href"] == "data:image/jpeg;base64,anBlZw=="
    assert "0:10" in texts(drawn)


@given(WORDS, st.booleans())
def test_any_text_can_be_drawn_and_stays_in_its_panel(text: str, mine: bool) -> None:
    root = ElementTree.fromstring(draw([Panel("Medusa", "bot", (Bubble(text or "x", mine),))]))
    for box in root.iter(f"{SVG}rect"):
        left, width = float(box.attrib.get("x", "0")), float(box.attrib["width"])
        assert 0 <= left <= left + width <= PANEL


@given(WORDS)
def test_lines_lose_no_word(text: str) -> None:
    lines = wrapped(text, BUBBLE)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_the_picture_of_the_readme_is_there() -> None:
    shown = re.findall(r"\]\((docs/\S+\.svg)\)", (ROOT / "README.md").read_text())
    assert shown == ["docs/chat.svg"]
    seen = texts((ROOT / shown[0]).read_text())
    assert {"Which quality?", "Log 1", "📁 FILE DOWNLOAD LOG"} <= set(seen)
    assert not any("127.0.0.1" in text for text in seen)
