"""Presses by chance: of buttons that the bot has shown, of such with something changed, and of none."""

from collections import deque
from typing import Any

from pyrogram import raw

from tests.attacks import cast
from tests.attacks.dice import Dice
from tests.attacks.messages import Messages
from tests.attacks.tokens import EDGES, MARK

FIELDS = (
    *EDGES,
    "",
    "x",
    "0",
    "-1",
    "go",
    "page",
    "all",
    "show",
    "1:2",
    MARK,
    "🧨",
    "\0",
    "99999999999999999999",
    "$where",
)
PREFIXES = (
    "cancel",
    "pick",
    "subs",
    "sub",
    "finish",
    "batch",
    "cookies",
    "set",
    "who",
    "users",
    "admin",
    "broadcast",
    "ask",
    "health",
    "errors",
    "restart",
    "ytdlp",
    "tasks",
    "history",
    "again",
    "mine",
    "stats",
    "days",
)
PRESSES_KEPT = 200


class Presses:
    """Makes them."""

    def __init__(self, dice: Dice, messages: Messages, jobs: tuple[str, ...]) -> None:
        """`jobs`: ids of downloads, batches and broadcasts that there are."""
        self._dice, self.chance = dice, dice.chance
        self._messages = messages
        self._jobs = jobs
        self.shown: deque[tuple[bytes, Any, int]] = deque(maxlen=PRESSES_KEPT)
        """Buttons of the bot: data, chat, message."""

    def press(self) -> Any:
        """A button that is pressed by anybody, at a message or at none."""
        data, place, message = self._pressed()
        person = self._dice.person()
        if isinstance(place, raw.types.PeerUser) and self.chance.random() < 0.6:
            person = place.user_id
            if data.startswith(b"set:"):
                self._messages.expect(person)
        query: dict[str, Any] = {
            "query_id": self._dice.number(),
            "user_id": person,
            "chat_instance": 1,
            "data": data,
        }
        match self.chance.randrange(20):
            case 0:
                inline = raw.types.InputBotInlineMessageID(dc_id=1, id=self._dice.number(), access_hash=1)
                return raw.types.UpdateInlineBotCallbackQuery(msg_id=inline, **query)
            case 1:
                query |= {"data": None, "game_short_name": MARK}
        if place is None:
            place, _ = self._messages.where()
        return raw.types.UpdateBotCallbackQuery(peer=place, msg_id=message, **query)

    def _pressed(self) -> tuple[bytes, Any, int]:
        message = self.chance.choice((3, 6, 7, 900_001))
        dice = self.chance.random()
        if dice < 0.6 and self.shown:
            data, place, number = self.chance.choice(self.shown)
            if self.chance.random() < 0.3:
                data = self._bent(data)
            return data, place, number
        if dice < 0.95:
            fields = self.chance.choices(
                (*FIELDS, *self._jobs, *map(str, cast.PEOPLE)), k=self.chance.choice((0, 1, 1, 2, 2, 3, 4))
            )
            return (
                ":".join((self.chance.choice(PREFIXES), *fields)).encode()[
                    : self.chance.choice((64, 64, 64, 600))
                ],
                None,
                message,
            )
        return self.chance.randbytes(self.chance.choice((0, 1, 64, 200))), None, message

    def _bent(self, data: bytes) -> bytes:
        """Real data with one field changed, missing, or too many."""
        fields = data.split(b":")
        at = self.chance.randrange(len(fields))
        other = self.chance.choice((*FIELDS, *self._jobs, *map(str, cast.PEOPLE))).encode()
        match self.chance.randrange(4):
            case 0:
                del fields[at]
            case 1:
                fields.insert(at, other)
            case _:
                fields[at] = other
        return b":".join(fields)
