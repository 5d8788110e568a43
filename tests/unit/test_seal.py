"""What is sealed opens with the same secrets at the same place, and not otherwise."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from medusa.seal import Seal, SealBroken

SEAL = Seal("7000001:" + "A" * 35, "0" * 32, purpose="sessions")
PLAIN = st.binary(max_size=2000)


@given(plain=PLAIN, label=st.text(max_size=50))
def test_it_comes_out_as_it_was(plain: bytes, label: str) -> None:
    sealed = SEAL.close(plain, label)
    assert SEAL.open(sealed, label) == plain
    assert SEAL.close(plain, label) != sealed, "a nonce is used once"


@given(key=st.binary(min_size=16, max_size=256))
def test_nothing_of_it_can_be_read(key: bytes) -> None:
    sealed = SEAL.close(b"before" + key + b"after", "session medusa")
    assert key not in sealed
    assert len(sealed) == 12 + len(key) + 11 + 16


@pytest.mark.parametrize(
    "secrets",
    [
        ("7000001:" + "B" * 35, "0" * 32),
        ("7000001:" + "A" * 35, "1" * 32),
        ("7000001:" + "A" * 35 + "0" * 32,),
    ],
)
def test_another_token_or_hash_does_not_open_it(secrets: tuple[str, ...]) -> None:
    with pytest.raises(SealBroken):
        Seal(*secrets, purpose="sessions").open(SEAL.close(b"secret", "session medusa"), "session medusa")


@given(plain=PLAIN, label=st.text(max_size=50), other=st.text(max_size=50))
def test_it_does_not_open_at_another_place(plain: bytes, label: str, other: str) -> None:
    assume(label != other)
    with pytest.raises(SealBroken):
        SEAL.open(SEAL.close(plain, label), other)


@given(plain=PLAIN, data=st.data())
def test_a_changed_or_shortened_one_does_not_open(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(SEAL.close(plain, "x"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        SEAL.open(bytes(sealed), "x")
    with pytest.raises(SealBroken):
        SEAL.open(bytes(sealed[:place]), "x")


def test_what_is_sealed_for_one_purpose_does_not_open_for_another() -> None:
    with pytest.raises(SealBroken):
        Seal("7000001:" + "A" * 35, "0" * 32, purpose="cookies").open(SEAL.close(b"secret", "a"), "a")
