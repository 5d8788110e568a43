"""Asks a person for the settings that are missing, then becomes the bot; ./scripts/run calls it."""

import os
import re
import sys
from getpass import getpass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from medusa.config import FILE, Settings, problems
from medusa.setting_files import SUFFIX

ASKED = ("API_ID", "API_HASH", "BOT_TOKEN", "OWNER")
OPTIONAL = ("OWNER",)
HIDDEN = ("API_HASH", "BOT_TOKEN")


def main() -> None:
    """Start the bot, or say what it lacks and exit with 2."""
    answers: dict[str, str] = {}
    wrong = problems()
    if wrong and wrong.keys() <= set(ASKED) and sys.stdin.isatty():
        answers = ask(wrong)
        offer_to_save(answers)
    elif wrong:
        print("Medusa cannot start:", *wrong.values(), sep="\n  ", file=sys.stderr)
        print(
            f"Set them in the environment or in {FILE}; config.env.sample lists all settings.",
            file=sys.stderr,
        )
        sys.exit(2)
    os.execve(sys.executable, [sys.executable, "app.py", *sys.argv[1:]], {**os.environ, **answers})


def ask(wrong: dict[str, str]) -> dict[str, str]:
    """Ask until each answer is valid."""
    print("Some settings are missing. Each has its line; Ctrl-C leaves everything as it is.")
    answers: dict[str, str] = {}
    for name in ASKED:
        if name in wrong or (name in OPTIONAL and not is_set(name)):
            answers[name] = ask_for(name, answers)
    return {name: text for name, text in answers.items() if text}


def ask_for(name: str, answers: dict[str, str]) -> str:
    """One valid answer; empty for a setting that is optional."""
    print(f"\n{Settings.model_fields[name.lower()].description}")
    remark = " (not shown)" if name in HIDDEN else " (Enter: nobody)" if name in OPTIONAL else ""
    while True:
        text = (getpass if name in HIDDEN else input)(f"{name}{remark}: ").strip()
        sentence = problems(**{**answers, name: text}).get(name)
        if not sentence:
            return text
        print(sentence)


def is_set(name: str) -> bool:
    """Whether the environment or the file has a value for it."""
    given = any(os.environ.get(variable) for variable in (name, f"{name}{SUFFIX}"))
    return given or any(re.match(rf"{name}({SUFFIX})?\s*=\s*\S", line) for line in written())


def offer_to_save(answers: dict[str, str]) -> None:
    """Write the answers to config.env, readable by its owner only, if that is wanted."""
    if input(f"\nSave this to {FILE}, readable by you only? [Y/n] ").strip().lower() not in ("", "y", "yes"):
        return
    replaced = re.compile(rf"\s*(export\s+)?({'|'.join(answers)})\s*=")
    kept = [line for line in written() if not replaced.match(line)]
    lines = [*kept, *(f"{name}={text}" for name, text in answers.items())]
    draft = Path(f"{FILE}.new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text("\n".join(lines) + "\n", "utf-8")
    draft.replace(FILE)


def written() -> list[str]:
    """The lines of config.env."""
    return Path(FILE).read_text("utf-8").splitlines() if Path(FILE).exists() else []


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, EOFError):
        sys.exit("\nNothing was started.")
