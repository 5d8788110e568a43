"""The demo in the terminal: the chat as it is written, and the table of what it proved."""

import sys

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.dc.happenings import Happening
from tests.dc.seen import Seen
from tests.demo.cases import Case
from tests.demo.result import Result
from tests.stage import Stage


class Screen:
    """Writes to stderr, so that the JSON on stdout stays alone."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else 110)
        self._shown = 0

    def title(self, case: Case) -> None:
        """Announce a case."""
        self._console.rule(f"[bold]{case.title}[/]  [dim]{case.name}[/]", align="left")

    def say(self, text: str) -> None:
        """A line of the demo's own."""
        self._console.print(f"[dim]{escape(text)}[/]")

    def watch(self, stage: Stage) -> None:
        """Show the chat from now on, state by state."""

        def follow(happening: Happening) -> None:
            for state in stage.ann.states[self._shown :]:
                self._show(state)
            self._shown = len(stage.ann.states)

        stage.dc.core.world.subscribers.append(follow)

    def verdict(self, result: Result) -> None:
        """How a case ended."""
        if result.ok:
            self._console.print("[green]  ✓ as it must be[/]\n")
        for problem in result.problems:
            self._console.print(f"[red]  ✗ {escape(problem)}[/]\n")

    def table(self, results: list[Result], peak_mb: float, violations: int) -> None:
        """Everything that was proved."""
        table = Table(title="What arrived", title_justify="left")
        for column in (
            "case",
            "arrived as",
            "bytes",
            "identical",
            "faststart",
            "parts",
            "disk",
            "s",
            "1st part",
            "logs",
        ):
            table.add_column(
                column, justify="left" if column in ("case", "arrived as") else "right", no_wrap=True
            )
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

    def _show(self, state: Seen) -> None:
        who = "[cyan]Ann   [/]" if state.mine else "[magenta]Medusa[/]"
        lines = state.text.splitlines() or [""]
        if state.media:
            lines.insert(0, f"📎 {state.media.kind} {state.media.name} ({state.media.size:,} bytes)")
        buttons = "  ".join(f"[{label}]" for label in state.labels)
        first, *rest = [*lines, buttons] if buttons else lines
        pen = "✎" if state.edited else " "
        self._console.print(f"  {who} {pen} {escape(first)}")
        for line in rest:
            self._console.print(f"           {escape(line)}")
