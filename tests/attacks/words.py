"""What strangers type: a grammar of hostile words, and texts that are nearly what the bot expects."""

from random import Random

from medusa.commands import COMMANDS
from medusa.views.policy_fields import FIELDS
from tests.attacks import cast

MARK = "PWNED"
"""Stands in everything that must not come out as markup, as a key of the database or as a line of the log."""
FORGED_LINE = f"\n2026-01-01 00:00:00.000 ERROR    {MARK}"
HOSTILE = (
    f"<b>{MARK}</b>",
    f'<a href="tg://user?id=1&{MARK}">{MARK}</a>',
    f"</b></code></a><b>{MARK}</b>",
    f"&lt;b&gt;{MARK}&lt;/b&gt;",
    f"&amp;lt;b&amp;gt;{MARK}",
    f"**{MARK}** __{MARK}__ `{MARK}` [{MARK}](tg://user?id=1)",
    f"<tg-spoiler>{MARK}",
    f"<pre><code class='{MARK}'>",
    "<",
    ">",
    "&",
    "<!--",
    "<![CDATA[",
    "&#0;",
    "&#1114112;",
    "{0} {x.__class__.__mro__} {title} {url!r:>{width}} {{}} {",
    "%s %d %n %(name)s %",
    "$HOME `id` $(id)",
    "$where",
    '{"$gt": ""}',
    f'{{"$where": "{MARK}"}}',
    "$ne",
    "a.b.$[]",
    f"{MARK}.$each",
    "-o /etc/passwd",
    "--exec id",
    "--config-location /etc",
    "-",
    "--",
    "; rm -rf / #",
    "| cat",
    "&& id",
    "../../../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/passwd",
    "C:\\CON",
    "file.txt\0.mp4",
    "~root/.ssh",
    "\0",
    "\x01\x02\x03",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "\x7f",
    "\x85",
    "\x9b31m",
    "\ufeff",
    "\u202egnp.exe",
    "\u202a\u202b\u202d\u202c",
    "\u2066\u2067\u2068\u2069",
    "\u200b\u200c\u200d\u2060",
    "\u2028",
    "\u2029",
    "\r",
    "\n",
    "\r\n",
    "\t",
    "\x0b\x0c",
    FORGED_LINE,
    f"\u2028{FORGED_LINE}",
    "👨‍👩‍👧‍👦" * 5,
    "🏳️‍🌈",
    "🇩🇪" * 9,
    "e" + "\u0301" * 60,
    "Z̷̢̛",
    "﷽" * 20,
    "ﷺ",
    "مرحبا",
    "שלום",
    "漢字",
    "\U0010ffff",
    "\ue000",
    "\ufffd",
    "ı",
    "ß",
    "İ",
    "ǅ",
    "K",
    "ſ",
    "9" * 40,
    "-1",
    "0",
    "1e309",
    "NaN",
    "Infinity",
    "-0",
    "0x10",
    "٣",
    "１２",
    "²",
    "½",
    "1_000",
    "1.5",
    "1,5",
    str(2**63),
    str(2**63 - 1),
    str(-(2**63)),
    str(2**31),
    str(2**53 + 1),
    "9999999999999999999",
    "true",
    "null",
    "None",
    "[]",
    "",
    " ",
    "a" * 300,
    "'",
    '"',
    "\\",
    "';--",
    "eval(1)",
)
HOSTS = (
    "example.org",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "[",
    "[::ffff:127.0.0.1]",
    "2130706433",
    "0x7f.1",
    "169.254.169.254",
    "xn--nxasmq6b",
    "пример.рф",
    "a" * 70 + ".org",
    "-o.org",
    "user:password@example.org",
    "example.org:99999",
    "example.org:",
    "example.org:-1",
    "．．",
    "%00",
    "exa mple.org",
    "metadata.google.internal.",
    "",
)
SCHEMES = (
    "https://",
    "http://",
    "HTTPS://",
    "https:/",
    "file:///",
    "javascript:",
    "ftp://",
    "data:",
    "gopher://",
    "//",
)
LINK_OF_SITE = "https://example.org/film.mp4"
EDGES = (
    "9223372036854775807",
    "9223372036854775808",
    "9999999999999999999",
    "4294967296",
    "2147483648",
    "281474976710656",
)
"""Where numbers stop to fit: the last of 8 bytes, of 4, of what Telegram takes for a person's id."""
NUMBERS = (
    *EDGES,
    "0",
    "1",
    "2",
    "5",
    "-1",
    "99999999999999999999",
    "1-3",
    "3-1",
    "1,2,3",
    "all",
    "٣",
    "1 2",
    "1-",
    "-",
)
AMOUNTS = (
    "30d",
    "1h",
    "2 GB",
    "off",
    "default",
    "0",
    "-5",
    "1e9 TB",
    "9" * 30 + "d",
    "inf",
    "nan",
    "5 parsecs",
    "٣d",
)
NAMES = tuple(name for command in COMMANDS for name in command.names)
PLAIN = (
    "hello",
    "course",
    "Ann",
    "/d",
    "me",
    "on",
    "off",
    "forward",
    "update",
    "reset",
    "720",
    "best",
    "en",
    "x.mp4",
)
_IDS = (*cast.PEOPLE, *(cast.marked(place) for place in cast.PLACES))


