"""The commands: their names, what they do, who may use them.

/help, the bot's menu and docs/commands.md (by ./scripts/docs) are made from this.
"""

from medusa.admin_commands import (
    ADD_ADMIN as ADD_ADMIN,
)
from medusa.admin_commands import (
    ADD_LOG as ADD_LOG,
)
from medusa.admin_commands import (
    ADD_USER as ADD_USER,
)
from medusa.admin_commands import (
    ADMIN as ADMIN,
)
from medusa.admin_commands import (
    AUDIT as AUDIT,
)
from medusa.admin_commands import (
    AUTH_CHAT as AUTH_CHAT,
)
from medusa.admin_commands import (
    AUTH_CHATS as AUTH_CHATS,
)
from medusa.admin_commands import (
    BACKFILL as BACKFILL,
)
from medusa.admin_commands import (
    BAN as BAN,
)
from medusa.admin_commands import (
    BROADCAST as BROADCAST,
)
from medusa.admin_commands import (
    BROADUSERS as BROADUSERS,
)
from medusa.admin_commands import (
    CONFIG as CONFIG,
)
from medusa.admin_commands import (
    ERRORS as ERRORS,
)
from medusa.admin_commands import (
    GET_COOKIES as GET_COOKIES,
)
from medusa.admin_commands import (
    HEALTH as HEALTH,
)
from medusa.admin_commands import (
    JOBS as JOBS,
)
from medusa.admin_commands import (
    LIMITS as LIMITS,
)
from medusa.admin_commands import (
    LOG_FILE as LOG_FILE,
)
from medusa.admin_commands import (
    LOGS as LOGS,
)
from medusa.admin_commands import (
    MAINTENANCE as MAINTENANCE,
)
from medusa.admin_commands import (
    REMOVE_ADMIN as REMOVE_ADMIN,
)
from medusa.admin_commands import (
    REMOVE_LOG as REMOVE_LOG,
)
from medusa.admin_commands import (
    REMOVE_USER as REMOVE_USER,
)
from medusa.admin_commands import (
    RESET as RESET,
)
from medusa.admin_commands import (
    RESTART as RESTART,
)
from medusa.admin_commands import (
    RETRY_LOGS as RETRY_LOGS,
)
from medusa.admin_commands import (
    SET as SET,
)
from medusa.admin_commands import (
    STOP_JOB as STOP_JOB,
)
from medusa.admin_commands import (
    TEST_LOG as TEST_LOG,
)
from medusa.admin_commands import (
    UNAUTH_CHAT as UNAUTH_CHAT,
)
from medusa.admin_commands import (
    UNBAN as UNBAN,
)
from medusa.admin_commands import (
    USER as USER,
)
from medusa.admin_commands import (
    USERS as USERS,
)
from medusa.admin_commands import (
    YTDLP as YTDLP,
)
from medusa.command import Command as Command
from medusa.command import Section as Section
from medusa.user import Role

