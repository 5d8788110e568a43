"""The commands: their names, what they do, who may use them. /help and the bot's menu are made from this."""

from dataclasses import dataclass

from medusa.user import Role


@dataclass(frozen=True, slots=True)
class Command:
    """One command; `names` are without the slash, the first is the one that is shown."""

    names: tuple[str, ...]
    summary: str
    role: Role = Role.GUEST
    """The least that is needed."""
    arguments: str = ""


START = Command(("start",), "say hello")
HELP = Command(("help",), "what you can do here")
ID = Command(("id",), "the id of this chat")
INFO = Command(("info",), "what I know about you")
CANCEL = Command(("cancel",), "stop your running and waiting downloads", Role.USER)
FRESH = Command(("fresh",), "fetch a link although the archive has it", Role.USER, "LINK")
SETTINGS = Command(("settings",), "your default quality, and the archive", Role.USER)
ADD_LOG = Command(("add_log_channel", "addlog"), "copy every file into this channel too", Role.OWNER, "ID")
REMOVE_LOG = Command(("remove_log_channel", "remlog"), "stop copying into this channel", Role.OWNER, "ID")
LOGS = Command(("log_channels", "loglist"), "the log channels and how they are", Role.OWNER)
TEST_LOG = Command(("test_log", "testlog"), "post a test record into every log channel", Role.OWNER)
BACKFILL = Command(
    ("backfill", "filllog"), "copy the files from before into this log channel", Role.OWNER, "ID [N]"
)
RETRY_LOGS = Command(("retry_logs", "retrylog"), "try the failed log copies again", Role.OWNER)

_LOG_COMMANDS = (ADD_LOG, REMOVE_LOG, LOGS, TEST_LOG, BACKFILL, RETRY_LOGS)
COMMANDS = (START, HELP, ID, INFO, CANCEL, FRESH, SETTINGS, *_LOG_COMMANDS)

_RANK = {Role.GUEST: 0, Role.USER: 1, Role.OWNER: 2}


def may_use(role: Role, command: Command) -> bool:
    """Whether somebody with this role may use the command."""
    return at_least(role, command.role)


def at_least(role: Role, least: Role) -> bool:
    """Whether this role may do what that one may."""
    return _RANK[role] >= _RANK[least]


def commands_for(role: Role) -> tuple[Command, ...]:
    """What somebody with this role may use."""
    return tuple(command for command in COMMANDS if may_use(role, command))
