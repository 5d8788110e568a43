"""Jobs of every kind and every end leave nothing behind: see `./scripts/bench soak`, which is longer."""

import pytest

from tests.bench.soak import soaking

COUNTED = ("descriptors", "sockets", "threads", "tasks", "processes", "files", "mongo")


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_nothing_is_left_of_jobs_of_every_kind() -> None:
    async with soaking(print, log_channels=0) as soak:
        await soak.rounds(1, 1)
        await soak.rounds(40, 2)
    (first, warm), (last, end) = soak.readings
    grown = {name: getattr(end, name) - getattr(warm, name) for name in COUNTED}
    # Pools fill up to their sizes; what each job left, or each of a kind in a round, would be more.
    assert all(more < (last - first) // 4 for more in grown.values()), grown
    assert (grown["processes"], grown["files"]) == (0, 0)
