"""A session for Pyrogram, in memory, and sealed in a database that is written behind."""

import asyncio
import time
from collections.abc import Iterable
from typing import Any

from loguru import logger
from pydantic import ValidationError
from pyrogram import raw
from pyrogram.storage import Storage, UpdateState
from pyrogram.storage.sqlite_storage import get_input_peer

from medusa.errors import StoreUnavailable
from medusa.lease import Holder
from medusa.seal import Seal, SealBroken
from medusa.setting_types import Address
from medusa.telegram.session_record import Marks, Peer, Peers, Record
from medusa.telegram.session_store import SessionStore

PAUSE_SECONDS = 0.5
"""What changes within this time is written at once."""
RETRY_SECONDS = 2.0
SAVE_SECONDS = 1.0
"""Whoever asks for a write waits no longer: the database may be down."""

USERNAME_SECONDS = 8 * 60 * 60
"""Pyrogram's own time after which it asks Telegram again who has a username."""

PRIVATE = 0
"""The sequence of updates of private chats."""


class StoredSession(Storage):
    """Pyrogram asks this for every message, so nothing here waits for the database but `load` and `save`.

    Update states come in two steps: what Pyrogram notes when updates arrive counts only when `settle` says
    that they are handled. Whatever is not handled when the process is killed comes again at the next start.
    """

    def __init__(
        self, name: str, store: SessionStore, seal: Seal, *, holder: Holder, server: Address | None = None
    ) -> None:
        """`server`: the session belongs to this one, whatever address Pyrogram would choose."""
        self.name = name
        self._store = store
        self._seal = seal
        self._holder = holder
        self._server = server
        self._record = Record()
        self._marks: dict[int, Marks] = {}
        self._arrived: dict[int, Marks] = {}
        """Those of updates that are perhaps not handled yet."""
        self._peers = Peers()
        self._stale = False
        self._stale_peers: dict[int, Peer] = {}
        self._changed = asyncio.Event()
        self._hurry = asyncio.Event()
        self._written = asyncio.Event()
        self._written.set()

    # --- what is kept ------------------------------------------------------------------------------

    async def load(self) -> None:
        """Read what is kept. Raises StoreUnavailable."""
        sealed, peers = await self._store.load(self.name)
        try:
            self._record, self._peers = await asyncio.to_thread(self._unsealed, sealed, peers)
        except (SealBroken, ValidationError):
            logger.warning(
                "the stored session {} cannot be read (BOT_TOKEN or API_HASH is another); logging in anew",
                self.name,
            )
            await self._store.forget(self.name)
        self._marks = dict(self._record.marks)

    async def keep_writing(self) -> None:
        """Write what changes, until cancelled. While the database is down, it waits here."""
        while True:
            await self._changed.wait()
            await asyncio.wait([hurry := asyncio.ensure_future(self._hurry.wait())], timeout=PAUSE_SECONDS)
            hurry.cancel()
            self._changed.clear()
            try:
                await self._write()
            except StoreUnavailable as error:
                logger.warning("the session {} is written later: {}", self.name, error.detail)
                await asyncio.sleep(RETRY_SECONDS)
                self._changed.set()
            if not self._changed.is_set():
                self._hurry.clear()
                self._written.set()

    def settle(self) -> None:
        """All updates that have arrived are handled."""
        if self._arrived:
            self._marks |= self._arrived
            self._arrived = {}
            self._touch()

    def forget(self) -> None:
        """Log out: Telegram does not know this session any more. The account stays the same, and so does what
        it knows."""
        self._record = self._record.logged_out()
        self._touch()

    async def _write(self) -> None:
        stale, self._stale = self._stale, False
        record = self._record = self._record.evolve(marks=dict(self._marks))
        try:
            # Peers first: an update that counts as handled is never told of again, nor who it came from.
            await self._write_peers()
            if stale:
                sealed = self._seal.close(record.model_dump_json().encode(), self._label())
                await self._store.save(self.name, self._holder, sealed)
        except StoreUnavailable:
            self._stale |= stale
            raise

    async def _write_peers(self) -> None:
        if not self._stale_peers:
            return
        peers = dict(self._stale_peers)
        await self._store.save_peers(self.name, {key: self._sealed(peer) for key, peer in peers.items()})
        for key, peer in peers.items():
            if self._stale_peers[key] is peer:
                del self._stale_peers[key]

    def _touch(self) -> None:
        self._stale = True
        self._plan()

    def _plan(self) -> None:
        self._written.clear()
        self._changed.set()

    def _sealed(self, peer: Peer) -> bytes:
        return self._seal.close(peer.to_json(), self._label(peer.id))

    def _unsealed(self, sealed: bytes | None, peers: dict[int, bytes]) -> tuple[Record, Peers]:
        plain = self._seal.open(sealed, self._label()) if sealed else b"{}"
        known = (self._seal.open(peer, self._label(key)) for key, peer in peers.items())
        return Record.model_validate_json(plain), Peers(map(Peer.from_json, known))

    def _label(self, peer: int | None = None) -> str:
        return f"session {self.name}" if peer is None else f"peer {peer} of {self.name}"

    # --- Pyrogram's side ---------------------------------------------------------------------------

    async def open(self) -> None:
        """Nothing: it is loaded."""

    async def close(self) -> None:
        """Nothing: the last write is up to whoever has opened it."""

    async def save(self) -> None:
        """Write what has changed now, if the database answers soon."""
        self._hurry.set()
        self._changed.set()
        await asyncio.wait([written := asyncio.ensure_future(self._written.wait())], timeout=SAVE_SECONDS)
        written.cancel()

    async def delete(self) -> None:
        """Log out."""
        self.forget()

    async def update_peers(self, peers: Iterable[tuple[int, int | None, str, str | None]]) -> None:
        """Keep id, access hash, kind and phone number of peers."""
        for peer_id, access_hash, kind, phone in peers:
            known = self._peers.get(peer_id)
            names = known.usernames if known else ()
            self._put(Peer(id=peer_id, access_hash=access_hash, kind=kind, phone=phone, usernames=names))

    async def update_usernames(self, usernames: Iterable[tuple[int, list[str | None]]]) -> None:
        """Replace the usernames of peers that are known."""
        for peer_id, names in usernames:
            if known := self._peers.get(peer_id):
                self._put(known._replace(usernames=tuple(name for name in names if name)))

    def _put(self, peer: Peer) -> None:
        fresh = peer._replace(seen=int(time.time()))
        if self._peers.put(fresh):
            self._stale_peers[fresh.id] = fresh
            self._plan()

    async def get_peer_by_id(self, peer_id: int) -> raw.base.InputPeer:
        """Raises KeyError."""
        return _input_peer(self._peers.get(peer_id), peer_id)

    async def get_peer_by_username(self, username: str) -> raw.base.InputPeer:
        """Raises KeyError for one that was not seen lately, too."""
        peer = self._peers.named(username)
        lately = peer is not None and abs(time.time() - peer.seen) <= USERNAME_SECONDS
        return _input_peer(peer if lately else None, username)

    async def get_peer_by_phone_number(self, phone_number: str) -> raw.base.InputPeer:
        """Raises KeyError."""
        return _input_peer(self._peers.called(phone_number), phone_number)

    async def get_update_states(self, ids: int | Iterable[int] | None = None) -> list[UpdateState]:
        """Where updates are to be asked for from: behind those that are handled, oldest date first."""
        wanted = self._marks.keys() if ids is None else (ids,) if isinstance(ids, int) else ids
        states = [UpdateState(one, *self._marks[one]) for one in wanted if one in self._marks]
        # An update about the members of a channel has no pts; Pyrogram would ask with it and break.
        return sorted((state for state in states if state.pts is not None), key=lambda state: state.date or 0)

    async def set_update_state(self, update_state: UpdateState | Iterable[UpdateState]) -> None:
        """Note how far updates have arrived."""
        for state in [update_state] if isinstance(update_state, UpdateState) else update_state:
            known = self._arrived.get(state.id) or self._marks.get(state.id)
            if known is None and state.id == PRIVATE:
                # What a new login begins with: nothing that came before it was for us.
                self._marks[PRIVATE] = Marks().moved(state)
                self._touch()
            else:
                self._arrived[state.id] = (known or Marks()).moved(state)

    async def delete_update_state(self, state_id: int | Iterable[int]) -> None:
        """Ask no more for these."""
        for one in (state_id,) if isinstance(state_id, int) else tuple(state_id):
            self._arrived.pop(one, None)
            if self._marks.pop(one, None):
                self._touch()

    # `object` stands for "not given": None is a value.

    async def dc_id(self, value: Any = object) -> Any:
        """The data centre that the account lives in."""
        return self._field("dc_id", value)

    async def server_address(self, value: Any = object) -> Any:
        """The server's host."""
        return self._server.host if self._server else self._field("server_address", value)

    async def port(self, value: Any = object) -> Any:
        """The server's port."""
        return self._server.port if self._server else self._field("port", value)

    async def api_id(self, value: Any = object) -> Any:
        """The application that logged in."""
        return self._field("api_id", value)

    async def test_mode(self, value: Any = object) -> Any:
        """Whether it is Telegram's test servers."""
        return self._field("test_mode", value)

    async def auth_key(self, value: Any = object) -> Any:
        """The key of 256 bytes that is the session."""
        return self._field("auth_key", value)

    async def date(self, value: Any = object) -> Any:
        """Pyrogram's note of its last save."""
        return self._field("date", value)

    async def user_id(self, value: Any = object) -> Any:
        """Who is logged in."""
        return self._field("user_id", value)

    async def is_bot(self, value: Any = object) -> Any:
        """Whether a bot is logged in."""
        return self._field("is_bot", value)

    def _field(self, name: str, value: object) -> object:
        if value is object:
            return getattr(self._record, name)
        self._record = self._record.evolve(**{name: value})
        self._touch()
        return None


def _input_peer(peer: Peer | None, asked: object) -> raw.base.InputPeer:
    if peer is None:
        raise KeyError(f"not known: {asked}")
    found: raw.base.InputPeer = get_input_peer(peer.id, peer.access_hash or 0, peer.kind)
    return found
