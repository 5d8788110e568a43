"""docs/commands.md, made from the commands by ./scripts/docs. Pure."""

from collections.abc import Sequence

from medusa.commands import Command, Section
from medusa.user import Role

_HEAD = """\
# Commands

Made from `medusa/commands.py` by `./scripts/docs`; do not edit it here. `/help` and the bot's menu
are made of the same, and show everybody what they may use.

## Without a command

| send | what happens |
|---|---|
| a link, or several | each becomes a file in the chat; the bot asks for the quality where there is a choice |
| `LINK 1:20-3:45` | only this part of it; `1:20-` goes on to the end |
| `LINK \\| name.mp4` | under another name |
| a link to a playlist or a channel | its entries are counted and offered: all, some, or picked |
| a `.txt` with a link in each line | a batch, in the order of its lines |
| a link that is live | the bot asks how much of it to record, and brings a video |
| links to pictures | photos; several in one message are an album |
"""
_WHO = {Role.GUEST: "everybody", Role.USER: "users", Role.ADMIN: "admins", Role.OWNER: "the owner"}


def commands_page(sections: Sequence[Section]) -> str:
    """The page, as Markdown."""
    return "\n".join([_HEAD, *map(_section, sections)])


def _section(section: Section) -> str:
    return "\n".join([f"## {section.title}\n", *map(_command, section.commands)])


def _command(command: Command) -> str:
    aliases = ", ".join(f"`/{name}`" for name in command.names[1:])
    also = f" Also {aliases}." if aliases else ""
    more = f" {command.detail}" if command.detail else ""
    examples = "".join(f"    {example}\n" for example in command.examples)
    text = f"### `{command.usage}`\n\n{_sentence(command.summary)}{more}{also} For {_WHO[command.role]}.\n"
    return f"{text}\n{examples}" if examples else text


def _sentence(summary: str) -> str:
    return f"{summary[0].upper()}{summary[1:]}."
