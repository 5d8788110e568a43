"""The fast cipher is the slow one, bit for bit."""

import random

import pytest
import tgcrypto
from hypothesis import given
from hypothesis import strategies as st
from pyrogram.crypto import aes

from medusa.telegram.mtproto import ige
from medusa.telegram.mtproto.ige import BLOCK, CbcIge, EncryptInto

keys = st.binary(min_size=32, max_size=32)
ENCRYPTORS: dict[str, EncryptInto] = {"by CBC": CbcIge(), "by tgcrypto": ige._by_tgcrypto}


def encrypted(encrypt: EncryptInto, data: bytes, key: bytes, iv: bytes) -> bytes:
    output = bytearray(len(data) + BLOCK)
    encrypt(data, key, iv, memoryview(output))
    return bytes(output[: len(data)])


@pytest.mark.parametrize("name", ENCRYPTORS)
@given(blocks=st.integers(1, 700), seed=st.integers(), key=keys, iv=keys)
def test_it_encrypts_as_tgcrypto_does(name: str, blocks: int, seed: int, key: bytes, iv: bytes) -> None:
    data = random.Random(seed).randbytes(16 * blocks)
    expected = tgcrypto.ige256_encrypt(data, key, iv)
    # The same object for all examples: memory that is used again leaves nothing behind.
    assert encrypted(ENCRYPTORS[name], data, key, iv) == expected
    assert ige.ige256_encrypt(data, key, iv) == expected


@given(data=st.binary(min_size=BLOCK, max_size=40 * BLOCK), key=keys, iv=keys, at=st.integers(0, 7))
def test_what_is_encrypted_stays_as_it_was(data: bytes, key: bytes, iv: bytes, at: int) -> None:
    data = data[: len(data) // BLOCK * BLOCK]
    shared = bytearray(at) + data
    output = bytearray(len(data) + BLOCK)
    CbcIge()(memoryview(shared)[at:], key, iv, memoryview(output))
    assert shared[at:] == data
    assert output[: len(data)] == tgcrypto.ige256_encrypt(data, key, iv)


def test_a_whole_part_comes_back() -> None:
    data, key, iv = random.Random(1).randbytes(512 * 1024 + 96), bytes(range(32)), bytes(range(32, 64))
    assert tgcrypto.ige256_decrypt(ige.ige256_encrypt(data, key, iv), key, iv) == data


def test_without_its_libraries_tgcrypto_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ige, "np", None)
    data, key = bytes(8192), bytes(32)
    assert ige.encryptor() is ige._by_tgcrypto
    assert ige.ige256_encrypt(data, key, key) == tgcrypto.ige256_encrypt(data, key, key)


def test_pyrogram_uses_it_once_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aes, "ige256_encrypt", aes.ige256_encrypt)
    ige.install()
    assert aes.ige256_encrypt is ige.ige256_encrypt
