"""A small part of the fuzz run, with the same inputs each time; `./scripts/bench attack` does the whole."""

import pytest

from tests.attacks.fuzz import ENOUGH, Fuzzed, run


def told(fuzzed: Fuzzed) -> str:
    return "\n".join(fuzzed.found)


async def test_hostile_inputs_are_handled(mongo_uri: str) -> None:
    fuzzed = await run(print, 600, seed=3, uri=mongo_uri)
    assert (fuzzed.unhandled, fuzzed.found) == (0, []), told(fuzzed)
    # 600 inputs reach seven in ten; all are reached by those of the slow test.
    reached = sum(times > 0 for times in fuzzed.reached.values())
    assert reached > 0.6 * len(fuzzed.reached), "the inputs do not get deep any more"


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_every_handler_is_reached(mongo_uri: str) -> None:
    fuzzed = await run(print, ENOUGH, seed=2, uri=mongo_uri)
    assert (fuzzed.unhandled, fuzzed.found) == (0, []), told(fuzzed)
