"""How fast parts leave: Medusa against the client's own uploader and against what cannot be avoided."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from statistics import median
from typing import Any

from tests.bench.report import Say
from tests.dc.remote import RemoteDataCenter

COMPETITORS = ("medusa", "save_file", "telethon", "limit")
RUNS = ((256, 0), (1024, 0), (256, 100), (1024, 100))
"""MiB, and milliseconds of round trip."""
ROUNDS = 5


async def run(say: Say) -> dict[str, Any]:
    """The last line of `./scripts/bench upload --json`."""
    return {"runs": [await _run(mb, rtt_ms, say) for mb, rtt_ms in RUNS]}


async def _run(mb: int, rtt_ms: int, say: Say) -> dict[str, Any]:
    results: dict[str, Any] = {"mb": mb, "rtt_ms": rtt_ms}
    for who in COMPETITORS:
        # A data centre for each: what one competitor leaves behind must not cost the next.
        async with RemoteDataCenter("--discard", "--blind", "--no-pace") as dc:
            bot = await dc.bot()
            await dc.set_line(latency=rtt_ms / 1000)
            order = {
                "who": who,
                "mb": mb,
                "rounds": ROUNDS,
                "host": dc.address[0],
                "port": dc.address[1],
                "key": str(dc.key_file),
                "token": bot.token,
            }
            results[who] = _figures(await _compete(order))
        say(f"{mb} MiB, {rtt_ms} ms: {who:10} {results[who]}")
    results["ratios"] = _ratios(results)
    say(f"{mb} MiB, {rtt_ms} ms: ratios {results['ratios']}")
    return results


async def _compete(order: dict[str, Any]) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.competitor", json.dumps(order), stdout=PIPE
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{order['who']} ended with {process.returncode}")
    measured: dict[str, Any] = json.loads(said.splitlines()[-1])
    return measured


def _figures(measured: dict[str, Any]) -> dict[str, float]:
    rounds = [{**one, "megabytes": one["mb"] * 1024 * 1024 / 1e6} for one in measured["rounds"]]
    return {
        "mb_s": round(median(one["megabytes"] / one["seconds"] for one in rounds), 1),
        "cpu_s_per_gb": round(median(one["cpu"] / one["megabytes"] for one in rounds) * 1000, 2),
        "peak_mb": round(measured["peak"] / 1e6, 1),
        "mb_a_round": rounds[0]["mb"],
    }


def _ratios(results: dict[str, Any]) -> dict[str, float]:
    ours = results["medusa"]
    speeds = {who: round(ours["mb_s"] / results[who]["mb_s"], 2) for who in COMPETITORS if who != "medusa"}
    cpu = round(ours["cpu_s_per_gb"] / results["save_file"]["cpu_s_per_gb"], 2)
    return {**speeds, "cpu_vs_save_file": cpu}
