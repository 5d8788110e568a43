"""A stored session as Pyrogram uses it, against a store in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from pyrogram import raw
from pyrogram.storage import UpdateState
from pyrogram.storage.sqlite_storage import SQLiteStorage

from medusa.lease import Holder
from medusa.seal import Seal
from medusa.setting_types import Address
from medusa.telegram import stored_session
from medusa.telegram.stored_session import StoredSession
from tests.unit.telegram.session_memory import MemorySessions

KEY = bytes(range(256))
ME, OTHER = Holder(id="me"), Holder(id="other")
SEAL = Seal("token", "hash", purpose="test")
FIELDS: dict[str, Any] = {
    "dc_id": 4,
    "server_address": "149.154.167.91",
    "port": 443,
    "api_id": 12345,
    "test_mode": False,
    "auth_key": KEY,
    "date": 1_700_000_000,
    "user_id": 7_000_001,
    "is_bot": True,
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_session, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(stored_session, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(stored_session, "SAVE_SECONDS", 5)


@pytest.fixture
async def store() -> MemorySessions:
    """One in which this process holds the session."""
    store = MemorySessions()
    assert await store.take("medusa", ME, 60, None)
    return store


@asynccontextmanager
async def opened(store: MemorySessions, **settings: Any) -> AsyncIterator[StoredSession]:
    """A session that is written behind, and once more at the end."""
    session = StoredSession("medusa", store, **{"seal": SEAL, "holder": ME, **settings})
    await session.load()
    writing = asyncio.create_task(session.keep_writing())
    try:
        yield session
        await session.save()
    finally:
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing


async def log_in(session: StoredSession) -> None:
    """Set every field, as Pyrogram does."""
    for name, value in FIELDS.items():
        await getattr(session, name)(value)


async def fields(session: StoredSession | SQLiteStorage) -> dict[str, Any]:
    return {name: await getattr(session, name)() for name in FIELDS}


async def test_a_new_one_is_as_empty_as_pyrograms_own(store: MemorySessions) -> None:
    theirs = SQLiteStorage("x", in_memory=True, workdir=None)  # type: ignore[arg-type]
    await theirs.open()
    async with opened(store) as session:
        assert await fields(session) == await fields(theirs)
        assert await session.get_update_states() == []
        with pytest.raises(KeyError):
            await session.get_peer_by_id(1)
    await theirs.close()


async def test_every_field_is_there_again(store: MemorySessions) -> None:
    async with opened(store) as session:
        await log_in(session)
    async with opened(store) as session:
        assert await fields(session) == FIELDS
        await session.user_id(None)
    async with opened(store) as session:
        assert await fields(session) == {**FIELDS, "user_id": None}


async def test_nothing_that_is_kept_can_be_read(store: MemorySessions) -> None:
    async with opened(store) as session:
        await log_in(session)
        await session.update_peers([(77, 123456789012345, "user", "49151")])
        await session.update_usernames([(77, ["somebody"])])
    kept = store.kept["medusa"]
    assert kept.sealed
    for secret in (KEY[:16], b"somebody", b"49151", b"123456789012345", b"auth_key"):
        assert secret not in kept.sealed + kept.peers[77]


async def test_it_belongs_to_the_server_of_the_settings(store: MemorySessions) -> None:
    async with opened(store, server=Address("10.0.0.1", 8443)) as session:
        await log_in(session)
        assert (await session.server_address(), await session.port()) == ("10.0.0.1", 8443)


async def test_what_cannot_be_opened_is_forgotten(store: MemorySessions) -> None:
    async with opened(store) as session:
        await log_in(session)
        await session.update_peers([(77, 5, "user", None)])
    async with opened(store, seal=Seal("another token", "hash", purpose="test")) as session:
        assert await session.auth_key() is None
    assert (store.kept["medusa"].sealed, store.kept["medusa"].peers) == (None, {})


async def test_after_a_logout_the_peers_and_how_far_updates_are_known_stay(store: MemorySessions) -> None:
    async with opened(store) as session:
        await log_in(session)
        await session.update_peers([(77, 5, "user", None)])
        await session.set_update_state(UpdateState(0, 5, 6, 7, 8))
        session.settle()
        await session.delete()
        assert await session.auth_key() is await session.user_id() is None
    async with opened(store) as session:
        assert await session.auth_key() is None
        assert await session.get_update_states(0) == [UpdateState(0, 5, 6, 7, 8)]
        assert await session.get_peer_by_id(77)


async def test_updates_count_when_they_are_handled(store: MemorySessions) -> None:
    async with opened(store) as session:
        await session.set_update_state(UpdateState(0, 1, 2, 3, 4))
        await session.set_update_state(UpdateState(0, 9, None, None, None))
        assert await session.get_update_states() == [UpdateState(0, 1, 2, 3, 4)]
    async with opened(store) as session:
        assert await session.get_update_states() == [UpdateState(0, 1, 2, 3, 4)]
        await session.set_update_state(UpdateState(0, 9, None, 5, None))
        session.settle()
        assert await session.get_update_states(0) == [UpdateState(0, 9, 2, 5, 4)]


async def test_a_new_login_knows_at_once_where_its_updates_begin(store: MemorySessions) -> None:
    async with opened(store) as session:
        await session.set_update_state(UpdateState(0, 5, 6, 7, 8))
        await session.set_update_state(UpdateState(0, 6, None, None, None))
    async with opened(store) as session:
        assert await session.get_update_states(0) == [UpdateState(0, 5, 6, 7, 8)]


async def test_a_sequence_whose_beginning_is_unknown_is_not_asked_for(store: MemorySessions) -> None:
    """An update about the members of a channel has a qts and no pts; Pyrogram would ask for `pts=None`."""
    async with opened(store) as session:
        await session.set_update_state(UpdateState(-1001, None, 5, None, None))
        session.settle()
        assert await session.get_update_states() == []
        await session.set_update_state(UpdateState(-1001, 9, None, None, None))
        session.settle()
        assert await session.get_update_states() == [UpdateState(-1001, 9, 5, None, None)]


async def test_update_states_are_asked_for_and_deleted_by_their_ids(store: MemorySessions) -> None:
    states = [UpdateState(number, number, 0, 100 - number, 0) for number in (1, 2, 3)]
    async with opened(store) as session:
        await session.set_update_state(states)
        session.settle()
        assert await session.get_update_states() == states[::-1], "the oldest date first"
        assert await session.get_update_states([1, 5]) == states[:1]
        await session.delete_update_state([1, 5])
        await session.delete_update_state(2)
    async with opened(store) as session:
        assert await session.get_update_states() == states[2:]


PEERS = [
    ((7, 70, "user", "49151"), raw.types.InputPeerUser(user_id=7, access_hash=70)),
    ((8, 80, "bot", None), raw.types.InputPeerUser(user_id=8, access_hash=80)),
    ((-9, 0, "group", None), raw.types.InputPeerChat(chat_id=9)),
    ((-1000000000010, -5, "channel", None), raw.types.InputPeerChannel(channel_id=10, access_hash=-5)),
    ((-1000000000011, 5, "supergroup", None), raw.types.InputPeerChannel(channel_id=11, access_hash=5)),
]


async def test_peers_are_there_again(store: MemorySessions) -> None:
    async with opened(store) as session:
        await session.update_peers([told for told, _ in PEERS])
        await session.update_usernames([(7, ["ann", None]), (999, ["unknown"])])
    async with opened(store) as session:
        for (peer_id, *_), peer in PEERS:
            assert await session.get_peer_by_id(peer_id) == peer
        assert await session.get_peer_by_username("ann") == PEERS[0][1]
        assert await session.get_peer_by_phone_number("49151") == PEERS[0][1]
        for asked in (session.get_peer_by_username("unknown"), session.get_peer_by_phone_number("1")):
            with pytest.raises(KeyError):
                await asked


async def test_a_username_is_asked_for_again_after_some_hours(
    store: MemorySessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(store) as session:
        await session.update_peers([PEERS[0][0]])
        await session.update_usernames([(7, ["ann"])])
        monkeypatch.setattr(stored_session, "USERNAME_SECONDS", -1)
        with pytest.raises(KeyError):
            await session.get_peer_by_username("ann")
        assert await session.get_peer_by_id(7) == PEERS[0][1]


async def test_peers_are_written_together_and_only_when_they_change(store: MemorySessions) -> None:
    async with opened(store) as session:
        for _ in range(50):
            await session.update_peers([told for told, _ in PEERS])
        await session.save()
        assert store.writes == 1
        await session.update_peers([told for told, _ in PEERS])
        await session.save()
        assert store.writes == 1
        before = dict(store.kept["medusa"].peers)
        await session.update_peers([(7, 71, "user", "49151")])
        await session.save()
        assert store.writes == 2
        assert [key for key, sealed in store.kept["medusa"].peers.items() if sealed != before[key]] == [7]


async def test_what_changes_is_written_without_being_asked(store: MemorySessions) -> None:
    async with opened(store) as session, asyncio.timeout(5):
        await log_in(session)
        while not store.writes:
            await asyncio.sleep(0)


async def test_while_the_database_is_down_nothing_fails_and_nothing_is_lost(
    store: MemorySessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(store) as session:
        store.down = True
        await log_in(session)
        await session.update_peers([PEERS[0][0]])
        monkeypatch.setattr(stored_session, "SAVE_SECONDS", 0.05)
        await session.save()
        assert await fields(session) == FIELDS
        assert await session.get_peer_by_id(7) == PEERS[0][1]
        await session.update_peers([PEERS[1][0]])
        assert store.writes == 0
        store.down = False
        monkeypatch.setattr(stored_session, "SAVE_SECONDS", 5)
    async with opened(store) as session:
        assert await fields(session) == FIELDS
        assert await session.get_peer_by_id(7)
        assert await session.get_peer_by_id(8)


async def test_a_session_that_another_has_taken_over_is_not_overwritten(store: MemorySessions) -> None:
    async with opened(store) as session:
        await log_in(session)
        await session.save()
        kept = store.kept["medusa"]
        kept.holder, before = OTHER, kept.sealed
        await session.auth_key(KEY[::-1])
    assert kept.sealed == before
