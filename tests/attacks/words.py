"""What strangers type: a grammar of hostile words, and texts that are nearly what the bot expects."""

from random import Random

from medusa.views.policy_fields import FIELDS
from tests.attacks.tokens import (
    AMOUNTS,
    EDGES,
    HOSTILE,
    HOSTS,
    IDS,
    MARK,
    NAMES,
    NUMBERS,
    PLAIN,
    SCHEMES,
)

OF_LINKS = ("batch", "t2h", "fresh", "ytm", "y2t", "sources")
OF_SOMEBODY = (
    *("add_channel", "remove_channel", "add_log_channel", "backfill", "auth_chat", "unauth_chat"),
    *("add_user", "remove_user", "ban", "unban", "add_admin", "remove_admin", "user"),
)
_FIELDS = tuple(field.name for field in FIELDS)
FITTING = {
    "set": _FIELDS,
    "reset": _FIELDS,
    "maintenance": ("on", "off"),
    "limits": ("users", "strangers", "admins", "jobs", "size", "duration", *AMOUNTS),
    "ytdlp": ("update", "reset", "weekly", "on", "2026.10.26", "1.2.3"),
    "stats": ("me", "rebuild", "rebuild 2026-11-27", "rebuild 0000-00-00", "9999-99-99"),
    "broadcast": ("forward", "hello"),
}
"""What stands behind some commands."""


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
        some = self.chance.choice(IDS)
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
        if name in OF_LINKS:
            return self.link()
        if name in OF_SOMEBODY:
            return self.reference()
        fitting = FITTING.get(name)
        return self.chance.choice(fitting) if fitting else self.word()

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