class Words:
    """Texts by chance. The same seed, the same texts."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._deck: list[str] = []
        """Commands that are still to come, so that none is left out for long."""

    def hostile(self) -> str:
        """One hostile thing, sometimes several."""
        chosen = self.chance.choices(HOSTILE, k=self.chance.choice((1, 1, 1, 2, 3)))
        return self.chance.choice(("", " ", "\n")).join(chosen)

    def word(self) -> str:
        """Something that may stand behind a command."""
        return self.chance.choice(
            (self.hostile, self.hostile, self.number, self.link, self.reference, self.amount, self.plain)
        )()

    def plain(self) -> str:
        """A word of those that mean something."""
        return self.chance.choice(PLAIN)

    def number(self) -> str:
        """Nearly a number."""
        return self.chance.choice(NUMBERS)

    def amount(self) -> str:
        """Nearly an amount."""
        return self.chance.choice(AMOUNTS)

    def link(self) -> str:
        """Nearly a link; half of them are good."""
        if self.chance.random() < 0.5:
            return f"https://example.org/{self.chance.randrange(10**6)}.mp4"
        scheme, host = self.chance.choice(SCHEMES), self.chance.choice(HOSTS)
        path = self.chance.choice(
            ("", "/", "/film.mp4", f"/{self.hostile()}", "?q=" + self.hostile(), "#" + self.hostile())
        )
        return scheme + host + path

    def reference(self) -> str:
        """Nearly somebody, or some chat."""
        some = self.chance.choice(_IDS)
        return self.chance.choice(
            (
                str(some),
                f"@name{abs(some) % 7}",
                "https://t.me/name",
                f"t.me/c/{abs(some)}/5",
                f"−{abs(some)}",
                f"@{MARK}<b>",
                "-100",
                self.chance.choice(EDGES),
                f"-100{self.chance.choice(EDGES)}"[:14],
                "@",
                str(some) + "0",
            )
        )

    def command(self) -> str:
        """A command as people type it, or nearly."""
        name = self.chance.choice(NAMES)
        called = self.chance.choice(
            (f"/{name}",) * 6
            + (
                f"/{name}@medusa_bot",
                f"/{name}@other_bot",
                f"/{name.upper()}",
                f"/{name}{self.hostile()}",
                f" /{name}",
                f"//{name}",
            )
        )
        words = [self._argument(name) for _ in range(self.chance.choice((0, 0, 1, 1, 1, 2, 2, 3)))]
        return self.chance.choice((" ", " ", " ", "\n", "  ", "\t")).join([called, *words])

    def next_command(self) -> str:
        """Another command, with what fits it."""
        if not self._deck:
            self._deck = self.chance.sample(NAMES, len(NAMES))
        name = self._deck.pop()
        words = [self._argument(name) for _ in range(self.chance.choice((0, 0, 1, 1, 2)))]
        return " ".join((f"/{name}", *words))

    def answer(self) -> str:
        """What may be said to a question."""
        return self.chance.choice((self.link, self.word, self.reference, self.plain, self.hostile, str))()

    def _argument(self, name: str) -> str:
        """What fits this command, often."""
        if self.chance.random() < 0.4:
            return self.word()
        fitting = {
            "set": lambda: self.chance.choice(FIELDS).name,
            "reset": lambda: self.chance.choice(FIELDS).name,
            "maintenance": self.plain,
            "limits": lambda: self.chance.choice(
                ("users", "strangers", "admins", "jobs", "size", "duration", *AMOUNTS)
            ),
            "ytdlp": lambda: self.chance.choice(("update", "reset", "weekly", "on", "2026.10.26", "1.2.3")),
            "stats": lambda: self.chance.choice(
                ("me", "rebuild", "rebuild 2026-11-27", "rebuild 0000-00-00", "9999-99-99")
            ),
            "start": lambda: self.hostile()[:64],
        }
        for names, choose in (
            (("batch", "t2h", "fresh", "ytm", "y2t", "sources"), self.link),
            (
                ("add_channel", "remove_channel", "add_log_channel", "backfill", "auth_chat", "unauth_chat"),
                self.reference,
            ),
            (
                ("add_user", "remove_user", "ban", "unban", "add_admin", "remove_admin", "user"),
                self.reference,
            ),
        ):
            if name in names:
                return choose()
        return fitting.get(name, self.word)()

    def text(self) -> str:
        """The text of a message."""
        match self.chance.randrange(10):
            case 0 | 1 | 2 | 3:
                text = self.command()
            case 4 | 5:
                text = self.link() + self.chance.choice(
                    ("", " 1:20-3:45", " 5-1", f" | {self.hostile()}", " ٣:٢٠-", f"\n{self.link()}")
                )
            case 6:
                text = self.hostile()
            case 7:
                text = self.lines(self.chance.randrange(1, 12))
            case _:
                text = self.word()
        return text[:4096]

    def lines(self, number: int) -> str:
        """A list of links, as a .txt holds it."""
        return "\n".join(
            self.chance.choice(
                (
                    f"{self.hostile()}: {self.link()}",
                    self.link(),
                    self.hostile(),
                    f"{self.word()} {self.link()} | {self.word()}",
                )
            )
            for _ in range(number)
        )

    def file_name(self) -> str | None:
        """What a document is called; None: nothing."""
        stem = self.chance.choice((self.hostile(), "course", "cookies", "n" * 300, "🧨" * 80, "..", ""))
        return self.chance.choice(
            (None, stem + ".txt", stem + ".txt", stem + ".TXT", stem + ".mp4", stem, "/" + stem + "/x.txt")
        )

    def cookies(self) -> str:
        """Nearly a cookies file."""
        line = "\t".join(
            self.chance.choice(
                ("example.org", ".example.org", "TRUE", "FALSE", "/", "0", "9" * 20, "-1", self.hostile())
            )
            for _ in range(self.chance.choice((7, 7, 7, 6, 8)))
        )
        good = ".example.org\tTRUE\t/\tTRUE\t2000000000\tsid\tvalue"
        return "\n".join(
            ("# Netscape HTTP Cookie File", self.chance.choice((good, line, self.hostile())), line)
        )
