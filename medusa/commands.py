"""The commands: their names, what they do, who may use them.

/help, the bot's menu and docs/commands.md (by ./scripts/docs) are made from this.
"""

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
GET_COOKIES = Command(("getcookies",), "the cookies that everybody shares, without their values", Role.OWNER)
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
ADMIN = Command(
    ("admin", "admin_panel", "panel"), "everything there is to look after, with buttons", Role.ADMIN
)
USERS = Command(
    ("users",),
    "the people I know; with words behind it, those who are called so",
    Role.ADMIN,
    "[NAME]",
    examples=("/users", "/users ann"),
)
USER = Command(("user", "whois"), "one person, and what to do about them", Role.ADMIN, "WHO")
ADD_USER = Command(
    ("add_user", "addauth"),
    "let somebody send links, for good or for a time",
    Role.ADMIN,
    "[WHO] [30d]",
    detail="Who: their id, their @name, whose message you answer, or who wrote a message that you have "
    "forwarded to the bot and answer. Without anybody, the bot asks.",
    examples=("/add_user 123456789", "/add_user @ann 30d"),
)
REMOVE_USER = Command(
    ("remove_user", "remauth", "rmauth"), "no more links from somebody", Role.ADMIN, "[WHO]"
)
BAN = Command(("ban",), "answer somebody no more, for good or for a time", Role.ADMIN, "[WHO] [30d]")
UNBAN = Command(("unban",), "answer somebody again", Role.ADMIN, "[WHO]")
ADD_ADMIN = Command(
    ("add_admin",), "let somebody look after people and log channels", Role.OWNER, "[WHO] [30d]"
)
REMOVE_ADMIN = Command(("remove_admin",), "an admin is a user again", Role.OWNER, "[WHO]")
LIMITS = Command(
    ("limits", "limit"),
    "how much people may have, by role or by person",
    Role.ADMIN,
    "[WHOSE] [WHICH] [HOW MUCH]",
    detail="Whose: users, strangers (who may send links because the bot is public), admins, or a person. "
    "Which: jobs, links_per_hour, links_per_day, bytes_per_day, size, duration, entries. How much: a number, "
    "2 GB, 3h, off, or default.",
    examples=("/limits", "/limits users links_per_hour 20", "/limits @ann bytes_per_day 50 GB"),
)
AUTH_CHAT = Command(
    ("auth_chat", "authchat"),
    "let everybody in a group send links",
    Role.ADMIN,
    "[ID]",
    detail="In the group itself, or with its id.",
    examples=("/auth_chat", "/auth_chat -1001234567890"),
)
UNAUTH_CHAT = Command(
    ("unauth_chat", "unauthchat"), "no more links from everybody in a group", Role.ADMIN, "[ID]"
)
AUTH_CHATS = Command(("auth_chats",), "the groups in which everybody may send links", Role.ADMIN)
JOBS = Command(("jobs",), "everybody's downloads under way, with buttons to stop them", Role.ADMIN)
STOP_JOB = Command(("stop_job",), "stop somebody's download", Role.ADMIN, "ID", examples=("/stop_job Zk3…",))
AUDIT = Command(("audit",), "what owners and admins did last", Role.ADMIN)
ADD_LOG = Command(("add_log_channel", "addlog"), "copy every file into this channel too", Role.ADMIN, "ID")
REMOVE_LOG = Command(("remove_log_channel", "remlog"), "stop copying into this channel", Role.ADMIN, "ID")
LOGS = Command(("log_channels", "loglist"), "the log channels and how they are", Role.ADMIN)
TEST_LOG = Command(("test_log", "testlog"), "post a test record into every log channel", Role.ADMIN)
BACKFILL = Command(
    ("backfill", "filllog"), "copy the files from before into this log channel", Role.ADMIN, "ID [N]"
)
RETRY_LOGS = Command(("retry_logs", "retrylog"), "try the failed log copies again", Role.ADMIN)

BROADCAST = Command(
    ("broadcast",),
    "a message to everybody who has written to me",
    Role.ADMIN,
    "[TEXT]",
    detail="With a text behind it, as the caption of a file, or as the answer to a message, which goes out "
    "as it is: a text, a photo, a video, a file. “/broadcast forward” as the answer forwards it with the "
    "name of who wrote it. Without anything the bot asks for the message. It shows what people will get and "
    "how many they are, and sends nothing before you press Send. While one is on its way the command shows "
    "how far it is; any admin may cancel it.",
    examples=("/broadcast The bot moves tonight; it is back at 22:00 UTC.", "/broadcast forward"),
)
BROADUSERS = Command(("broadusers",), "how many people a broadcast would reach", Role.ADMIN)
PING = Command(("ping",), "how fast I answer")
VERSION = Command(("version",), "which versions I am made of, and how old yt-dlp is", Role.USER)
HEALTH = Command(
    ("health",),
    "how I am: Telegram, database, disk, memory, work",
    Role.ADMIN,
    detail="One message with a line for each; what is wrong has a sentence. It answers within three seconds, "
    "whatever hangs.",
)
MAINTENANCE = Command(
    ("maintenance",),
    "serve only admins for a while",
    Role.ADMIN,
    "[on|off]",
    detail="What was accepted goes on, and people may cancel theirs. Without on or off it says how it is.",
    examples=("/maintenance on",),
)
CONFIG = Command(
    ("config",),
    "how I am run: every setting, and who changed it",
    Role.ADMIN,
    detail="Over the environment lies what was changed in chat, in all processes within two seconds.",
)
SET = Command(
    ("set",),
    "change one of these settings",
    Role.ADMIN,
    "NAME VALUE",
    detail="With the name alone it says what may be set.",
    examples=("/set public on", "/set wish 720p", "/set welcome Hello {name}!"),
)
RESET = Command(("reset",), "let one be as by default", Role.ADMIN, "NAME", examples=("/reset welcome",))
LOG_FILE = Command(
    ("logs",),
    "the last lines of my log, as a file",
    Role.OWNER,
    "[N]",
    detail="About 2,000 lines are kept, without secrets.",
    examples=("/logs 200",),
)
ERRORS = Command(
    ("errors",),
    "what went wrong inside me, and how often",
    Role.OWNER,
    detail="Each error once, with a button for its traceback and one to forget it. The owner hears of a new "
    "one at once, and once a day which came again; /set error_reports off ends that.",
)
RESTART = Command(
    ("restart",),
    "start again, without losing anything",
    Role.OWNER,
    detail="Asks first. What is nearly ready may end, the rest goes on afterwards. In a deployment of "
    "several processes it is about the one that speaks with people.",
)

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
