"""bots.*: the command menu."""

import re
from typing import Any

from pyrogram.raw.functions.bots import (
    GetBotCommands,
    ResetBotCommands,
    SetBotCommands,
    SetBotInfo,
    SetBotMenuButton,
)
from pyrogram.raw.types import BotCommandScopeDefault

from tests.dc.dispatch import Call, handles
from tests.dc.errors import Breach


@handles(SetBotCommands)
def set_bot_commands(call: Call, query: SetBotCommands) -> bool:
    """Replace the menu of one scope and language."""
    for one in query.commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one.command):
            raise Breach("bot_command", 400, "BOT_COMMAND_INVALID", one.command)
        if not 1 <= len(one.description) <= 256:
            raise Breach("bot_command", 400, "BOT_COMMAND_DESCRIPTION_INVALID", one.command)
    call.account.commands[_scope(query)] = list(query.commands)
    return True


@handles(ResetBotCommands)
def reset_bot_commands(call: Call, query: ResetBotCommands) -> bool:
    """Drop the menu of one scope and language."""
    call.account.commands.pop(_scope(query), None)
    return True


@handles(GetBotCommands)
def get_bot_commands(call: Call, query: GetBotCommands) -> list[Any]:
    """The menu of one scope and language."""
    return call.account.commands.get(_scope(query), [])


@handles(SetBotInfo)
def set_bot_info(call: Call, query: SetBotInfo) -> bool:
    """A description that nobody reads."""
    return True


@handles(SetBotMenuButton)
def set_bot_menu_button(call: Call, query: SetBotMenuButton) -> bool:
    """A button beside the input field, which nobody presses."""
    return True


def _scope(query: SetBotCommands | ResetBotCommands | GetBotCommands) -> tuple[str, str]:
    if isinstance(query.scope, BotCommandScopeDefault):
        return "default", query.lang_code
    return query.scope.write().hex(), query.lang_code
