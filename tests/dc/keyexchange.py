"""The server's side of core.telegram.org/mtproto/auth_key, without I/O: a query in, an answer out."""

import random
import secrets
import time
from hashlib import sha1, sha256
from io import BytesIO
from typing import Any

from mtproto.crypto.aes import ige256_decrypt, ige256_encrypt
from pyrogram.crypto.prime import CURRENT_DH_PRIME as PRIME
from pyrogram.raw.core import TLObject
from pyrogram.raw.functions import ReqDHParams, ReqPq, ReqPqMulti, SetClientDHParams
from pyrogram.raw.types import (
    ClientDHInnerData,
    DhGenOk,
    PQInnerData,
    PQInnerDataDc,
    ResPQ,
    ServerDHInnerData,
    ServerDHParamsOk,
)

from tests.dc.rsakey import ServerKey

_GENERATOR = 3


class ExchangeFailed(Exception):
    """The client's message does not belong here."""


class KeyExchange:
    """One exchange. `auth_key` and `salt` are set when the last answer has been made."""

    def __init__(self, key: ServerKey) -> None:
        self._key = key
        self.auth_key: bytes | None = None
        self.salt = b""
        self._nonce = self._server_nonce = 0

    def answer(self, query: object) -> TLObject[Any]:
        """The reply to `query`. Raises ExchangeFailed."""
        match query:
            case ReqPqMulti() | ReqPq():
                return self._res_pq(query.nonce)
            case ReqDHParams():
                return self._dh_params(query)
            case SetClientDHParams():
                return self._dh_gen(query)
        raise ExchangeFailed(f"{type(query).__name__} is not part of the key exchange")

    def _res_pq(self, nonce: int) -> ResPQ:
        self._nonce = nonce
        self._server_nonce = int.from_bytes(secrets.token_bytes(16), "little", signed=True)
        self._p, self._q = sorted((_prime(), _prime()))
        return ResPQ(
            nonce=nonce,
            server_nonce=self._server_nonce,
            pq=(self._p * self._q).to_bytes(8, "big"),
            server_public_key_fingerprints=[self._key.fingerprint],
        )

    def _dh_params(self, query: ReqDHParams) -> ServerDHParamsOk:
        self._check(query.nonce, query.server_nonce)
        if query.public_key_fingerprint != self._key.fingerprint:
            raise ExchangeFailed("encrypted for another key")
        inner = _inner_data(self._key.decrypt(query.encrypted_data))
        self._check(inner.nonce, inner.server_nonce)
        if (int.from_bytes(inner.p, "big"), int.from_bytes(inner.q, "big")) != (self._p, self._q):
            raise ExchangeFailed("wrong factors")
        self._new_nonce = inner.new_nonce.to_bytes(32, "little", signed=True)
        self._aes_key, self._aes_iv = _temporary_aes(self._new_nonce, self._server_nonce)
        self._secret = secrets.randbits(2048)
        answer = ServerDHInnerData(
            nonce=self._nonce,
            server_nonce=self._server_nonce,
            g=_GENERATOR,
            dh_prime=PRIME.to_bytes(256, "big"),
            g_a=pow(_GENERATOR, self._secret, PRIME).to_bytes(256, "big"),
            server_time=int(time.time()),
        ).write()
        hashed = sha1(answer).digest() + answer
        padded = hashed + secrets.token_bytes(-len(hashed) % 16)
        return ServerDHParamsOk(
            nonce=self._nonce,
            server_nonce=self._server_nonce,
            encrypted_answer=ige256_encrypt(padded, self._aes_key, self._aes_iv),
        )

    def _dh_gen(self, query: SetClientDHParams) -> DhGenOk:
        self._check(query.nonce, query.server_nonce)
        plain = ige256_decrypt(query.encrypted_data, self._aes_key, self._aes_iv)
        inner = _read_hashed(plain)
        if not isinstance(inner, ClientDHInnerData):
            raise ExchangeFailed("no client_DH_inner_data")
        self._check(inner.nonce, inner.server_nonce)
        auth_key = pow(int.from_bytes(inner.g_b, "big"), self._secret, PRIME).to_bytes(256, "big")
        server_nonce = self._server_nonce.to_bytes(16, "little", signed=True)
        self.salt = bytes(a ^ b for a, b in zip(self._new_nonce[:8], server_nonce[:8], strict=True))
        self.auth_key = auth_key
        proof = sha1(self._new_nonce + b"\x01" + sha1(auth_key).digest()[:8]).digest()[-16:]
        return DhGenOk(
            nonce=self._nonce,
            server_nonce=self._server_nonce,
            new_nonce_hash1=int.from_bytes(proof, "little", signed=True),
        )

    def _check(self, nonce: int, server_nonce: int) -> None:
        if (nonce, server_nonce) != (self._nonce, self._server_nonce):
            raise ExchangeFailed("nonce of another exchange")


def _temporary_aes(new_nonce: bytes, nonce: int) -> tuple[bytes, bytes]:
    server_nonce = nonce.to_bytes(16, "little", signed=True)
    first = sha1(new_nonce + server_nonce).digest()
    second = sha1(server_nonce + new_nonce).digest()
    third = sha1(new_nonce + new_nonce).digest()
    return first + second[:12], second[12:] + third + new_nonce[:4]


def _inner_data(plain: bytes) -> PQInnerData | PQInnerDataDc:
    """Take p_q_inner_data out of either padding: the older SHA-1 one, or RSA_PAD."""
    inner = None
    if plain[0] == 0:
        inner = _read_hashed(plain[1:])
    if inner is None:
        sealed = plain[32:]
        key = bytes(a ^ b for a, b in zip(plain[:32], sha256(sealed).digest(), strict=True))
        opened = ige256_decrypt(sealed, key, bytes(32))
        padded = opened[:192][::-1]
        if sha256(key + padded).digest() != opened[192:]:
            raise ExchangeFailed("neither RSA padding fits")
        inner = TLObject.read(BytesIO(padded))
    if not isinstance(inner, PQInnerData | PQInnerDataDc):
        raise ExchangeFailed("no p_q_inner_data")
    return inner


def _read_hashed(plain: bytes) -> TLObject[Any] | None:
    """The object behind a leading SHA-1 of it, or None when the hash is wrong."""
    try:
        inner: TLObject[Any] = TLObject.read(BytesIO(plain[20:]))
    except (KeyError, ValueError):
        return None
    return inner if sha1(inner.write()).digest() == plain[:20] else None


def _prime() -> int:
    """A random prime of 31 bits."""
    while True:
        number = random.randrange(1 << 30, 1 << 31) | 1
        if all(pow(base, number - 1, number) == 1 for base in (2, 3, 5, 7)) and _is_prime(number):
            return number


def _is_prime(number: int) -> bool:
    return all(number % divisor for divisor in range(3, int(number**0.5) + 1, 2))
