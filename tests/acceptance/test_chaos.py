"""The bot is killed at any moment, as often as you like: nothing is lost, and nothing is done twice."""

import pytest

from tests.bench.chaos import Tally, chaos


async def nothing_is_lost(kills: int, links: int) -> None:
    """Everybody has their files, once, and so have the log channels."""
    said: list[str] = []
    tally = await chaos(said.append, kills=kills, links=links, seed=4)
    assert tally == Tally(
        kills=kills,
        links=links,
        delivered=links,
        duplicates=0,
        log_copies_missing=0,
        bytes_resent_ratio=tally.bytes_resent_ratio,
        orphans=0,
    ), "\n".join(said)


async def test_nothing_is_lost_nor_doubled_when_the_bot_is_killed_again_and_again() -> None:
    await nothing_is_lost(kills=5, links=6)


@pytest.mark.slow
@pytest.mark.timeout(1200)
async def test_nothing_is_lost_nor_doubled_in_a_long_storm() -> None:
    await nothing_is_lost(kills=60, links=35)
