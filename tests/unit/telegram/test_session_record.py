"""Records and peers: every field survives being written, and peers are found."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrogram.storage import UpdateState

from medusa.telegram.session_record import Marks, Peer, Peers, Record

LONG = st.integers(-(2**63), 2**63 - 1)
NUMBER = st.none() | LONG
MARKS = st.builds(Marks, NUMBER, NUMBER, NUMBER, NUMBER)
RECORDS = st.builds(
    Record,
    dc_id=st.integers(1, 300),
    server_address=st.none() | st.text(),
    port=st.none() | st.integers(1, 65535),
    api_id=NUMBER,
    test_mode=st.none() | st.booleans(),
    auth_key=st.none() | st.binary(max_size=256),
    date=LONG,
    user_id=NUMBER,
    is_bot=st.none() | st.booleans(),
    marks=st.dictionaries(LONG, MARKS),
)
PEERS = st.builds(
    Peer,
    id=LONG,
    access_hash=NUMBER,
    kind=st.sampled_from(["user", "bot", "group", "channel", "supergroup"]),
    phone=st.none() | st.text("0123456789", min_size=1),
    usernames=st.lists(st.text(min_size=1), max_size=3).map(tuple),
    seen=st.integers(0, 2**40),
)


@given(RECORDS)
def test_a_record_comes_back_with_every_field(record: Record) -> None:
    assert Record.model_validate_json(record.model_dump_json()) == record


@given(PEERS)
def test_a_peer_comes_back_with_every_field(peer: Peer) -> None:
    assert Peer.from_json(peer.to_json()) == peer


@given(RECORDS)
def test_logging_out_keeps_nothing_but_how_far_updates_are_known(record: Record) -> None:
    assert record.logged_out() == Record(marks=record.marks)


@given(MARKS, NUMBER, NUMBER, NUMBER, NUMBER)
def test_what_an_update_does_not_tell_stays(
    marks: Marks, pts: int | None, qts: int | None, date: int | None, seq: int | None
) -> None:
    moved = marks.moved(UpdateState(0, pts, qts, date, seq))
    for before, told, after in zip(marks, (pts, qts, date, seq), moved, strict=True):
        assert after == (before if told is None else told)


@given(st.lists(PEERS, max_size=20))
def test_whoever_was_seen_last_has_a_username(known: list[Peer]) -> None:
    peers = Peers(known)
    latest = {peer.id: peer for peer in sorted(known, key=lambda peer: peer.seen)}
    assert len(peers) == len(latest)
    for peer in latest.values():
        assert peers.get(peer.id) == peer
        for name in peer.usernames:
            found = peers.named(name)
            assert found is None or name in found.usernames
            assert found is None or found.seen >= peer.seen


def peer(**fields: Any) -> Peer:
    return Peer(**{"id": 1, "access_hash": 5, "kind": "user", **fields})


def test_peers_are_found_by_name_and_number_until_these_are_somebody_elses() -> None:
    peers = Peers([peer(usernames=("ann", "anna"), phone="49151")])
    assert peers.named("anna") == peers.called("49151") == peers.get(1)
    bob = peer(id=2, usernames=("ann",), phone="49151")
    assert peers.put(bob)
    assert (peers.named("ann"), peers.called("49151")) == (bob, bob)
    peers.put(peer(usernames=("anna",)))
    assert peers.named("nobody") is peers.called("0") is None
    peers.put(peer(id=2))
    assert peers.named("ann") is peers.called("49151") is None


@pytest.mark.parametrize(
    "change",
    [{"access_hash": 6}, {"kind": "bot"}, {"phone": "49151"}, {"usernames": ("ann",)}],
)
def test_a_change_is_noticed_and_mere_time_is_none(change: dict[str, Any]) -> None:
    peers = Peers([peer(seen=1)])
    assert not peers.put(peer(seen=2))
    assert peers.get(1) == peer(seen=2)
    assert peers.put(peer(seen=2, **change))
