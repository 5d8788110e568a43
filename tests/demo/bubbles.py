"""Draws chats as a picture: panels of bubbles, as SVG. Knows nothing of where their texts come from."""

import base64
import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Color Emoji', Arial, sans-serif"
SIZE, LINE, LETTER = 13, 18, 6.9
"""Pixels: a text's height, a line's, and the width of a letter, on the wide side: fonts differ."""
PANEL, GAP, PAD, EDGE = 356, 16, 11, 14
HEAD = 52
BUBBLE = PANEL - 2 * EDGE - 14
"""The widest a bubble may be."""
BUTTON = 30

BACK, PAPER, MINE, INK, FAINT, LINK = "#dbe5ee", "#ffffff", "#e3fdd0", "#17212b", "#7b8a97", "#2a7fc1"
BUTTONS, ROOF = "#8aa0b4", "#4a7ba6"


@dataclass(frozen=True)
class Bubble:
    """One message."""

    text: str
    mine: bool = False
    buttons: tuple[tuple[str, ...], ...] = ()
    picture: bytes | None = None
    """A JPEG of 16:9 over the text."""
    badge: str = ""
    """What stands on the picture."""


@dataclass(frozen=True)
class Panel:
    """One chat at one moment."""

    title: str
    subtitle: str
    bubbles: tuple[Bubble, ...]


def draw(panels: Sequence[Panel]) -> str:
    """The panels side by side, as the text of an SVG file."""
    drawn = [_panel(panel) for panel in panels]
    height = max(bottom for _, bottom in drawn) + EDGE
    width = len(panels) * (PANEL + GAP) - GAP
    parts = [
        f'<g transform="translate({number * (PANEL + GAP)} 0)">'
        f'<rect width="{PANEL}" height="{height}" rx="12" fill="{BACK}"/>{inside}</g>'
        for number, (inside, _) in enumerate(drawn)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="{FONT}" font-size="{SIZE}">\n' + "\n".join(parts) + "\n</svg>\n"
    )


def wrapped(text: str, width: float) -> list[str]:
    """The lines of a text that is so many pixels wide at the most."""
    letters = int(width / LETTER)
    lines = [textwrap.wrap(line, letters, replace_whitespace=False) or [""] for line in text.splitlines()]
    return [one for line in lines for one in line]


def _panel(panel: Panel) -> tuple[str, float]:
    """What is on it, and where that ends."""
    parts = [
        f'<path d="M0 {HEAD}V12a12 12 0 0 1 12-12H{PANEL - 12}a12 12 0 0 1 12 12V{HEAD}z" fill="{ROOF}"/>',
        _text(EDGE, 23, panel.title, "#ffffff", weight="600"),
        _text(EDGE, 41, panel.subtitle, "#d7e6f3", size=12),
    ]
    top = float(HEAD + EDGE)
    for bubble in panel.bubbles:
        drawn, top = _bubble(bubble, top)
        parts.append(drawn)
        top += 8
    return "".join(parts), top


def _bubble(bubble: Bubble, top: float) -> tuple[str, float]:
    lines = wrapped(bubble.text, BUBBLE - 2 * PAD)
    widest = max(_width(line) for line in lines) + 2 * PAD
    # Rows of buttons want room, a picture all of it.
    width = BUBBLE if bubble.picture else min(BUBBLE, max(widest, 300.0 if bubble.buttons else 0))
    left = PANEL - EDGE - width if bubble.mine else float(EDGE)
    tall = width * 9 / 16 if bubble.picture else 0
    height = tall + len(lines) * LINE + 2 * PAD - 4
    colour = MINE if bubble.mine else PAPER
    parts = [
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="12" '
        f'fill="{colour}"/>'
    ]
    if bubble.picture:
        parts.append(_picture(bubble, left + 4, top + 4, width - 8, tall - 4))
    for number, line in enumerate(lines):
        heading = number == 0 and len(lines) > 1 and not bubble.mine
        colour = LINK if line.startswith("http") else INK
        baseline = top + tall + PAD + SIZE - 2 + number * LINE
        parts.append(_text(left + PAD, baseline, line, colour, weight="600" if heading else "400"))
    bottom = top + height
    for row in bubble.buttons:
        parts.append(_row(row, left, bottom + 4, width))
        bottom += BUTTON + 4
    return "".join(parts), bottom


def _row(labels: Sequence[str], left: float, top: float, width: float) -> str:
    each = (width - 4 * (len(labels) - 1)) / len(labels)
    parts = []
    for number, label in enumerate(labels):
        x = left + number * (each + 4)
        parts.append(
            f'<rect x="{x:.1f}" y="{top:.1f}" width="{each:.1f}" height="{BUTTON}" rx="7" fill="{BUTTONS}"/>'
            + _text(x + each / 2, top + 20, label, "#ffffff", weight="500", anchor="middle")
        )
    return "".join(parts)


def _picture(bubble: Bubble, left: float, top: float, width: float, height: float) -> str:
    data = base64.b64encode(bubble.picture or b"").decode()
    x, y = left + width / 2, top + height / 2
    return (
        f'<image x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'preserveAspectRatio="xMidYMid slice" href="data:image/jpeg;base64,{data}"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="22" fill="#000" fill-opacity=".45"/>'
        f'<path d="M{x - 7:.1f} {y - 11:.1f}v22l19-11z" fill="#fff"/>'
        f'<rect x="{left + 8:.1f}" y="{top + 8:.1f}" width="{_width(bubble.badge) + 4:.1f}" height="20" '
        f'rx="10" fill="#000" fill-opacity=".45"/>'
        + _text(left + 14, top + 22, bubble.badge, "#fff", size=11)
    )


def _text(
    x: float,
    y: float,
    text: str,
    colour: str,
    *,
    size: int = SIZE,
    weight: str = "400",
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}" xml:space="preserve">{escape(text)}</text>'
    )


def _width(text: str) -> float:
    """Pixels; signs of the Far East, emoji and blocks take the room of two letters."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" or letter in "▰▱" for letter in text)
    return (len(text) + 0.8 * wide) * LETTER
