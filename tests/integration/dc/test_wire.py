"""Below the API: transports, both RSA paddings, containers, salts, repeated and forged messages."""

import asyncio
import secrets
from hashlib import sha1, sha256
from io import BytesIO

import pytest
from mtproto.crypto.aes import ige256_decrypt, ige256_encrypt
from mtproto.transport.packets.error_packet import ErrorPacket
from pyrogram.connection import transport
from pyrogram.crypto import prime
from pyrogram.raw.core import Message, MsgContainer, TLObject
from pyrogram.raw.functions import Ping, ReqDHParams, ReqPqMulti, SetClientDHParams
from pyrogram.raw.types import (
    BadServerSalt,
    ClientDHInnerData,
    DhGenOk,
    NewSessionCreated,
    Pong,
    PQInnerDataDc,
    ResPQ,
    ServerDHInnerData,
    ServerDHParamsOk,
)

from tests.dc import Bot, DataCenter, bot_client
from tests.dc.keyexchange import ExchangeFailed, KeyExchange
from tests.dc.rsakey import server_key
from tests.dc.session import AuthKey
from tests.integration.dc.peer import Peer


@pytest.mark.parametrize(
    "name",
    [
        "TCPAbridged",
        "TCPAbridgedO",
        "TCPIntermediate",
        "TCPIntermediateO",
        "TCPIntermediatePadded",
        "TCPFull",
    ],
)
async def test_every_transport(bot: Bot, dc: DataCenter, name: str) -> None:
    factory = getattr(transport, name)
    async with bot_client(dc, bot, protocol_factory=factory) as client:
        assert client.me is not None
        assert client.me.id == bot.id


def test_the_key_exchange_withrsa_pad() -> None:
    key = server_key()
    server = KeyExchange(key)
    nonce, new_nonce = (int.from_bytes(secrets.token_bytes(size), "little", signed=True) for size in (16, 32))
    res = server.answer(ReqPqMulti(nonce=nonce))
    assert isinstance(res, ResPQ)
    pq = int.from_bytes(res.pq, "big")
    p = prime.decompose(pq)
    factors = sorted((p, pq // p))
    small, large = (number.to_bytes(4, "big") for number in factors)
    inner = PQInnerDataDc(
        pq=res.pq, p=small, q=large, nonce=nonce, server_nonce=res.server_nonce, new_nonce=new_nonce, dc=2
    )
    query = ReqDHParams(
        nonce=nonce,
        server_nonce=res.server_nonce,
        p=small,
        q=large,
        public_key_fingerprint=key.fingerprint,
        encrypted_data=rsa_pad(inner.write(), key.modulus, key.exponent),
    )
    params = server.answer(query)
    assert isinstance(params, ServerDHParamsOk)
    nonces = (
        new_nonce.to_bytes(32, "little", signed=True),
        res.server_nonce.to_bytes(16, "little", signed=True),
    )
    aes = temporary_aes(*nonces)
    plain = ige256_decrypt(params.encrypted_answer, *aes)
    dh = TLObject.read(BytesIO(plain[20:]))
    assert isinstance(dh, ServerDHInnerData)
    assert sha1(dh.write()).digest() == plain[:20]
    secret, modulus = secrets.randbits(2048), int.from_bytes(dh.dh_prime, "big")
    mine = ClientDHInnerData(
        nonce=nonce,
        server_nonce=res.server_nonce,
        retry_id=0,
        g_b=pow(dh.g, secret, modulus).to_bytes(256, "big"),
    ).write()
    hashed = sha1(mine).digest() + mine
    sealed = ige256_encrypt(hashed + bytes(-len(hashed) % 16), *aes)
    done = server.answer(SetClientDHParams(nonce=nonce, server_nonce=res.server_nonce, encrypted_data=sealed))
    assert isinstance(done, DhGenOk)
    assert server.auth_key == pow(int.from_bytes(dh.g_a, "big"), secret, modulus).to_bytes(256, "big")
    query.nonce += 1
    with pytest.raises(ExchangeFailed):
        server.answer(query)


async def test_containers_salts_and_repetitions(dc: DataCenter) -> None:
    key = a_key(dc)
    async with Peer(dc.address, key.secret) as peer:
        await peer.send(Ping(ping_id=1), b"outdated")
        wrong = await peer.answer()
        assert isinstance(wrong, BadServerSalt)
        assert wrong.new_server_salt.to_bytes(8, "little", signed=True) == key.salt
        first, second = (Message(Ping(ping_id=number), peer.new_id(), 0, 12) for number in (7, 8))
        await peer.send(MsgContainer([first, second]), key.salt)
        greeting, *pongs = [await peer.answer() for _ in range(3)]
        assert isinstance(greeting, NewSessionCreated)
        assert [one.ping_id for one in pongs if isinstance(one, Pong)] == [7, 8]
        await peer.send(MsgContainer([first, Message(Ping(ping_id=9), peer.new_id(), 0, 12)]), key.salt)
        last = await peer.answer()
        assert isinstance(last, Pong)
        assert last.ping_id == 9


async def test_an_unknown_key_and_a_forged_message(dc: DataCenter) -> None:
    async with Peer(dc.address, secrets.token_bytes(256)) as stranger:
        await stranger.send(Ping(ping_id=1), bytes(8))
        assert await stranger.receive() == ErrorPacket(404)
    key = a_key(dc)
    async with Peer(dc.address, key.secret) as forger:
        await forger.send(Ping(ping_id=1), key.salt, forge=True)
        assert await forger.receive() is None
    assert "Forged" in dc.core.journal.crashes.pop()


async def test_garbage_is_hung_up_on(dc: DataCenter) -> None:
    reader, writer = await asyncio.open_connection(*dc.address)
    writer.write(b"GARBAGE!" * 16)
    assert await asyncio.wait_for(reader.read(1), 5) == b""
    writer.close()
    await writer.wait_closed()


def a_key(dc: DataCenter) -> AuthKey:
    """An authorization key that the server knows."""
    dc.session_string(dc.person("Ann"))
    return next(iter(dc.core.keys.values()))


def temporary_aes(new_nonce: bytes, server_nonce: bytes) -> tuple[bytes, bytes]:
    """core.telegram.org/mtproto/auth_key, step 6."""
    first, second = sha1(new_nonce + server_nonce).digest(), sha1(server_nonce + new_nonce).digest()
    return first + second[:12], second[12:] + sha1(new_nonce * 2).digest() + new_nonce[:4]


def rsa_pad(data: bytes, modulus: int, exponent: int) -> bytes:
    """core.telegram.org/mtproto/auth_key, step 4.1."""
    while True:
        padded = data + secrets.token_bytes(192 - len(data))
        key = secrets.token_bytes(32)
        sealed = ige256_encrypt(padded[::-1] + sha256(key + padded).digest(), key, bytes(32))
        masked = bytes(a ^ b for a, b in zip(key, sha256(sealed).digest(), strict=True)) + sealed
        number = int.from_bytes(masked, "big")
        if number < modulus:
            return pow(number, exponent, modulus).to_bytes(256, "big")
