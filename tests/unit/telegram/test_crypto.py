"""The fast cipher is the slow one, bit for bit."""

import random

import pytest
import tgcrypto
from hypothesis import given
from hypothesis import strategies as st
from pyrogram.crypto import aes

from medusa.telegram import crypto

keys = st.binary(min_size=32, max_size=32)


@given(blocks=st.integers(1, 700), seed=st.integers(), key=keys, iv=keys)
def test_it_encrypts_as_tgcrypto_does(blocks: int, seed: int, key: bytes, iv: bytes) -> None:
    data = random.Random(seed).randbytes(16 * blocks)
    expected = tgcrypto.ige256_encrypt(data, key, iv)
    assert crypto.ige256_encrypt(data, key, iv) == expected
    assert crypto._through_cbc(data, key, iv) == expected


@given(key=keys, iv=keys, rounds=st.integers(2, 4))
def test_the_same_buffer_can_be_used_again(key: bytes, iv: bytes, rounds: int) -> None:
    data = bytes(range(256)) * 32
    kept = bytes(bytearray(data))
    results = {crypto.ige256_encrypt(data, key, iv) for _ in range(rounds)}
    assert len(results) == 1
    assert data == kept


def test_a_whole_part_comes_back() -> None:
    data, key, iv = random.Random(1).randbytes(512 * 1024 + 96), bytes(range(32)), bytes(range(32, 64))
    assert tgcrypto.ige256_decrypt(crypto.ige256_encrypt(data, key, iv), key, iv) == data


def test_pyrogram_uses_it_once_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aes, "ige256_encrypt", aes.ige256_encrypt)
    crypto.install()
    assert aes.ige256_encrypt is crypto.ige256_encrypt
