"""The commands: what Telegram accepts, what the original bot had, who may use them, where that is told."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyrogram.filters import AndFilter, Filter, InvertFilter, OrFilter
from pyrogram.handlers import MessageHandler

from medusa import commands
from medusa.commands import COMMANDS, SECTIONS, Command, commands_for, may_use, sections_for
from medusa.telegram.lifecycle import menu
from medusa.text import MESSAGE_LIMIT, utf16_length
from medusa.user import Role
from medusa.views.manual import commands_page
from medusa.views.people import help_text
from tests.unit.test_views import shown

ROOT = Path(__file__).parents[2]

ROLES = (Role.BANNED, Role.GUEST, Role.USER, Role.ADMIN, Role.OWNER)
"""From least to most."""


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.names[0])
def test_telegram_accepts_every_command(command: Command) -> None:
    # https://core.telegram.org/bots/api#botcommand
    assert all(re.fullmatch("[a-z0-9_]{1,32}", name) for name in command.names)
    assert 1 <= len(command.summary) <= 256


def test_no_name_means_two_commands() -> None:
    names = [name for command in COMMANDS for name in command.names]
    assert len(set(names)) == len(names)


def test_every_command_is_listed() -> None:
    assert {value for value in vars(commands).values() if isinstance(value, Command)} == set(COMMANDS)


@pytest.mark.parametrize(
    ("name", "alias"),
    [
        ("add_log_channel", "addlog"),
        ("remove_log_channel", "remlog"),
        ("log_channels", "loglist"),
        ("test_log", "testlog"),
    ],
)
def test_the_names_of_the_original_bot_work(name: str, alias: str) -> None:
    (command,) = [command for command in COMMANDS if name in command.names]
    assert alias in command.names
    assert command.role is Role.ADMIN


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.names[0])
def test_a_command_is_for_its_role_and_those_above(command: Command) -> None:
    allowed = [may_use(role, command) for role in ROLES]
    assert allowed == [ROLES.index(role) >= ROLES.index(command.role) for role in ROLES]


def test_who_may_more_sees_more() -> None:
    banned, guest, user, admin, owner = (set(commands_for(role)) for role in ROLES)
    assert (
        set()
        == banned
        < guest
        < user
        < admin
        < owner
        == {command for command in COMMANDS if command.is_shown}
    )


# --- where they are told of -----------------------------------------------------------------------


def calls(filter_: Filter | None) -> Iterator[set[str]]:
    """The sets of names that a filter lets through."""
    match filter_:
        case AndFilter() | OrFilter():
            yield from calls(filter_.base)
            yield from calls(filter_.other)
        case InvertFilter() | None:
            return
        case _:
            yield set(getattr(filter_, "commands", ()))


def handled() -> list[set[str]]:
    """The names in the filters of all handlers of the plugins."""
    modules = [
        importlib.import_module(f"plugins.{file.stem}") for file in (ROOT / "plugins").glob("[a-z]*.py")
    ]
    functions = [member for module in modules for member in vars(module).values()]
    return [
        names
        for function in functions
        for handler, _ in getattr(function, "handlers", ())
        if isinstance(handler, MessageHandler)
        for names in calls(handler.filters)
    ]


def test_every_command_has_a_handler() -> None:
    found = handled()
    assert [one.names for one in COMMANDS if set(one.names) not in found] == []


def test_the_document_is_made_from_the_commands() -> None:
    written = (ROOT / "docs" / "commands.md").read_text()
    assert written == commands_page(SECTIONS), "run ./scripts/docs"
    assert all(f"`/{name}" in written for command in COMMANDS for name in command.names)


@pytest.mark.parametrize("role", ROLES[1:])
async def test_help_and_the_menu_say_the_same(role: Role) -> None:
    text = await shown(help_text(sections_for(role)).text)
    assert utf16_length(text) <= MESSAGE_LIMIT
    lines = text.splitlines()
    entries = menu(commands_for(role))
    for command, entry in zip(commands_for(role), entries, strict=True):
        assert (entry.command, entry.description) == (command.names[0], command.summary)
        (line,) = [line for line in lines if re.match(rf"/{entry.command}\b", line)]
        assert line.endswith(f"· {entry.description}")
        assert all(f"/{name}" in line for name in command.names)


def test_a_stranger_can_say_hello_and_nothing_that_costs() -> None:
    assert [command.names[0] for command in commands_for(Role.GUEST)] == [
        "start",
        "help",
        "id",
        "info",
        "ping",
    ]
