"""`python -m tests.bench NAME [--json]`"""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from tests.bench import loop, memory, pipeline, upload
from tests.bench.report import Say

BENCHMARKS: dict[str, Callable[[Say], Awaitable[dict[str, Any]]]] = {
    "loop": loop.run,
    "memory": memory.run,
    "pipeline": pipeline.run,
    "upload": upload.run,
}


def main() -> None:
    """Run one benchmark; its figures as JSON on the last line when asked for."""
    parser = argparse.ArgumentParser(prog="bench", description="Benchmarks; results are ratios of one call.")
    parser.add_argument("name", choices=sorted(BENCHMARKS))
    parser.add_argument("--json", action="store_true", help="print one JSON object on the last line")
    arguments = parser.parse_args()

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    figures = asyncio.run(_run(arguments.name, say))
    if arguments.json:
        print(json.dumps(figures))


async def _run(name: str, say: Say) -> dict[str, Any]:
    return await BENCHMARKS[name](say)


if __name__ == "__main__":
    main()
