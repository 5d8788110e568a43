"""`python -m tests.demo [--json] [--list] [--case NAME …]`"""

import argparse
import asyncio
import json
import sys
from collections.abc import Collection
from dataclasses import dataclass, field

from tests.demo.cases import CASES, Case
from tests.demo.picture import take
from tests.demo.play import play
from tests.demo.result import Result
from tests.demo.scenes import SCENES, Scene, Verdict, perform
from tests.demo.screen import Screen
from tests.stage import Stage

NAMES = tuple(one.name for one in (*CASES, *SCENES))


@dataclass
class Proof:
    """What was proved so far."""

    results: list[Result] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    peak: int = 0
    """Bytes that the bot and its media children had at the most while files came."""
    violations: int = 0
    flood_waits: int = 0

    @property
    def peak_mb(self) -> float:
        """The same in megabytes."""
        return round(self.peak / 1e6, 1)

    def to_json(self) -> dict[str, object]:
        """The demo's JSON."""
        played: list[Result | Verdict] = [*self.results, *self.verdicts]
        return {
            "ok": all(one.ok for one in played) and not self.violations and not self.flood_waits,
            "cases": [one.to_json() for one in played],
            "peak_rss_mb": self.peak_mb,
            "violations": self.violations,
            "flood_waits": self.flood_waits,
        }


async def show(cases: Collection[Case], scenes: Collection[Scene], screen: Screen) -> Proof:
    """Play these one after the other."""
    proof = Proof()
    if cases:
        await _show_files(cases, screen, proof)
    for scene in scenes:
        screen.title(scene.name, scene.title)
        verdict = await perform(scene, screen.watch)
        proof.verdicts.append(verdict)
        proof.violations += verdict.violations
        proof.flood_waits += verdict.flood_waits
        screen.verdict(verdict.problems)
    if proof.results:
        screen.files(proof.results, proof.peak_mb, proof.violations)
    if proof.verdicts:
        screen.conversations(proof.verdicts)
    return proof


async def _show_files(cases: Collection[Case], screen: Screen, proof: Proof) -> None:
    """Those that share a stage."""
    screen.say("starting a loopback Telegram, a media site, a private MongoDB and the bot …")
    async with Stage() as stage:
        screen.watch(stage)
        await stage.ann.says("/start")
        await stage.ann.expect("Hello")
        for case in cases:
            screen.title(case.name, case.title)
            result, meter = await play(stage, case)
            proof.peak = max(proof.peak, meter.memory_peak)
            proof.results.append(result)
            screen.verdict(result.problems)
        proof.flood_waits += stage.dc.stats().get("flood_waits", 0)
        violations = [*map(str, stage.dc.take_violations()), *stage.dc.unhandled]
    for violation in violations:
        screen.say(violation)
    proof.violations += len(violations)


def main() -> int:
    """Exit status 0 only if every file arrived as it must, in every log channel, and every talk went well."""
    parser = argparse.ArgumentParser(
        prog="demo", description="Medusa at work, with nothing but this computer."
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object on the last line")
    parser.add_argument("--list", action="store_true", help="list the cases and stop")
    parser.add_argument(
        "--case", action="append", metavar="NAME", help="play this case only; may be repeated"
    )
    parser.add_argument("--picture", action="store_true", help="write docs/chat.svg and stop")
    arguments = parser.parse_args()
    if arguments.picture:
        asyncio.run(take())
        return 0
    if arguments.list:
        for one in (*CASES, *SCENES):
            print(f"{one.name:16} {one.title}")
        return 0
    wanted = set(arguments.case or NAMES)
    if unknown := wanted.difference(NAMES):
        parser.error(f"there is no case {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    cases = [case for case in CASES if case.name in wanted]
    scenes = [scene for scene in SCENES if scene.name in wanted]
    outcome = asyncio.run(show(cases, scenes, Screen())).to_json()
    if arguments.json:
        print(json.dumps(outcome, ensure_ascii=False))
    return 0 if outcome["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
