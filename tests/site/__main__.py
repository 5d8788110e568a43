"""The site as a program: prints its address as a line of JSON and serves until SIGTERM."""

import asyncio
import json
import signal
import sys

from tests.site.server import SOURCES, Site


async def main() -> None:
    """Serve."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    async with Site() as site:
        sys.stdout.write(json.dumps({"url": site.base, "allow": site.allow, "sources": SOURCES}) + "\n")
        sys.stdout.flush()
        await stop.wait()


asyncio.run(main())
