"""What the bot knows when somebody begins to type: people, downloads, batches, with hostile names."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from medusa.audit import Deed
from medusa.batch import Batch, BatchState, Question
from medusa.batch_text import BadLine, Entry
from medusa.broadcast import Broadcast, Way
from medusa.channel import OwnChannel
from medusa.fault import Fault
from medusa.log_channel import LogChannel
from medusa.model import (
    Choice,
    CopyState,
    Download,
    Item,
    Kind,
    LogCopy,
    Method,
    Person,
    Plan,
    Request,
    Sent,
    State,
    Subtitle,
)
from medusa.spans import whole
from medusa.storage.documents import document_of
from medusa.storage.mongo import Store
from medusa.user import Grant, Role
from medusa.wishes import Target, Wish
from tests.attacks import cast
from tests.attacks.words import Words

Document = dict[str, Any]
ROLES = {
    cast.ADMIN: Role.ADMIN,
    cast.USER: Role.USER,
    cast.OTHER: Role.USER,
    cast.DEAF: Role.USER,
    cast.BANNED: Role.BANNED,
}
OWNERS = {"u": cast.USER, "o": cast.OTHER}
JOBS = tuple(f"{whose}-{state}" for whose in OWNERS for state in State)
BATCHES = tuple(f"{whose}-{name}" for whose in OWNERS for name in (*Question, "running", "paused", "over"))
BROADCAST, FAULT = "broadcast-1", "abcdefabcdef"
IDS = (*JOBS, *BATCHES, BROADCAST, FAULT)


def person(number: int, words: Words) -> Person:
    """Somebody with the name of this moment."""
    return Person(id=number, name=words.hostile()[:128] or "x", username=f"name{number % 7}")


async def set_up(store: Store, chance: Random) -> None:
    """Forget everything, and begin with this."""
    words, now = Words(chance), datetime.now(UTC)
    database = store.database
    for name in await database.list_collection_names():
        await database[name].delete_many({})
    for number in cast.PEOPLE:
        role = ROLES.get(number)
        grant = {"grant": Grant(role=role, since=now)} if role else {}
        await store.users.see_user(person(number, words))
        if grant:
            await store.users.decide(person(number, words), **grant)
    await database["downloads"].insert_many(downloads(words, now))
    entries = [Entry(url=words.link()[:500] or "x", name=words.hostile()[:200]) for _ in range(3)]
    for batch in batches(words, now):
        await store.batches.add(batch, entries)
    await _set_up_others(store, words, now)


async def _set_up_others(store: Store, words: Words, now: datetime) -> None:
    sender = person(cast.ADMIN, words)
    await store.broadcasts.add(
        Broadcast(id=BROADCAST, by=sender, chat_id=cast.ADMIN, message_id=5, way=Way.COPY, created=now)
    )
    await store.faults.add(
        Fault(
            id=FAULT,
            kind="KeyError",
            place="x",
            message=words.hostile(),
            traceback=words.hostile(),
            first=now,
            last=now,
        )
    )
    await store.audit.add(
        Deed(
            at=now,
            by=sender,
            what="setting",
            subject=words.hostile(),
            before=words.hostile(),
            after=words.hostile(),
        )
    )
    await store.channels.add_log_channel(LogChannel(id=cast.marked(cast.LOG), title=words.hostile()))
    target = Target(chat_id=cast.marked(cast.OWN), title=words.hostile())
    await store.targets.add_target(OwnChannel(target=target, owner=cast.USER))
    await store.chats.open(cast.marked(cast.OPEN), words.hostile(), cast.OWNER)


def downloads(words: Words, now: datetime) -> list[Document]:
    """One in each state, of two people."""
    made = []
    for whose, owner in OWNERS.items():
        for state in State:
            asked = Request(
                url=f"https://example.org/{words.hostile()}",
                person=person(owner, words),
                chat_id=owner,
                message_id=3,
                item=Item(
                    batch=f"{whose}-running", number=1, batch_name=words.hostile(), name=words.hostile()
                )
                if state is State.FAILED
                else None,
            )
            is_over = state not in (State.QUEUED, State.RUNNING, State.ASKING)
            made.append(
                document_of(
                    Download(
                        id=f"{whose}-{state}",
                        request=asked,
                        state=state,
                        created=now,
                        updated=now,
                        not_before=now,
                        title=words.hostile(),
                        source=words.hostile(),
                        error=words.hostile() if state is State.FAILED else None,
                        reason="SourceGone" if state is State.FAILED else None,
                        choices=(
                            Choice(label=words.hostile()[:30] or "x", wish=Wish()),
                            Choice(label="720p", wish=Wish(max_height=720)),
                        ),
                        subtitles=(
                            Subtitle(language="en", name=words.hostile()),
                            Subtitle(language=words.hostile()[:9] or "de"),
                        ),
                        status_message_id=7,
                        finished=now if is_over else None,
                        started=now,
                        lease_until=now + timedelta(hours=1) if state is State.RUNNING else None,
                        holder="x" if state is State.RUNNING else None,
                        seat=0 if state is State.RUNNING else None,
                        **_done(owner, words) if state is State.DONE else {},
                    )
                )
            )
    return made


def _done(owner: int, words: Words) -> Document:
    plan = Plan(
        method=Method.PASS,
        format_ids=("1",),
        kind=Kind.VIDEO,
        file_name=words.hostile() or "x",
        mime="video/mp4",
    )
    copy = LogCopy(channel_id=cast.marked(cast.LOG), state=CopyState.FAILED, error=words.hostile())
    return {
        "plan": plan,
        "sent": (Sent(chat_id=owner, message_id=6, size=10, parts=1),),
        "log_copies": (copy,),
    }


def batches(words: Words, now: datetime) -> list[Batch]:
    """One at each question, and in each state, of two people."""
    made = []
    for whose, owner in OWNERS.items():
        common: Document = {
            "person": person(owner, words),
            "chat_id": owner,
            "message_id": 3,
            "status_message_id": 7,
            "count": 3,
            "chosen": whole(3),
            "created": now,
            "bad": (BadLine(1, words.hostile(), words.hostile()),),
            "bad_count": 1,
        }
        for at, question in enumerate(Question):
            made.append(
                Batch(
                    id=f"{whose}-{question}", name=words.hostile(), questions=tuple(Question)[at:], **common
                )
            )
        for name, state in (
            ("running", BatchState.RUNNING),
            ("paused", BatchState.PAUSED),
            ("over", BatchState.OVER),
        ):
            made.append(
                Batch(
                    id=f"{whose}-{name}",
                    name=words.hostile(),
                    questions=(),
                    state=state,
                    is_filled=True,
                    started=now,
                    **common,
                )
            )
    return made
