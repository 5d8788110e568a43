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
ENOUGH = 20_000
"""Inputs with which every handler is reached."""
NEWS = 20
"""Rounds after which somebody is told how far it is."""


class Fuzzed(NamedTuple):
    """What became of it."""

    inputs: int
    unhandled: int
    """Errors that nobody has handled, as they are logged by the bot's own handler of errors or a library."""
    found: list[str]
    """What went wrong, each once with its round: what is unhandled, and what should not leave the bot."""
    reached: Counter[str]
    """How often each handler was called; those that never were are there with 0."""


async def run(say: Callable[[str], None], inputs: int, *, seed: int = 1, uri: str | None = None) -> Fuzzed:
    """Hand so many generated inputs to the bot. `uri`: of a MongoDB, by default one of our own."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as home:
        if uri is not None:
            return await _run(say, inputs, seed, uri, Path(home))
        async with embedded_mongod(Path(home) / "mongo") as own:
            return await _run(say, inputs, seed, own, Path(home))


async def _run(say: Callable[[str], None], inputs: int, seed: int, uri: str, home: Path) -> Fuzzed:
    watch, done = Watch(), 0
    words = Words(Random(seed))
    with watch.everything():
        async with house(uri, words, home, sees=watch.sees, listeners=[watch.queries]) as made:
            made.listen(watch.reads)
            while done < inputs:
                watch.round = f"{seed}/{done // ROUND}"
                done += await _round(made, watch, Random(watch.round), min(ROUND, inputs - done))
                if done % (ROUND * NEWS) == 0:
                    say(f"{done} inputs, {watch.unhandled} unhandled")
    never = [name for name, times in made.reached.items() if not times] if inputs >= ENOUGH else []
    return Fuzzed(
        done,
        watch.unhandled,
        [*watch.report(), *(f"{name} was never reached" for name in never)],
        made.reached,
    )


async def _round(made: House, watch: Watch, chance: Random, inputs: int) -> int:
    """Some inputs in a world of their own; how many."""
    watch.input = "the scenery"
    await scenery.set_up(made.store, chance)
    # Of its own, so that the inputs do not depend on how often Telegram is asked.
    await made.begin(Random(f"{watch.round} Telegram"))
    by_chance = Chance(chance, scenery.IDS, made.telegram.files.__setitem__)
    watch.shown = by_chance.shown
    for _ in range(inputs):
        watch.input = by_chance.update()
        await made.take(watch.input)
    return inputs
