"""Draws a sheet as a PNG for a phone: 1080 pixels wide, with large letters. Only the child imports this.

The colours are those of Okabe and Ito, which people tell apart whose eyes see fewer.
"""

import io
import math
from dataclasses import dataclass

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from medusa.charts.scale import TIMES, ticks, written
from medusa.sheet import Form, Sheet, Tone, Unit
from medusa.text import clip, one_line, utf16_length

SIDE, DPI = 10.8, 100
"""Inches, and pixels of each: a square of 1080 pixels."""
EDGE = 0.05
"""Of the side, around everything."""
FOOT = 0.13
"""Of the side, below the values."""
LARGE, NORMAL = 34, 24
MOST_LABELS = 6
LONGEST = 100
"""UTF-16 units that are tried to be fitted into a line."""
_FONT = "DejaVu Sans"


@dataclass(frozen=True)
class Paint:
    """The colours of a theme."""

    paper: str
    ink: str
    faint: str
    grid: str
    tones: dict[Tone, str]


LIGHT = Paint(
    *("#ffffff", "#1a1a1a", "#5f6368", "#dfe1e5"),
    {Tone.GOOD: "#0072b2", Tone.BAD: "#d55e00", Tone.QUIET: "#9aa0a6"},
)
DARK = Paint(
    *("#17212b", "#f2f2f2", "#a3b1bf", "#33424f"),
    {Tone.GOOD: "#56b4e9", Tone.BAD: "#e69f00", Tone.QUIET: "#7d8a96"},
)


def png(sheet: Sheet) -> bytes:
    """The picture."""
    with rc_context(
        {
            "font.family": [_FONT],
            "font.size": NORMAL,
            # A name with dollars in it is no formula.
            "text.parse_math": False,
            "xtick.major.size": 0,
            "ytick.major.size": 0,
        }
    ):
        return _Drawing(sheet).png()


