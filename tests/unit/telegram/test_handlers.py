"""Which handler takes which message: one of each group at the most, whatever the order of the plugins."""

import importlib
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count, product
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import pytest
from pyrogram.enums import ChatType
from pyrogram.handlers import CallbackQueryHandler, MessageHandler
from pyrogram.handlers.handler import Handler
from pyrogram.types import CallbackQuery, Chat, Document, Message, Photo
from pyrogram.types import User as TelegramUser

from medusa.batch import Batch, BatchState
from medusa.commands import COMMANDS, Command, may_use
from medusa.dialogs import Dialog, Dialogs, Takes
from medusa.errors import Maintenance, MedusaError, NotAllowed, WrongArgument
from medusa.model import Person
from medusa.policy import Policy
from medusa.telegram.client import Medusa, Services
from medusa.telegram.filters import ALWAYS
from medusa.user import Grant, Role, User
from plugins.batch import on_answer, on_file
from plugins.refusals import on_forbidden, on_stale_button
from tests.unit.household import FixedPolicies, people_of
from tests.unit.test_batch_answers import draft

ROOT = Path(__file__).parents[3]
GUEST, USER, OWNER, ADMIN = 1, 2, 3, 4
CHANNEL, GROUP, OPEN = -1001, -1002, -1003
LINK = "https://example.org/film"


class MemoryUsers:
    """A UserStore in which one person is an admin."""

    async def see_user(self, person: Person) -> User:
        grant = Grant(role=Role.ADMIN, since=datetime.now(UTC)) if person.id == ADMIN else None
        return User(person=person, grant=grant)

    async def find_user(self, person_id: int) -> User | None:
        return await self.see_user(Person(id=person_id, name="Somebody"))

    async def prefer(self, person_id: int, **changes: object) -> None:
        raise NotImplementedError


class OneDialog:
    """A DialogStore with the same open question for everybody."""

    def __init__(self, dialog: Dialog | None) -> None:
        self._dialog = dialog

    async def put(self, dialog: Dialog) -> None:
        raise NotImplementedError

    async def find(self, chat_id: int, person_id: int) -> Dialog | None:
        return self._dialog

    async def remove(self, chat_id: int, person_id: int, dialog_id: str | None) -> bool:
        raise NotImplementedError


class Targets:
    """Channels of which one was added."""

    async def owner_of(self, chat_id: int) -> int | None:
        return USER if chat_id == CHANNEL else None


class Case(NamedTuple):
    """A message."""

    chat: tuple[ChatType, int]
    sender: int | None
    words: str | None
    file: str | None
    """A name, or "photo"."""
    answers_file: bool = False

    def message(self) -> Message:
        kind, chat_id = self.chat
        document = _document(self.file) if self.file and self.file != "photo" else None
        photo = cast(Photo, object()) if self.file == "photo" else None
        words: Any = self.words
        return Message(
            id=7,
            chat=Chat(id=chat_id, type=kind),
            from_user=TelegramUser(id=self.sender, first_name="A") if self.sender else None,
            text=None if self.file else words,
            caption=words if self.file else None,
            document=document,
            photo=photo,
            reply_to_message=Message(id=6, document=_document("a.txt")) if self.answers_file else None,
            outgoing=False,
        )


def _document(name: str) -> Document:
    mime = "text/plain" if name.endswith("txt") else "application/pdf"
    return Document(file_id="f", file_unique_id="u", file_name=name, mime_type=mime)


def handlers(kind: type[Handler]) -> list[tuple[str, int, Handler]]:
    """All of the plugins: name, group, handler."""
    modules = [
        importlib.import_module(f"plugins.{file.stem}") for file in (ROOT / "plugins").glob("[a-z]*.py")
    ]
    return [
        (f"{module.__name__}.{name}", group, handler)
        for module in modules
        for name, function in vars(module).items()
        for handler, group in getattr(function, "handlers", ())
        if isinstance(handler, kind)
    ]


MESSAGES, PRESSED = handlers(MessageHandler), handlers(CallbackQueryHandler)
NUMBERS = count(7)


def client(dialog: Dialog | None = None, *, maintenance: bool = False) -> Medusa:
    """The bot's client, which is not connected."""
    bot = Medusa("test", api_id=1, api_hash="0" * 32, bot_token="1:A", in_memory=True)
    bot.me = TelegramUser(id=9, username="medusa_bot")
    services: Any = SimpleNamespace(
        people=people_of(MemoryUsers(), owner=OWNER, auth_users=(USER,), chats=(OPEN,)),
        dialogs=Dialogs(OneDialog(dialog)),
        destinations=Targets(),
        policies=FixedPolicies(Policy(maintenance=maintenance)),
    )
    bot.services = cast(Services, services)
    return bot


