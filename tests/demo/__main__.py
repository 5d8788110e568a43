"""`python -m tests.demo [--json] [--list] [--case NAME …]`"""

import argparse
import asyncio
import json
import sys

from tests.demo.cases import CASES, Case
from tests.demo.play import play
from tests.demo.result import Result
from tests.demo.screen import Screen
from tests.stage import Stage


async def show(cases: list[Case], screen: Screen) -> dict[str, object]:
    """Play the cases one after the other; the demo's JSON."""
    results: list[Result] = []
    peak = 0
    screen.say("starting a loopback Telegram, a media site, a private MongoDB and the bot …")
    async with Stage() as stage:
        screen.watch(stage)
        await stage.ann.says("/start")
        await stage.ann.expect("Hello")
        for case in cases:
            screen.title(case)
            result, meter = await play(stage, case)
            peak = max(peak, meter.memory_peak)
            results.append(result)
            screen.verdict(result)
        flood_waits = stage.dc.stats().get("flood_waits", 0)
        violations = [*map(str, stage.dc.take_violations()), *stage.dc.unhandled]
    for violation in violations:
        screen.say(violation)
    peak_mb = round(peak / 1e6, 1)
    screen.table(results, peak_mb, len(violations))
    return {
        "ok": all(result.ok for result in results) and not violations and not flood_waits,
        "cases": [result.to_json() for result in results],
        "peak_rss_mb": peak_mb,
        "violations": len(violations),
        "flood_waits": flood_waits,
    }


def main() -> int:
    """Exit status 0 only if every file arrived as it must, in every log channel."""
    parser = argparse.ArgumentParser(
        prog="demo", description="Medusa at work, with nothing but this computer."
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object on the last line")
    parser.add_argument("--list", action="store_true", help="list the cases and stop")
    parser.add_argument(
        "--case", action="append", metavar="NAME", help="play this case only; may be repeated"
    )
    arguments = parser.parse_args()
    if arguments.list:
        for case in CASES:
            print(f"{case.name:14} {case.title}")
        return 0
    names = [case.name for case in CASES]
    if unknown := set(arguments.case or ()) - set(names):
        parser.error(f"there is no case {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    chosen = [case for case in CASES if not arguments.case or case.name in arguments.case]
    outcome = asyncio.run(show(chosen, Screen()))
    if arguments.json:
        print(json.dumps(outcome, ensure_ascii=False))
    return 0 if outcome["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