class _Drawing:
    """One picture."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._paint = DARK if sheet.dark else LIGHT
        self._figure = Figure(figsize=(SIDE, SIDE), dpi=DPI, facecolor=self._paint.paper)
        self._canvas = FigureCanvasAgg(self._figure)
        self._font = FT2Font(font_manager.findfont(_FONT))

    def png(self) -> bytes:
        sheet, paint = self._sheet, self._paint
        self._write(EDGE, 0.945, sheet.title, size=LARGE, weight="bold")
        self._write(EDGE, 0.895, sheet.subtitle, color=paint.faint)
        axes = self._figure.add_axes((EDGE, FOOT, 1 - 2 * EDGE, 0.6), facecolor=paint.paper)
        if sheet.is_empty:
            axes.set_axis_off()
            self._write(0.5, 0.45, sheet.empty, color=paint.faint, ha="center")
        elif sheet.form is Form.BARS:
            self._bars(axes)
        else:
            self._upright(axes)
        file = io.BytesIO()
        self._figure.savefig(file, format="png", dpi=DPI, facecolor=paint.paper)
        return file.getvalue()

    # --- columns and lines -----------------------------------------------------------------------

    def _upright(self, axes: Axes) -> None:
        sheet, paint = self._sheet, self._paint
        count = len(sheet.labels)
        (self._columns if sheet.form is Form.COLUMNS else self._lines)(axes)
        room = 1.5 if count == 1 else 0.7
        axes.set_xlim(-room, count - 1 + room)
        shown = ticks(count, MOST_LABELS)
        axes.set_xticks(shown, [self._legible(sheet.labels[at]) for at in shown])
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: written(value, sheet.unit)))
        axes.tick_params(colors=paint.ink, pad=10)
        axes.grid(axis="y", color=paint.grid, linewidth=2)
        axes.set_axisbelow(True)
        for side in ("top", "left", "right"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(paint.faint)
        head = 0.78 if len(sheet.series) > 1 else 0.835  # below the legend, where there is one
        self._write(EDGE, head, sheet.axis, color=paint.faint)
        self._write(1 - EDGE, 0.035, sheet.base, color=paint.faint, ha="right")
        self._legend(axes)
        self._make_room(axes, head - 0.04)

    def _columns(self, axes: Axes) -> None:
        places = range(len(self._sheet.labels))
        below = [0.0] * len(places)
        for series in self._sheet.series:
            values = [value or 0.0 for value in series.values]
            axes.bar(
                places,
                values,
                width=0.8,
                bottom=below,
                color=self._paint.tones[series.tone],
                label=series.name,
            )
            below = [one + other for one, other in zip(below, values, strict=True)]
        axes.set_ylim(0, 1.08 * max(below))
        axes.yaxis.set_major_locator(
            MaxNLocator(nbins=6, steps=[1, 2, 5, 10], integer=self._sheet.unit is Unit.COUNT)
        )

    def _lines(self, axes: Axes) -> None:
        known = [value for series in self._sheet.series for value in series.values if value]
        for series in self._sheet.series:
            values = [math.nan if value is None else value for value in series.values]
            axes.plot(
                range(len(values)),
                values,
                color=self._paint.tones[series.tone],
                label=series.name,
                linewidth=4,
                marker="o",
                markersize=10 if len(values) <= 31 else 6,
            )
        if self._sheet.unit is Unit.TIME:
            axes.set_yscale("log")
            least = max(one for one in TIMES if one <= max(1, min(known)))
            most = next((one for one in TIMES if one >= max(known)), 2 * max(known))
            axes.set_ylim(0.8 * least, 1.25 * most)
            axes.yaxis.set_major_locator(FixedLocator([one for one in TIMES if least <= one <= most]))
            axes.yaxis.set_minor_locator(NullLocator())
        else:
            axes.set_ylim(0, 1.08 * max(known))
            axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))

    def _legend(self, axes: Axes) -> None:
        if len(self._sheet.series) == 1:
            return
        axes.legend(
            loc="center left",
            bbox_to_anchor=(EDGE, 0.84),
            bbox_transform=self._figure.transFigure,
            ncols=len(self._sheet.series),
            frameon=False,
            labelcolor=self._paint.ink,
            borderpad=0,
            borderaxespad=0,
            handlelength=1.0,
            handletextpad=0.4,
            columnspacing=1.2,
        )

    def _make_room(self, axes: Axes, top: float) -> None:
        """Let the labels of the axis have the width that they need, and the values the rest below `top`."""
        self._canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib's
        width = max(label.get_window_extent().width for label in axes.get_yticklabels()) / (SIDE * DPI)
        left = EDGE + width + 0.015
        axes.set_position((left, FOOT, 0.985 - EDGE - left, top - FOOT))

    # --- bars ------------------------------------------------------------------------------------

    def _bars(self, axes: Axes) -> None:
        """Each with its name above it, for which there is the whole width."""
        sheet, paint = self._sheet, self._paint
        (series,) = sheet.series
        axes.set_axis_off()
        self._write(EDGE, 0.835, sheet.axis, color=paint.faint)
        most = max(value or 0.0 for value in series.values)
        top, room = 0.80, min(0.13, 0.78 / len(sheet.labels))
        for number, (name, value, note) in enumerate(
            zip(sheet.labels, series.values, sheet.notes, strict=True)
        ):
            foot = top - (number + 1) * room
            length = max((value or 0.0) / most * (1 - 2 * EDGE), 0.003)
            shown = self._write(1 - EDGE, foot + 0.42 * room, note, ha="right", color=paint.ink)
            self._write(EDGE, foot + 0.42 * room, name, width=1 - 2 * EDGE - self._width(shown) - 0.03)
            bar = axes.bar(
                EDGE, 0.22 * room, length, foot + 0.12 * room, align="edge", color=paint.tones[series.tone]
            )
            bar[0].set_transform(self._figure.transFigure)
            bar[0].set_clip_on(False)

    # --- words -----------------------------------------------------------------------------------

    def _write(
        self,
        x: float,
        y: float,
        words: str,
        *,
        width: float = 1 - 2 * EDGE,
        size: int = NORMAL,
        color: str | None = None,
        ha: str = "left",
        weight: str = "normal",
    ) -> Text:
        """Words on one line, clipped to the width that there is; all are shares of the side."""
        whole = clip(self._legible(words), LONGEST)
        text = self._figure.text(
            x, y, whole, fontsize=size, color=color or self._paint.ink, ha=ha, weight=weight, va="baseline"
        )
        length = utf16_length(whole)
        while length > 1 and (taken := self._width(text)) > width:
            length = max(1, min(length - 1, int(length * width / taken)))
            text.set_text(clip(whole, length))
        return text

    def _width(self, text: Text) -> float:
        return float(text.get_window_extent().width) / (SIDE * DPI)

    def _legible(self, words: str) -> str:
        """Without the characters that the font does not have, of which boxes would be drawn."""
        known = (one for one in one_line(words) if one == "…" or self._font.get_char_index(ord(one)))
        return " ".join("".join(known).split()) or ("?" if words else "")
