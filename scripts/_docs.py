"""Writes docs/commands.md and docs/settings.md; ./scripts/docs calls it.

--check writes nothing, and fails when one is not as it must be.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from pydantic.fields import FieldInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from medusa.commands import SECTIONS
from medusa.config import Settings
from medusa.views.manual import commands_page

ROOT = Path(__file__).parents[1]

SETTINGS_HEAD = """\
# Settings

Made from `medusa/config.py` by `./scripts/docs`; do not edit it here.

- Each is a variable of the environment, or a line of `config.env` in the directory of the bot. The
  environment goes first. [`config.env.sample`](../config.env.sample) has a line for each; `./scripts/run`
  asks for what is missing.
- **Files.** Instead of `X` there may be `X_FILE` for each of them: the path of a file that holds the value,
  as Docker (`/run/secrets/…`), Kubernetes and systemd hand secrets over. The line end behind the value does
  not count. Both `X` and `X_FILE`, a file that is missing or empty, and a directory are mistakes.
- An empty value is no value: the default holds. Quotes around a value do not count.
- Lists of ids may be separated by spaces, commas or line breaks.
- A mistake stops the bot at its start, with a sentence for each variable. No sentence shows a secret.
- Most of how the bot treats people is no setting: `/config`, `/limits` and `/admin` change it while it runs.

🔒 is a secret: it belongs into no repository, and is in no log.

| variable | default | what it is for |
|---|---|---|
"""


def settings_page() -> str:
    """Every setting in one table, as Markdown."""
    return SETTINGS_HEAD + "".join(map(_row, Settings.model_fields, Settings.model_fields.values()))


def _row(name: str, field: FieldInfo) -> str:
    description = (field.description or "").replace("|", "\\|")
    bare = description.removeprefix("Secret: ")
    text = ("🔒 " if bare != description else "") + bare[0].upper() + bare[1:]
    return f"| `{name.upper()}` | {_default(field)} | {text} |\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**needed**"
    if field.default in (None, ()):
        return "none"
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


PAGES: dict[str, Callable[[], str]] = {
    "docs/commands.md": lambda: commands_page(SECTIONS),
    "docs/settings.md": settings_page,
}


def main() -> int:
    """Write them, and say which is another one now."""
    check = "--check" in sys.argv[1:]
    others = 0
    for name, make in PAGES.items():
        path, page = ROOT / name, make()
        same = path.exists() and path.read_text() == page
        others += not same
        if not check:
            path.write_text(page)
        print(f"{name}: {'as it was' if same else 'is old' if check else 'written'}")
    return 1 if check and others else 0


if __name__ == "__main__":
    sys.exit(main())
