"""A child that brings nothing is waited for as long as something comes for it from the network."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from medusa.errors import MediaChildDied
from medusa.media import ends
from medusa.media import job as job_module
from medusa.media.job import Job


class Trickle:
    """A proxy that has received more each of so many times that it is asked."""

    def __init__(self, times: int) -> None:
        self._times = times
        self.asked = 0
        self.refused = None

    @property
    def received(self) -> int:
        self.asked += 1
        return min(self.asked, self._times)


@pytest.mark.parametrize("times", [1, 10, 31])
async def test_a_source_that_trickles_is_not_taken_for_a_child_that_is_stuck(
    times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_module, "STUCK_SECONDS", 0.001)
    child, proxy = SimpleNamespace(pid=1, ytdlp="", records=asyncio.StreamReader()), Trickle(times)
    job = Job(cast(Any, child), cast(Any, proxy))
    with pytest.raises(MediaChildDied) as caught:
        await anext(job.records())
    assert caught.value.sentence == ends.STUCK
    assert proxy.asked >= times
