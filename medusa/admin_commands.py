"""The commands of those who look after the bot."""

from medusa.command import Command
from medusa.user import Role

GET_COOKIES = Command(("getcookies",), "the cookies that everybody shares, without their values", Role.OWNER)
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
YTDLP = Command(
    ("ytdlp",),
    "the yt-dlp that I use, and another one in its place",
    Role.OWNER,
    "[update [VERSION] | reset | weekly on|off]",
    detail="Shows version and age. `update` installs the newest, or that version, tries it on a sample and "
    "uses it from then on, without a restart; one that does not work is not used. `reset` goes back to the "
    "one that came with the bot. See [docs/ytdlp.md](ytdlp.md).",
    examples=("/ytdlp", "/ytdlp update", "/ytdlp update 2026.10.26", "/ytdlp reset", "/ytdlp weekly on"),
)
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
    detail="Asks first. What is nearly ready may end, the rest goes on afterwards. Where there are "
    "several processes, all of them start again, each in its own place.",
)
