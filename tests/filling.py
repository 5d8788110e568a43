"""A database as a bot leaves it after a year: documents as the store writes them, as many as are wanted.

Each is made of a value of the domain, so none has another shape than in production; of downloads, of which
there are many, only what tells them apart is written anew.
"""

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain, islice
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from medusa.batch import Batch, BatchState
from medusa.channel import OwnChannel
from medusa.dialogs import Dialog
from medusa.log_channel import LogChannel
from medusa.model import (
    CopyState,
    Download,
    Item,
    Kind,
    LogCopy,
    Method,
    Person,
    Plan,
    Progress,
    Request,
    Sent,
    State,
)
from medusa.policy import Policy
from medusa.spans import whole
from medusa.storage.documents import document_of, plain
from medusa.under_way import Transfer
from medusa.wishes import Target, Wish
from tests.paths import Known

Document = dict[str, Any]

AT_ONCE = 5000
YEAR = 365 * 86_400
SITES = (
    "YouTube",
    "Vimeo",
    "Instagram",
    "TikTok",
    "SoundCloud",
    "example.org",
    "X",
    "Facebook",
    "Twitch",
    "Reddit",
)
REASONS = ("SourceGone", "LoginNeeded", "SourceUnreachable", "GeoBlocked", "TooLarge")
FEW, BATCHES, ITEMS, WAITING = 200, 50, 40, 80
"""Documents of small collections, batches with their items, and links that wait, four of each person."""
NOW = datetime.now(UTC).replace(microsecond=0)


def person(number: int, users: int) -> Person:
    """One of the people. Their ids are as large as Telegram's are today."""
    at = number * 7919 % users
    return Person(id=5_000_000_000 + at, name=f"Person {at} of many", username=f"person_{at}")


def known(downloads: int, users: int) -> Known:
    """What is there."""
    return Known(
        person=lambda number: person(number * 31, users),
        job=lambda number: f"{number * 104_729 % downloads:012x}",
        fingerprint=lambda number: f"{number * 104_729 % downloads:064x}",
    )


def fill(uri: str, name: str, downloads: int, users: int, *, processes: int = 2) -> None:
    """Fill the database of this name. It should have no indexes yet: they are made faster afterwards."""
    slices = [(first, min(first + AT_ONCE * 4, downloads)) for first in range(0, downloads, AT_ONCE * 4)]
    work = partial(_fill_downloads, uri, name, users)
    if processes == 1:
        for one in slices:
            work(one)
    else:
        with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
            for _ in pool.map(work, slices):
                pass
    with MongoClient[Document](uri) as client:
        database = client[name]
        _insert(database, "users", (_user(number, users) for number in range(users)))
        _insert(database, "downloads", chain(waiting(range(WAITING), users), _items(users)))
        _fill_others(database, users)


def _fill_downloads(uri: str, name: str, users: int, numbers: tuple[int, int]) -> None:
    with MongoClient[Document](uri) as client:
        _insert(client[name], "downloads", finished(range(*numbers), users))


def _insert(database: Database[Document], collection: str, documents: Iterable[Document]) -> None:
    some = iter(documents)
    while block := list(islice(some, AT_ONCE)):
        database[collection].insert_many(block, ordered=False)


# --- downloads ------------------------------------------------------------------------------------


def pattern(state: State) -> Document:
    """A finished download of that state, with all that production notes of it."""
    plan = Plan(
        method=Method.REMUX,
        format_ids=("137", "140"),
        kind=Kind.VIDEO,
        file_name="A film that somebody wants to have.mp4",
        mime="video/mp4",
        head_window=65_536,
        size=48_000_000,
        quality="720p",
    )
    asked = Request(
        url="https://www.example.org/watch?v=x", person=person(0, 1), chat_id=1, message_id=1, wish=Wish()
    )
    made = Download(
        id="x",
        request=asked,
        state=state,
        created=NOW,
        updated=NOW,
        not_before=NOW,
        started=NOW,
        finished=NOW,
    )
    about = {"attempts": 1, "claims": 1, "holder": "f" * 32, "seat": 0, "status_message_id": 1}
    if state is State.FAILED:
        return document_of(made.evolve(**about, error="The site does not answer.", reason="SourceGone"))
    if state is State.CANCELLED:
        return document_of(made.evolve(**about))
    copies = tuple(
        LogCopy(channel_id=channel, state=CopyState.SENT, message_id=1, attempts=1)
        for channel in (-1001000000001, -1001000000002)
    )
    return document_of(
        made.evolve(
            **about,
            title="A film that somebody wants to have",
            source=SITES[0],
            duration=312.5,
            plan=plan,
            sent=(Sent(chat_id=1, message_id=2, size=48_000_000, parts=92, duration=312.5),),
            log_copies=copies,
            fingerprint="0" * 64,
            seconds=14.2,
        )
    )


