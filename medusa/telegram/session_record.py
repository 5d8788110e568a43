"""What a Telegram session consists of, and what it is worth without the rest."""

import sys
from collections.abc import Iterable
from typing import NamedTuple

from pydantic import Field, TypeAdapter
from pyrogram.storage import UpdateState

from medusa.value import Value


class Marks(NamedTuple):
    """How far the updates of one sequence are known (https://core.telegram.org/api/updates)."""

    pts: int | None = None
    qts: int | None = None
    date: int | None = None
    seq: int | None = None

    def moved(self, to: UpdateState) -> "Marks":
        """With those replaced that are told."""
        told = (to.pts, to.qts, to.date, to.seq)
        return Marks(*(old if new is None else new for old, new in zip(self, told, strict=True)))


class Record(Value):
    """A session, as Pyrogram asks for it; of somebody when it has a `user_id`."""

    dc_id: int = 2
    server_address: str | None = "149.154.167.51"
    port: int | None = 443
    api_id: int | None = None
    test_mode: bool | None = None
    auth_key: bytes | None = None
    """Secret: whoever has it is the account."""
    date: int = 0
    user_id: int | None = None
    is_bot: bool | None = None
    marks: dict[int, Marks] = Field(default_factory=dict)
    """By sequence: 0 for private chats, else a channel's id. All before them is handled."""

    def logged_out(self) -> "Record":
        """Nobody's. The sequences are the account's, whatever session asks for them."""
        return Record(marks=self.marks)


class Peer(NamedTuple):
    """Somebody or something that a message can be sent to. A busy bot knows many thousands.

    The hash is the account's, whatever session uses it; without one it is of no use.
    """

    id: int
    access_hash: int | None
    kind: str
    """Pyrogram's word: user, bot, group, channel, supergroup …"""
    phone: str | None = None
    usernames: tuple[str, ...] = ()
    seen: int = 0
    """When it last was so, in seconds since 1970: a username may pass to somebody else."""

    def is_like(self, other: "Peer | None") -> bool:
        """Whether nothing but the time has changed."""
        return other is not None and self == other._replace(seen=self.seen)

    def to_json(self) -> bytes:
        """As it is kept."""
        return _PEER.dump_json(self)

    @staticmethod
    def from_json(text: bytes) -> "Peer":
        """What was kept. Raises ValidationError."""
        peer = _PEER.validate_json(text)
        return peer._replace(kind=sys.intern(peer.kind))


_PEER = TypeAdapter(Peer)


class Peers:
    """All that a session knows, found by id, username and phone number."""

    def __init__(self, peers: Iterable[Peer] = ()) -> None:
        self._peers: dict[int, Peer] = {}
        self._usernames: dict[str, int] = {}
        self._phones: dict[str, int] = {}
        for peer in sorted(peers, key=lambda peer: peer.seen):
            self.put(peer)

    def __len__(self) -> int:
        return len(self._peers)

    def put(self, peer: Peer) -> bool:
        """Keep it as it is now; False when nothing but the time has changed."""
        before = self._peers.get(peer.id)
        self._peers[peer.id] = peer
        self._usernames |= dict.fromkeys(peer.usernames, peer.id)
        if peer.phone:
            self._phones[peer.phone] = peer.id
        return not peer.is_like(before)

    def get(self, peer_id: int) -> Peer | None:
        """By Pyrogram's id, which is negative for groups and channels."""
        return self._peers.get(peer_id)

    def named(self, username: str) -> Peer | None:
        """Who was last seen with this username."""
        peer = self._peers.get(self._usernames.get(username, 0))
        return peer if peer and username in peer.usernames else None

    def called(self, phone: str) -> Peer | None:
        """Who was last seen with this phone number."""
        peer = self._peers.get(self._phones.get(phone, 0))
        return peer if peer and peer.phone == phone else None
