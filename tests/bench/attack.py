"""Attacks: how many there are, and how many of them came through. 0 is what is due."""

from collections.abc import Callable
from typing import Any

from tests.attacks import ssrf

Say = Callable[[str], None]


async def run(say: Say) -> dict[str, Any]:
    """All attacks there are."""
    reached = await ssrf.run(say)
    return {"ssrf_cases": reached.cases, "hits": reached.hits}
