"""What a lane writes for a part is what Pyrogram would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrogram.raw.functions.upload import SaveBigFilePart, SaveFilePart

from medusa.telegram.lane import request
from medusa.upload.parts import PART_SIZE, Part

file_ids = st.integers(0, 2**63 - 1)


@given(file_id=file_ids, index=st.integers(0, 7999), total=st.integers(-1, 8000), data=st.binary())
@pytest.mark.parametrize("small", [False, True])
def test_a_part(small: bool, file_id: int, index: int, total: int, data: bytes) -> None:
    check(file_id, Part(index, data, total, small))


@pytest.mark.parametrize("size", [1, 3, 252, 253, 254, 255, 256, PART_SIZE - 1, PART_SIZE])
def test_every_way_that_tl_writes_bytes(size: int) -> None:
    check(7, Part(3, bytes(size)))


def check(file_id: int, part: Part) -> None:
    method, chunks = request(file_id, part)
    if part.small:
        query = SaveFilePart(file_id=file_id, file_part=part.index, bytes=part.data).write()
    else:
        query = SaveBigFilePart(
            file_id=file_id, file_part=part.index, file_total_parts=part.total, bytes=part.data
        ).write()
    assert method is (SaveFilePart if part.small else SaveBigFilePart)
    assert b"".join(chunks) == query
