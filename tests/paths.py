"""What is read and written on the path of a message, by name: for the benchmark, and for the proof that
nothing of it reads a whole collection."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from medusa.batch import BatchState
from medusa.dialogs import Dialog
from medusa.model import Download, Person, Request, Sent, State
from medusa.storage.mongo import Store
from medusa.under_way import PAGE
from medusa.wishes import Target, Wish

LEASE = timedelta(seconds=20)
LINE = "who comes before a link"


class Known(NamedTuple):
    """What is there to be looked for; each takes a number and names one of them."""

    person: Callable[[int], Person]
    job: Callable[[int], str]
    fingerprint: Callable[[int], str]


class Operation(NamedTuple):
    """Something that is done with the store for a message, a press, or a download."""

    name: str
    run: Callable[[int], Awaitable[object]]
    """Takes a number; with each one it is another person or download."""
    is_read: bool = True


def link(known: Known, number: int, **fields: object) -> Download:
    """A download as a message with a link makes it."""
    person, now = known.person(number), datetime.now(UTC).replace(microsecond=0)
    request = Request(
        url=f"https://example.org/{number}",
        person=person,
        chat_id=person.id,
        message_id=10_000_000 + number,
        wish=Wish(),
    )
    fresh = Download(
        id=f"new-{number}", request=request, state=State.QUEUED, created=now, updated=now, not_before=now
    )
    return fresh.evolve(**fields)


def reads(store: Store, known: Known) -> list[Operation]:
    """What is asked before a person is answered."""
    person = known.person

    async def is_open(number: int) -> object:
        return await store.chats.all()

    return [
        Operation("who may what: the policy", lambda number: store.policy.changed()),
        Operation("who may what: open groups", is_open),
        Operation("who somebody is", lambda number: store.users.find_user(person(number).id)),
        Operation(
            "an open question", lambda number: store.dialogs.find(person(number).id, person(number).id)
        ),
        Operation("whose channel this is", lambda number: store.targets.owner_of(-1_000_000 - number)),
        Operation(
            "a channel of one's own",
            lambda number: store.targets.target(Target(chat_id=-1_000_000 - number), person(number).id),
        ),
        Operation("cookies", lambda number: store.cookies.load(person(number).id)),
        Operation("the log channels", lambda number: store.channels.log_channels()),
        Operation("one download", lambda number: store.downloads.get(known.job(number))),
        Operation(LINE, lambda number: store.downloads.ahead_of(link(known, number))),
        Operation("the archive", lambda number: store.archive.archived(known.fingerprint(number))),
        Operation("under way of one person", lambda number: store.downloads.active_of(person(number).id)),
        Operation("/tasks: links", lambda number: store.own.singles(person(number).id, 0, PAGE)),
        Operation("/tasks: how many", lambda number: store.own.count_singles(person(number).id)),
        Operation("/tasks: batches", lambda number: store.batches.under_way(person(number).id)),
        Operation("/tasks: how far", lambda number: store.transfers.of([known.job(number)])),
        Operation("/history", lambda number: store.own.finished(person(number).id, 0, PAGE + 1)),
        Operation(
            "/stats of one's own",
            lambda number: store.analytics.own(person(number).id, datetime.now(UTC).date()),
        ),
        Operation("a batch", lambda number: store.batches.get(f"batch-{number % 50}")),
        Operation("a batch: how it stands", lambda number: store.items.tally(f"batch-{number % 50}")),
        Operation(
            "a batch: whose turn it is", lambda number: store.items.is_first(f"batch-{number % 50}", 5)
        ),
    ]


def writes(store: Store, known: Known) -> list[Operation]:
    """What is kept of a message, and of its download until it is over."""
    held = list[Download]()

    def keep(name: str, run: Callable[[int], Awaitable[object]]) -> Operation:
        return Operation(name, run, is_read=False)

    async def claim(number: int) -> object:
        now = datetime.now(UTC)
        found = await store.downloads.claim(now, now + LEASE, holder="bench", running=["none"], most=3)
        if found is not None:
            held.append(found)
        return found

    async def progress(number: int) -> object:
        return await store.downloads.progress(held[-1], title=f"Film {number}")

    async def renew(number: int) -> object:
        return await store.downloads.renew(held[-1], datetime.now(UTC) + LEASE)

    async def settle(number: int) -> object:
        sent = (Sent(chat_id=1, message_id=number, size=1_000_000, parts=2),)
        return await store.downloads.settle(held.pop(), State.DONE, sent=sent, source="Example", seconds=1.0)

    async def ask(number: int) -> object:
        dialog = Dialog(chat_id=known.person(number).id, person_id=known.person(number).id, about="y2t")
        await store.dialogs.put(dialog)
        return None

    return [
        keep("who somebody is, seen now", lambda number: store.users.see_user(known.person(number))),
        keep("a setting", lambda number: store.users.prefer(known.person(number).id, archive=True)),
        keep("a question", ask),
        keep("a pace", lambda number: store.paces.take(known.person(number).id, 18, 1.0)),
        keep("a link", lambda number: store.downloads.add(link(known, number))),
        keep("its status message", lambda number: store.downloads.note(f"new-{number}", status_message_id=7)),
        keep("a claim", claim),
        keep("a lease", renew),
        keep("how far it is", progress),
        keep("an end", settle),
        keep("it was shown", lambda number: store.downloads.shown(link(known, number, state=State.DONE))),
        keep(
            "a batch, changed",
            lambda number: store.batches.move(
                f"batch-{number % 50}", [BatchState.PAUSED], BatchState.RUNNING
            ),
        ),
    ]
