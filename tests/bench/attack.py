"""Attacks: how many there are, and how many of them came through. 0 is what is due."""

from collections.abc import Callable
from typing import Any

from tests.attacks import fuzz, secrets, ssrf

Say = Callable[[str], None]
INPUTS = 100_000


async def run(say: Say, inputs: int = INPUTS) -> dict[str, Any]:
    """All attacks there are; so many inputs are typed."""
    leaked = await secrets.run(say)
    reached = await ssrf.run(say)
    typed = await fuzz.run(say, inputs)
    for finding in typed.found:
        say(finding)
    return {
        "ssrf_cases": reached.cases,
        "hits": reached.hits,
        "fuzz_inputs": typed.inputs,
        "unhandled": max(typed.unhandled, len(typed.found)),
        "secrets_leaked": leaked,
    }
