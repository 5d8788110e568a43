"""Writes docs/commands.md; ./scripts/docs calls it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from medusa.commands import SECTIONS
from medusa.views.manual import commands_page

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "commands.md"


def main() -> None:
    """Write it, and say whether it is another one now."""
    before, page = PAGE.read_text() if PAGE.exists() else "", commands_page(SECTIONS)
    PAGE.write_text(page)
    print(f"{PAGE.relative_to(ROOT)}: {'as it was' if page == before else 'written'}")


if __name__ == "__main__":
    main()
