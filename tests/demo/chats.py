"""What is seen in the chats of a stage, as lines that a person can read. Knows no terminal."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from tests.dc.happenings import Answered, Event, Happening, Press
from tests.dc.seen import Seen, see
from tests.dc.state import Box, Channel, Chat, Kind, Message


class Who(Enum):
    """Whose line it is."""

    PERSON = auto()
    BOT = auto()
    NOBODY = auto()
    """The demo's own."""


@dataclass(frozen=True)
class Said:
    """One message, one change of it, or one press on a button."""

    who: Who
    name: str
    mark: str
    """A pen for a change, a hand for a press, a cross for a message that is gone."""
    lines: tuple[str, ...]


class Chats:
    """Turns what happens into lines. Of a message that changes, only what is new is told; of log channels
    only that something came."""

    def __init__(self, logs: Collection[Channel]) -> None:
        self._logs = logs
        self._known: dict[tuple[int, int], Seen] = {}
        self._current: Chat | None = None

    def read(self, happening: Happening) -> Iterator[Said]:
        """What a person who looks on would tell of it."""
        match happening:
            case Event(chat=Channel() as chat) if chat in self._logs:
                yield from self._logged(happening, chat)
            case Event(chat=chat) if happening.kind in (Kind.NEW, Kind.EDIT, Kind.DELETE):
                for message in happening.messages:
                    yield from self._in(chat, self._message(chat, message, happening.kind))
            case Press(person=person, message=message, data=data):
                seen = see(message, person.box, person, 0)
                label = next(
                    (one.text for row in seen.buttons for one in row if one.data == data), "a forged button"
                )
                yield from self._in(message.chat, [Said(Who.PERSON, person.name, "☞", (f"[{label}]",))])

            case Answered(message=message, text=text) if text:
                yield from self._in(message.chat, [Said(Who.BOT, message.author.name, "💭", (text,))])

    def _logged(self, event: Event, chat: Channel) -> Iterator[Said]:
        for message in event.messages if event.kind is Kind.NEW else ():
            seen = see(message, chat.box, None, message.ids[chat.box])
            yield Said(Who.NOBODY, chat.title, "←", _content(seen)[:1])

    def _in(self, chat: Chat, said: Collection[Said] | Iterator[Said]) -> Iterator[Said]:
        """With a heading where another chat was told of before."""
        for one in said:
            if chat is not self._current:
                self._current = chat
                yield Said(Who.NOBODY, "", "", (f"— {_title(chat)} —",))
            yield one

    def _message(self, chat: Chat, message: Message, kind: Kind) -> Iterator[Said]:
        box = _box(chat)
        if box not in message.ids:
            return
        seen = see(message, box, None, message.ids[box])
        who = Who.BOT if message.author.is_bot else Who.PERSON
        name = (
            chat.title if who is Who.PERSON and isinstance(chat, Channel) and chat.broadcast else seen.sender
        )
        key = (id(box), seen.id)
        before, self._known[key] = self._known.get(key), seen
        if seen.service:
            yield Said(Who.NOBODY, "", " ", (f"({seen.sender} {seen.service})",))
        elif kind is Kind.DELETE:
            yield Said(who, name, "✗", (f"({_content(seen)[0]})",))
        elif before is None:
            yield Said(who, name, " ", (*_content(seen), *_buttons(seen)))
        elif news := _news(before, seen):
            yield Said(who, name, "✎", news)


def _title(chat: Chat) -> str:
    if isinstance(chat, Channel):
        return f"in {chat.title}"
    return " and ".join(account.name for account in sorted(chat.pair, key=lambda one: one.is_bot))


def _box(chat: Chat) -> Box:
    """Of whoever looks on: the person of a private chat."""
    if isinstance(chat, Channel):
        return chat.box
    return next(account for account in chat.pair if not account.is_bot).box


def _content(seen: Seen) -> tuple[str, ...]:
    lines = seen.text.splitlines()
    if seen.media:
        lines.insert(
            0,
            " ".join(filter(None, ("📎", seen.media.kind, seen.media.name, f"({seen.media.size:,} bytes)"))),
        )
    if seen.forwarded_from:
        lines.insert(0, f"(forwarded from {seen.forwarded_from})")
    return tuple(lines) or ("",)


def _buttons(seen: Seen) -> tuple[str, ...]:
    rows = ("  ".join(f"[{button.text}]" for button in row) for row in seen.buttons)
    return tuple(rows)


def _news(before: Seen, now: Seen) -> tuple[str, ...]:
    """The lines that were not there before; the buttons, where they are others."""
    old = set(_content(before))
    lines = [line for line in _content(now) if line and line not in old]
    buttons = _buttons(now) if _buttons(now) != _buttons(before) else ()
    return (*lines, *buttons)
