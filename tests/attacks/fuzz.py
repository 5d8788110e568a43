"""Hostile input through the real handlers: nothing that somebody types may end in an unhandled exception."""

import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

from medusa.storage.embedded import embedded_mongod
from tests.attacks import scenery
from tests.attacks.house import House, house
from tests.attacks.updates import Chance
from tests.attacks.watch import Watch
from tests.attacks.words import Words

ROUND = 250
"""Inputs after which the bot's world is set up anew, so that a finding is reached again within so many."""


class Fuzzed(NamedTuple):
    """What became of it."""

    inputs: int
    unhandled: int
    found: list[str]
    """What went wrong, each once, with the seed of its round."""
    reached: Counter[str]
    """How often each handler was called."""


async def run(say: Callable[[str], None], inputs: int, *, seed: int = 1, uri: str | None = None) -> Fuzzed:
    """Hand so many generated inputs to the bot. `uri`: of a MongoDB, by default one of our own."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as home:
        if uri is not None:
            return await _run(say, inputs, seed, uri, Path(home))
        async with embedded_mongod(Path(home) / "mongo") as own:
            return await _run(say, inputs, seed, own, Path(home))


async def _run(say: Callable[[str], None], inputs: int, seed: int, uri: str, home: Path) -> Fuzzed:
    watch = Watch()
    words = Words(Random(seed))
    with watch.logging():
        async with house(uri, words, home, sees=watch.sees, listeners=[watch.queries]) as made:
            done = 0
            while done < inputs:
                watch.round = f"{seed}/{done // ROUND}"
                done += await _round(
                    made, watch, Random(f"{seed}/{done // ROUND}"), min(ROUND, inputs - done)
                )
                watch.faults(made.journal.faults)
                if done // ROUND % 20 == 0:
                    say(f"{done} inputs, {len(watch.found)} findings")
    return Fuzzed(done, watch.unhandled, watch.report(), made.reached)


async def _round(made: House, watch: Watch, chance: Random, inputs: int) -> int:
    """Some inputs in a world of their own."""
    await scenery.set_up(made.store, chance)
    made.base.policies._read_at = None
    made.base.stop.clear()
    made.telegram.files.clear()
    inputs_by_chance = Chance(chance, scenery.IDS, made.telegram.files.__setitem__)
    watch.shown = inputs_by_chance.shown
    for _ in range(inputs):
        update = inputs_by_chance.update()
        watch.input = update
        await made.take(update)
    return inputs