def said(case: Case) -> Message:
    """A message that nobody has seen."""
    message = case.message()
    message.id = next(NUMBERS)
    return message


async def takers(bot: Medusa, case: Case) -> list[str]:
    """The handlers that want a message, of the main group."""
    message = said(case)
    return [name for name, group, handler in MESSAGES if group == 0 and await handler.check(bot, message)]


WORDS = (
    None,
    "hello",
    "12",
    "/d",
    LINK,
    f"look: {LINK} nice",
    "/unknown",
    f"/unknown {LINK}",
    "/stats me",
    "/stats rebuild 2026-11-27",
    *(f"/{command.names[0]}" for command in COMMANDS),
    *(f"/{command.names[-1]}@medusa_bot {LINK}" for command in COMMANDS),
)
FILES = (None, "photo", "course.txt", "cookies.txt", "book.pdf")
ASKED = {
    Takes.ANYTHING: (
        "batch",
        "settings",
        "own channel",
        "t2t text",
        "t2t name",
        "t2h",
        "y2t",
        "ytm",
        "whom",
        "broadcast",
    ),
    Takes.WORDS: ("batch",),
    Takes.FILE: ("batch file", "cookies"),
}
DIALOGS = (
    None,
    *(Dialog(chat_id=1, person_id=1, about=one, takes=takes) for takes in ASKED for one in ASKED[takes]),
)


def cases() -> Iterator[Case]:
    """Every kind of message."""
    for words, file, answers_file in product(WORDS, FILES, (False, True)):
        if words is None and file is None:
            continue
        for sender in (GUEST, USER, ADMIN, OWNER):
            yield Case((ChatType.PRIVATE, sender), sender, words, file, answers_file)
        yield Case((ChatType.SUPERGROUP, GROUP), USER, words, file, answers_file)
        yield Case((ChatType.SUPERGROUP, OPEN), GUEST, words, file, answers_file)
        yield Case((ChatType.CHANNEL, CHANNEL), None, words, file, answers_file)
        yield Case((ChatType.CHANNEL, CHANNEL - 1), None, words, file, answers_file)


@pytest.mark.parametrize("dialog", DIALOGS, ids=lambda dialog: dialog and f"{dialog.about}, {dialog.takes}")
@pytest.mark.parametrize("maintenance", [False, True])
async def test_no_message_is_meant_for_two_handlers(dialog: Dialog | None, maintenance: bool) -> None:
    bot = client(dialog, maintenance=maintenance)
    for case in cases() if dialog is None and not maintenance else few(cases()):
        found = await takers(bot, case)
        assert len(found) <= 1, (case, found)


def few(all_cases: Iterator[Case]) -> Iterator[Case]:
    """Those on which an open question has a bearing."""
    commands = ("/batch", "/cookies", "/cancel", "/t2h", "/d", "/unknown", None, "hello", LINK)
    return (case for case in all_cases if case.words in commands and not case.answers_file)


@pytest.mark.parametrize("sender", [GUEST, USER, ADMIN, OWNER])
@pytest.mark.parametrize("maintenance", [False, True])
async def test_nobody_is_left_without_an_answer(sender: int, maintenance: bool) -> None:
    bot = client(maintenance=maintenance)
    for words, file in [*product(WORDS[1:], [None]), (None, "course.txt"), (LINK, "course.txt")]:
        case = Case((ChatType.PRIVATE, sender), sender, words, file)
        assert await takers(bot, case), case


@pytest.mark.parametrize("dialog", DIALOGS, ids=lambda dialog: dialog and f"{dialog.about}, {dialog.takes}")
async def test_during_maintenance_only_admins_are_served(dialog: Dialog | None) -> None:
    bot, usual = client(dialog, maintenance=True), client(dialog)
    always = {f"/{name}" for command in ALWAYS for name in command.names}
    for words, file in [*product(WORDS[1:], [None]), (None, "course.txt"), (LINK, "course.txt")]:
        case = Case((ChatType.PRIVATE, USER), USER, words, file)
        served = await takers(usual, case)
        answered = words is not None and words.split()[0].split("@")[0] in always
        told_what = served in (["plugins.refusals.on_unknown_command"], ["plugins.refusals.on_chatter"])
        expected = served if answered or told_what else ["plugins.refusals.on_forbidden"]
        assert await takers(bot, case) == expected, case
        owners = Case((ChatType.PRIVATE, OWNER), OWNER, words, file)
        assert await takers(bot, owners) == await takers(usual, owners), owners


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("/tasks", "plugins.refusals.on_forbidden"),
        (LINK, "plugins.refusals.on_forbidden"),
        ("/ping", "plugins.operation.on_ping"),
        ("/restart", None),
        ("hello", None),
    ],
)
async def test_maintenance_is_told_of_in_groups_too(words: str, expected: str | None) -> None:
    case = Case((ChatType.SUPERGROUP, OPEN), USER, words, None)
    found = await takers(client(maintenance=True), case)
    assert found == ([expected] if expected else [])
    assert "plugins.refusals.on_forbidden" not in await takers(client(), case)


