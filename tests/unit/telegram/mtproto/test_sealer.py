"""What is sealed is what a server opens."""

import os

from hypothesis import given
from hypothesis import strategies as st
from mtproto.transport.packets.message_packet import DecryptedMessagePacket, EncryptedMessagePacket

from medusa.telegram.mtproto.framing import Deframer
from medusa.telegram.mtproto.message import Message
from medusa.telegram.mtproto.sealer import Sealer, key_id
from tests.dc import envelope

AUTH_KEY = os.urandom(256)
SESSION = bytes(range(8))
chunk = st.binary(max_size=300)
numbers = st.integers(-(2**63), 2**63 - 1)


@given(st.lists(st.tuples(numbers, numbers, st.integers(0, 2**31 - 1), st.lists(chunk)), min_size=1))
def test_a_server_reads_every_message_of_a_sealer(
    messages: list[tuple[int, int, int, list[bytes]]],
) -> None:
    sealer = Sealer(AUTH_KEY, SESSION)
    for salt, message_id, seq_no, chunks in messages:
        data = b"".join(chunks)
        chunks.append(bytes(-len(data) % 4))
        packet = bytes(sealer.seal(Message(message_id, seq_no, salt, chunks)))
        opened = unsealed(packet)
        assert opened.salt == salt.to_bytes(8, "little", signed=True)
        assert opened.session_id == int.from_bytes(SESSION, "little", signed=True)
        assert (opened.message_id, opened.seq_no) == (message_id, seq_no)
        assert opened.data == b"".join(chunks)


def test_a_part_is_as_long_as_it_must_be() -> None:
    packet = bytes(Sealer(AUTH_KEY, SESSION).seal(Message(4, 1, 0, [bytes(24), bytes(512 * 1024)])))
    assert 12 <= len(packet) - (4 + 24 + 32 + 24 + 512 * 1024) < 28
    assert unsealed(packet).data == bytes(24 + 512 * 1024)


def unsealed(packet: bytes) -> DecryptedMessagePacket:
    (body,) = Deframer().feed(packet)
    assert body[:8] == key_id(AUTH_KEY)
    assert envelope.key_id(AUTH_KEY) == int.from_bytes(body[:8], "little", signed=True)
    sealed = EncryptedMessagePacket(envelope.key_id(AUTH_KEY), body[8:24], body[24:])
    return envelope.unseal(AUTH_KEY, sealed)