def finished(numbers: Iterable[int], users: int) -> Iterator[Document]:
    """Downloads of the past year, of which 88 in a hundred were delivered and 8 failed."""
    patterns = {state: pattern(state) for state in (State.DONE, State.FAILED, State.CANCELLED)}
    for number in numbers:
        share = number * 37 % 100
        state = State.DONE if share < 88 else State.FAILED if share < 96 else State.CANCELLED
        created = NOW - timedelta(seconds=60 + number * 6151 % YEAR)
        somebody = person(number if number % 20 else 0, users)  # one in twenty is of the same person
        made = _own(patterns[state], f"{number:012x}", somebody, number, created)
        made["started"], ended = created + timedelta(milliseconds=40 + number * 97 % 4000), created
        ended += timedelta(seconds=20)
        made["finished"] = made["updated"] = ended
        if state is State.DONE:
            size = 1_000_000 + number * 7_368_787 % 400_000_000
            made |= {
                "source": SITES[number * number % len(SITES)],
                "title": f"{made['title']} {number}",
                "sent": [{**made["sent"][0], "chat_id": somebody.id, "message_id": number, "size": size}],
                "fingerprint": f"{number:064x}",
                "archived": number % 11 == 0,
                "seconds": 2.0 + number * 13 % 90,
                "plan": {**made["plan"], "kind": [*Kind][number % len(Kind)].value, "size": size},
            }
        elif state is State.FAILED:
            made["reason"] = REASONS[number % len(REASONS)]
        yield made


def _own(like: Document, job: str, somebody: Person, number: int, created: datetime) -> Document:
    request = {
        **like["request"],
        "url": f"https://www.example.org/watch?v={number:x}",
        "person": plain(somebody),
        "chat_id": somebody.id,
        "message_id": 1000 + number,
    }
    return {
        **like,
        "_id": job,
        "request": request,
        "created": created,
        "updated": created,
        "not_before": created,
    }


def waiting(numbers: Iterable[int], users: int) -> Iterator[Document]:
    """Links that wait, four of each person; some of them run."""
    like = document_of(_queued())
    for number in numbers:
        made = _own(like, f"waits-{number}", person(number // 4, users), number, NOW)
        if number % 20 == 0:
            lease = datetime.now(UTC) + timedelta(hours=12)
            made |= {"state": State.RUNNING.value, "seat": 0, "lease_until": lease, "holder": "somebody"}
        yield made


def _items(users: int) -> Iterator[Document]:
    """Batches under way: of each, a quarter is delivered."""
    like, item = document_of(_queued()), plain(Item(batch="x", number=1, batch_name="Course", name="Lesson"))
    for batch in range(BATCHES):
        for number in range(ITEMS):
            made = _own(like, f"item-{batch}-{number}", person(5000 + batch, users), number, NOW)
            made["request"]["item"] = {**item, "batch": f"batch-{batch}", "number": number + 1}
            made["not_before"] = NOW + timedelta(days=1)
            if number < ITEMS // 4:
                made |= {"state": State.DONE.value, "finished": NOW}
            yield made


def _queued() -> Download:
    asked = Request(url="https://example.org/a", person=person(0, 1), chat_id=1, message_id=1, wish=Wish())
    return Download(id="x", request=asked, state=State.QUEUED, created=NOW, updated=NOW, not_before=NOW)


# --- all the rest ---------------------------------------------------------------------------------


def _user(number: int, users: int) -> Document:
    """As users.py keeps somebody who has written."""
    one = person(number, users)
    words = [*one.name.lower().split(), str(one.username)]
    return {
        "_id": one.id,
        "person": plain(one),
        "words": words,
        "seen": NOW - timedelta(seconds=number * 313 % YEAR),
        "unreachable": False,
    }


def _fill_others(database: Database[Document], users: int) -> None:
    few = [person(number * 31, users) for number in range(min(FEW, users))]
    somebody = few[0]
    _insert(
        database, "dialogs", ({"_id": {"chat": one.id, "person": one.id}, **_question(one)} for one in few)
    )
    _insert(database, "cookies", ({"_id": one.id, "sealed": b"x" * 2000, "changed": NOW} for one in few))
    _insert(database, "turns", ({"_id": one.id, "at": NOW} for one in few))
    _insert(database, "paces", ({"_id": one.id, "full_at": NOW + timedelta(hours=1)} for one in few))
    _insert(database, "targets", (_target(number, one) for number, one in enumerate(few)))
    _insert(database, "batches", (_batch(number, users) for number in range(BATCHES)))
    _insert(
        database, "chats", ({"_id": -1002 - at, "title": f"Group {at}", "by": somebody.id} for at in range(5))
    )
    _insert(database, "settings", [{"_id": "policy", **plain(Policy(public=True))}])
    channels = [LogChannel(id=-1001000000001 - at, title=f"Log {at}") for at in range(2)]
    _insert(database, "channels", ({**document_of(one), "kind": "log", "active": True} for one in channels))
    moving = Transfer(id="waits-0", claims=1, title=None, progress=Progress(acknowledged=1))
    _insert(database, "transfers", [{**document_of(moving), "at": NOW + timedelta(hours=1)}])


def _question(one: Person) -> Document:
    return {"dialog": plain(Dialog(chat_id=one.id, person_id=one.id, about="y2t")), "asked": NOW}


def _target(number: int, owner: Person) -> Document:
    target = Target(chat_id=-1_000_000 - number, title=f"Channel {number}")
    return {"_id": f"{target.chat_id}:0:{owner.id}", **plain(OwnChannel(target=target, owner=owner.id))}


def _batch(number: int, users: int) -> Document:
    owner = person(5000 + number, users)
    return document_of(
        Batch(
            id=f"batch-{number}",
            person=owner,
            chat_id=owner.id,
            message_id=1,
            state=BatchState.PAUSED if number % 2 else BatchState.RUNNING,
            name="Course",
            count=ITEMS,
            chosen=whole(ITEMS),
            is_filled=True,
            created=NOW,
        )
    )