@pytest.mark.parametrize("chat", [(ChatType.PRIVATE, USER), (ChatType.SUPERGROUP, OPEN)])
async def test_what_maintenance_refuses_closes_no_question(chat: tuple[ChatType, int]) -> None:
    dialog = Dialog(chat_id=1, person_id=1, about="batch", takes=Takes.WORDS)
    answer, command = Case(chat, USER, "12", None), Case(chat, USER, "/settings", None)
    for maintenance in (True, False):
        bot = client(dialog, maintenance=maintenance)
        forbidden = ["plugins.refusals.on_forbidden"]
        assert await takers(bot, answer) == (forbidden if maintenance else ["plugins.batch.on_answer"])
        closing = [
            name for name, group, one in MESSAGES if group == -1 and await one.check(bot, said(command))
        ]
        assert closing == ([] if maintenance else ["plugins.dialogs.on_turning_away"])
    # A command that is answered all the same is one that somebody has turned to.
    cancel = said(Case(chat, USER, "/cancel", None))
    bot = client(dialog, maintenance=True)
    assert any([group == -1 and await one.check(bot, cancel) for _, group, one in MESSAGES])


async def test_a_file_that_maintenance_refuses_is_still_asked_for() -> None:
    dialog = Dialog(chat_id=CHANNEL, person_id=USER, about="batch file", takes=Takes.FILE, id="d")
    bot, store = client(dialog, maintenance=True), Closing(dialog)
    services: Any = bot.services
    services.dialogs = Dialogs(store)
    services.people = people_of(MemoryUsers(), auth_users=(USER,), policy=Policy(maintenance=True))
    with pytest.raises(Maintenance):
        await on_file(bot, said(Case((ChatType.CHANNEL, CHANNEL), None, None, "a.txt")))
    assert store.closed == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("cancel:x", "plugins.tasks.on_cancel_button"),
        ("finish:x", "plugins.tasks.on_finish_button"),
        ("pick:x:0", "plugins.tasks.on_quality"),
        ("tasks:2:all:0", "plugins.tasks.on_tasks_button"),
        *((f"batch:x:{action}:", "plugins.batch.on_button") for action in ("cancel", "pause", "resume")),
        *(
            (data, "plugins.refusals.on_stale_button")
            for data in (
                "batch:x:go:",
                "batch:x:again:",
                "batch:x:quality:720",
                "again:x",
                "set:2:x",
                "cookies:x",
            )
        ),
    ],
)
async def test_during_maintenance_only_what_was_accepted_is_steered(data: str, expected: str) -> None:
    query = press(data, USER)
    bot = client(maintenance=True)
    assert [name for name, group, one in PRESSED if group == 0 and await one.check(bot, query)] == [expected]


@pytest.mark.parametrize(("sender", "problem"), [(GUEST, NotAllowed), (USER, Maintenance)])
async def test_who_may_come_back_later_is_told_so(sender: int, problem: type[MedusaError]) -> None:
    bot = client(maintenance=True)
    with pytest.raises(problem):
        await on_forbidden(bot, Case((ChatType.PRIVATE, sender), sender, LINK, None).message())
    with pytest.raises(NotAllowed):
        await on_forbidden(bot, Case((ChatType.PRIVATE, sender), sender, "/restart", None).message())
    with pytest.raises(Maintenance):
        await on_stale_button(bot, press("again:x", USER))


async def test_what_strangers_post_is_nobodys_business() -> None:
    bot = client()
    for words, file in product(WORDS, FILES):
        case = Case((ChatType.CHANNEL, CHANNEL - 1), None, words, file)
        if words or file:
            assert await takers(bot, case) == [], case


