"""What a command is. No I/O."""

from dataclasses import dataclass
from typing import NamedTuple

from medusa.user import Role


@dataclass(frozen=True, slots=True)
class Command:
    """One command; `names` are without the slash, the first is the one that is shown."""

    names: tuple[str, ...]
    summary: str
    role: Role = Role.GUEST
    """The least that is needed."""
    arguments: str = ""
    is_shown: bool = True
    """In /help and the bot's menu."""
    detail: str = ""
    """More for docs/commands.md, in whole sentences."""
    examples: tuple[str, ...] = ()
    """What people type, for docs/commands.md."""

    @property
    def usage(self) -> str:
        """How it is typed."""
        return f"/{self.names[0]} {self.arguments}".rstrip()


class Section(NamedTuple):
    """Commands that belong together."""

    title: str
    commands: tuple[Command, ...]