START = Command(("start",), "say hello")
HELP = Command(("help",), "what you can do here")
ID = Command(("id",), "the id of this chat")
INFO = Command(("info",), "what I know about you")
BATCH = Command(
    ("batch", "drm", "upload"),
    "every link of a .txt file, in order",
    Role.USER,
    "[LINKS]",
    detail="Send the file afterwards, with the command as its caption, or answer a file with the command. "
    "Lines are links, or “name: link”. A .txt that is dropped into the chat does the same.",
    examples=("/batch",),
)
FRESH = Command(
    ("fresh",),
    "fetch a link although the archive has it",
    Role.USER,
    "LINK",
    examples=("/fresh https://example.org/film.mp4",),
)
TASKS = Command(
    ("tasks", "queue"),
    "your downloads and batches under way, with buttons to cancel them",
    Role.USER,
)
HISTORY = Command(("history",), "what I brought you before; a button sends it again", Role.USER)
STATS = Command(
    ("stats", "statistics"),
    "your downloads in numbers; for admins those of the bot, as pictures",
    Role.USER,
    "[me]",
    detail="Admins turn the picture with buttons: today, 7 days, 30 days or all; downloads, bytes, users, "
    "sites, types, failures, speeds or waits; light or dark; and a CSV with a row for each day. `me` shows "
    "their own numbers. `rebuild 2026-11-27` counts a day anew. Days are those of UTC.",
    examples=("/stats", "/stats me", "/stats rebuild 2026-11-27"),
)
CANCEL = Command(
    ("cancel", "stop"),
    "stop your downloads and batches, or close a question",
    Role.USER,
    detail="Only your own: nobody else's work is touched.",
)
YTM = Command(
    ("ytm",),
    "only the sound of a link, as MP3 or as your settings say",
    Role.USER,
    "[LINK]",
    detail="A playlist is offered as a batch. Without a link, answer a message with one, or send it "
    "afterwards.",
    examples=("/ytm https://example.org/song",),
)
Y2T = Command(
    ("y2t",),
    "the links of a playlist or a channel as a .txt",
    Role.USER,
    "[LINK]",
    detail="Its lines are “Title: link”, so /batch takes the file as it is.",
    examples=("/y2t https://example.org/playlist",),
)
T2T = Command(
    ("t2t",),
    "a text as a .txt file",
    Role.USER,
    "[TEXT]",
    detail="Without a text the bot asks for it, and then for a name; /d is “txt_file”. "
    "As the answer to a message it takes the text of that message.",
    examples=("/t2t Lesson 1: https://example.org/1.mp4",),
)
T2H = Command(
    ("t2h",),
    "the links of a .txt as one page for the browser",
    Role.USER,
    "[LINKS]",
    detail="As the caption of a .txt, as the answer to one, or followed by one.",
    examples=("/t2h",),
)
SOURCES = Command(
    ("sources",),
    "the sites I know, and whether a link is of one",
    Role.USER,
    "[LINK]",
    examples=("/sources https://example.org/film",),
)
COOKIES = Command(("cookies",), "open links with your cookies: see, send, delete them", Role.USER)
MFILE = Command(("mfile",), "nothing any more", is_shown=False)
SETTINGS = Command(
    ("settings",),
    "how your files look, and where they go",
    Role.USER,
    detail="Quality, video or file, format of sound, caption, names, thumbnail, your own channel, subtitles, "
    "and whether files may come from the archive.",
)
ADD_CHANNEL = Command(
    ("add_channel", "addchnl"),
    "let your files go into your channel",
    Role.USER,
    "[ID [TOPIC]]",
    detail="A channel, a group, or a topic of a forum: you are an admin there, and the bot may post. It is "
    "named by its id, its @name, a link to it or to a topic, or a post forwarded from it.",
    examples=(
        "/add_channel -1001234567890",
        "/add_channel -1001234567890 12",
        "/add_channel https://t.me/c/1234567890/12",
    ),
)
REMOVE_CHANNEL = Command(("remove_channel", "remchnl"), "no more files into this channel", Role.USER, "ID")
CHANNELS = Command(("channels",), "your channels", Role.USER)

PING = Command(("ping",), "how fast I answer")
VERSION = Command(("version",), "which versions I am made of, and how old yt-dlp is", Role.USER)

SECTIONS = (
    Section("Main", (START, HELP, ID, INFO, SETTINGS, BATCH, FRESH, TASKS, HISTORY, STATS, CANCEL)),
    Section("Tools", (YTM, Y2T, T2T, T2H, SOURCES)),
    Section("Cookies", (COOKIES, GET_COOKIES)),
    Section("Channels", (ADD_CHANNEL, REMOVE_CHANNEL, CHANNELS)),
    Section("Log channels", (ADD_LOG, REMOVE_LOG, LOGS, TEST_LOG, BACKFILL, RETRY_LOGS)),
    Section(
        "People", (ADMIN, USERS, USER, ADD_USER, REMOVE_USER, BAN, UNBAN, ADD_ADMIN, REMOVE_ADMIN, LIMITS)
    ),
    Section("Groups", (AUTH_CHAT, UNAUTH_CHAT, AUTH_CHATS)),
    Section("Broadcast", (BROADCAST, BROADUSERS)),
    Section(
        "Operation",
        (
            *(PING, VERSION, HEALTH, CONFIG, SET, RESET, MAINTENANCE, JOBS, STOP_JOB, AUDIT),
            *(LOG_FILE, ERRORS, RESTART),
        ),
    ),
    Section("yt-dlp", (YTDLP,)),
    Section("Gone", (MFILE,)),
)
"""In the order in which they are shown."""
COMMANDS = tuple(command for section in SECTIONS for command in section.commands)

_RANK = {Role.BANNED: -1, Role.GUEST: 0, Role.USER: 1, Role.ADMIN: 2, Role.OWNER: 3}


def may_use(role: Role, command: Command) -> bool:
    """Whether somebody with this role may use the command."""
    return at_least(role, command.role)


def at_least(role: Role, least: Role) -> bool:
    """Whether this role may do what that one may."""
    return _RANK[role] >= _RANK[least]


def commands_for(role: Role) -> tuple[Command, ...]:
    """What somebody with this role may use, as it is shown."""
    return tuple(command for section in sections_for(role) for command in section.commands)


def sections_for(role: Role) -> tuple[Section, ...]:
    """The same in their sections, without those that are empty."""
    shown = (
        Section(section.title, tuple(one for one in section.commands if one.is_shown and may_use(role, one)))
        for section in SECTIONS
    )
    return tuple(section for section in shown if section.commands)
