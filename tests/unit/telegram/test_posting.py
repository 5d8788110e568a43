"""The last messages of a channel are found by their numbers, which is all that a bot may ask for."""

from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from medusa.telegram.posting import BATCH, last_batches


@given(st.integers(0, 300_000), st.integers(1, BATCH - 1))
@example(0, 1)
@example(BATCH, 1)
@example(BATCH + 1, 1)
@example(2_000_000_000, 1)
async def test_the_last_message_is_in_one_of_the_first_batches(last: int, gap: int) -> None:
    asked = 0

    async def read(first: int) -> Sequence[object]:
        nonlocal asked
        asked += 1
        there = range(gap, last + 1, gap)  # every so many messages one is left
        return [number for number in range(first, first + BATCH) if number in there]

    batches = await last_batches(read)
    newest = last - last % gap
    assert all(first >= 1 for first in batches)
    assert len(batches) <= 12
    assert newest == 0 or any(first <= newest < first + BATCH for first in batches)
    assert asked < 80
