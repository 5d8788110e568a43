"""The commands: what Telegram accepts, what the original bot had, and who may use them."""

import re

import pytest

from medusa import commands
from medusa.commands import COMMANDS, Command, commands_for, may_use
from medusa.user import Role

ROLES = (Role.GUEST, Role.USER, Role.OWNER)
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
    assert command.role is Role.OWNER


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.names[0])
def test_a_command_is_for_its_role_and_those_above(command: Command) -> None:
    allowed = [may_use(role, command) for role in ROLES]
    assert allowed == [ROLES.index(role) >= ROLES.index(command.role) for role in ROLES]


def test_who_may_more_sees_more() -> None:
    guest, user, owner = (set(commands_for(role)) for role in ROLES)
    assert guest < user < owner == set(COMMANDS)


def test_a_stranger_can_say_hello_and_nothing_that_costs() -> None:
    assert [command.names[0] for command in commands_for(Role.GUEST)] == ["start", "help", "id", "info"]
