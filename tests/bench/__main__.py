"""`python -m tests.bench NAME [--json]`; chaos and store take numbers too: see NUMBERS."""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from tests.bench import attack, chaos, crowd, loop, memory, pipeline, soak, store, upload

BENCHMARKS: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
    "attack": attack.run,
    "chaos": chaos.run,
    "crowd": crowd.run,
    "loop": loop.run,
    "memory": memory.run,
    "pipeline": pipeline.run,
    "soak": soak.run,
    "store": store.run,
    "upload": upload.run,
}
NUMBERS = {
    "kills": "chaos: how often the bot is killed",
    "links": "chaos: how many links are sent",
    "seed": "chaos: what chance begins with; the same seed, the same plan",
    "jobs": "soak: how many after the warm-up",
    "downloads": "store: how many there are",
    "users": "store: how many people there are",
    "inputs": "attack: how many are typed",
}


def main() -> None:
    """Run one benchmark; its figures as JSON on the last line when asked for."""
    parser = argparse.ArgumentParser(prog="bench", description="Benchmarks; results are ratios of one call.")
    parser.add_argument("name", choices=sorted(BENCHMARKS))
    parser.add_argument("--json", action="store_true", help="print one JSON object on the last line")
    for number, meaning in NUMBERS.items():
        parser.add_argument(f"--{number}", type=_positive, help=meaning)
    arguments = parser.parse_args()
    given = {number: getattr(arguments, number) for number in NUMBERS}
    settings = {number: value for number, value in given.items() if value is not None}
    for number in settings:
        if not NUMBERS[number].startswith(f"{arguments.name}:"):
            parser.error(f"{arguments.name} takes no --{number}")

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    figures = asyncio.run(_run(arguments.name, say, settings))
    if arguments.json:
        print(json.dumps(figures))


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


async def _run(name: str, say: Callable[[str], None], settings: dict[str, int]) -> dict[str, Any]:
    return await BENCHMARKS[name](say, **settings)


if __name__ == "__main__":
    main()
