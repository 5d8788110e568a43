"""The demo in the terminal: the chats as they are written, and the tables of what they proved."""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from tests.dc.happenings import Happening
from tests.demo.chats import Chats, Said, Who
from tests.demo.result import Result
from tests.demo.scenes import Verdict
from tests.stage import Stage

_FILES = ("case", "arrived as", "bytes", "identical", "faststart", "parts", "disk", "s", "1st part", "logs")
_COLOURS = {Who.PERSON: "cyan", Who.BOT: "magenta", Who.NOBODY: "dim"}


class Screen:
    """Writes to stderr, so that the JSON on stdout stays alone."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else 110)

    def title(self, name: str, title: str) -> None:
        """Announce a case."""
        self._console.rule(f"[bold]{title}[/]  [dim]{name}[/]", align="left")

    def say(self, text: str) -> None:
        """A line of the demo's own."""
        self._console.print(f"[dim]{escape(text)}[/]")

    def watch(self, stage: Stage) -> None:
        """Show the chats of a stage from now on, state by state."""
        chats = Chats([channel.state for channel in stage.logs])

        def follow(happening: Happening) -> None:
            for said in chats.read(happening):
                self._show(said)

        stage.dc.core.world.subscribers.append(follow)

    def verdict(self, problems: Sequence[str]) -> None:
        """How a case ended."""
        if not problems:
            self._console.print("[green]  ✓ as it must be[/]\n")
        for problem in problems:
            self._console.print(f"[red]  ✗ {escape(problem)}[/]\n")

    def files(self, results: Sequence[Result], peak_mb: float, violations: int) -> None:
        """Everything that was proved of files."""
        table = self._table("What arrived", _FILES, 2)
        for one in results:
            table.add_row(
                one.name,
                one.kind,
                f"{one.sent_bytes:,}",
                "yes" if one.identical else "[red]no[/]",
                "yes" if one.faststart else "·",
                str(one.parts),
                f"{one.temp_bytes_peak:,}",
                f"{one.seconds:.1f}",
                "·" if one.first_part_seconds is None else f"{one.first_part_seconds:.1f}",
                str(one.log_copies),
            )
        self._console.print(table)
        self._console.print(
            f"bot and media children: {peak_mb:.0f} MB at the most · broken rules of Telegram: {violations}"
        )

    def conversations(self, verdicts: Sequence[Verdict]) -> None:
        """How the conversations went."""
        table = self._table("Conversations", ("case", "went well", "s"), 1)
        for one in verdicts:
            table.add_row(one.name, "yes" if one.ok else "[red]no[/]", f"{one.seconds:.1f}")
        self._console.print(table)

    def _table(self, title: str, columns: Sequence[str], words: int) -> Table:
        """The first `words` columns hold words, the others figures."""
        table = Table(title=title, title_justify="left")
        for number, column in enumerate(columns):
            table.add_column(column, justify="left" if number < words else "right", no_wrap=True)
        return table

    def _show(self, said: Said) -> None:
        line = Table.grid(padding=(0, 1, 0, 0))
        line.add_column(min_width=9, style=_COLOURS[said.who], no_wrap=True)
        line.add_column(min_width=1)
        line.add_column()
        line.add_row(f"  {escape(said.name)}", said.mark, Text("\n".join(said.lines)))
        self._console.print(line)