class Banning(MemoryUsers):
    """A UserStore of people who are all banned."""

    async def see_user(self, person: Person) -> User:
        return User(person=person, grant=Grant(role=Role.BANNED, since=datetime.now(UTC)))


async def test_who_is_banned_comes_to_the_doorkeeper_before_anybody_else() -> None:
    bot = client()
    bot.services.people = people_of(Banning())  # type: ignore[misc]  # a frozen Services, in production
    for case in cases():
        if case.sender is None:
            continue
        message = case.message()
        message.id = next(NUMBERS)
        wanting = [(group, name) for name, group, handler in MESSAGES if await handler.check(bot, message)]
        first, second = sorted({group for group, _ in wanting})[:2]
        assert [name for group, name in wanting if group == first] == ["plugins.doorkeeper.on_message"], case
        assert [name for group, name in wanting if group == second] == ["plugins.doorkeeper.on_banned"], case


@pytest.mark.parametrize("called", COMMANDS, ids=lambda one: one.names[0])
async def test_a_command_is_carried_out_for_those_who_may_use_it_and_refused_to_others(
    called: Command,
) -> None:
    bot = client()
    roles = {GUEST: Role.GUEST, USER: Role.USER, ADMIN: Role.ADMIN, OWNER: Role.OWNER}
    for (sender, role), name in product(roles.items(), called.names):
        case = Case((ChatType.PRIVATE, sender), sender, f"/{name} 5", None)
        (found,) = await takers(bot, case)
        assert (found != "plugins.refusals.on_forbidden") == may_use(role, called), (name, role)


PRESSES = (
    *("cancel:x", "pick:x:0", "finish:x", "subs:x", "sub:x:0:file", "batch:x:go", "cookies:x", "set:1:x"),
    *("who:1:show", "users:all:0:", "admin:main", "ask:access"),
    *("broadcast:x:send", "stats:week:users:dark", "days:all", "mine:stats"),
    *("tasks:1:all:0", "history:1:page:0", "again:x", "other:x", "batch", "", "batches:x", b"\xff"),
    *("ytdlp:it:nonsense:", "health:refresh", "errors:abc:see:0", "restart:3:go"),
)


def press(data: str | bytes, sender: int) -> CallbackQuery:
    """A press of this person."""
    person = TelegramUser(id=sender, first_name="A")
    return CallbackQuery(id=str(next(NUMBERS)), from_user=person, chat_instance="1", data=data)


@pytest.mark.parametrize("sender", [GUEST, USER, ADMIN, OWNER])
@pytest.mark.parametrize("data", PRESSES)
@pytest.mark.parametrize("maintenance", [False, True])
async def test_every_press_is_answered_by_one_handler(
    data: str | bytes, sender: int, maintenance: bool
) -> None:
    query = press(data, sender)
    bot = client(maintenance=maintenance)
    found = [(group, name) for name, group, one in PRESSED if await one.check(bot, query)]
    assert sorted(found)[0] == (-3, "plugins.doorkeeper.on_press")
    assert len(found) == 2, found


async def test_no_handler_of_presses_is_left_out_here() -> None:
    """Of the main group: those who may press everything reach all of them."""
    bot, reached = client(), set[str]()
    for data in PRESSES:
        query = press(data, OWNER)
        reached |= {name for name, group, one in PRESSED if group == 0 and await one.check(bot, query)}
    assert reached == {name for name, group, _ in PRESSED if group == 0}


class Closing(OneDialog):
    """A DialogStore that notes what is closed."""

    def __init__(self, dialog: Dialog) -> None:
        super().__init__(dialog)
        self.closed: list[str | None] = []

    async def remove(self, chat_id: int, person_id: int, dialog_id: str | None) -> bool:
        self.closed.append(dialog_id)
        return True


@pytest.mark.parametrize("found", [None, draft().evolve(state=BatchState.RUNNING)])
async def test_a_question_about_a_batch_that_is_settled_takes_one_message_and_no_more(
    found: Batch | None,
) -> None:
    async def get(job: str, person_id: int) -> Batch:
        if found is None:
            raise WrongArgument("I do not know this batch any more.")
        return found

    dialog = Dialog(chat_id=USER, person_id=USER, about="batch", subject="b", takes=Takes.WORDS, id="d")
    bot, store = client(dialog), Closing(dialog)
    services: Any = bot.services
    services.dialogs, services.batches = Dialogs(store), SimpleNamespace(get=get)
    with pytest.raises(WrongArgument):
        await on_answer(bot, Case((ChatType.PRIVATE, USER), USER, "12", None).message())
    assert store.closed == ["d"]
