"""What went on: broken rules, unknown methods, crashes and counters."""

from collections import Counter
from dataclasses import dataclass, field

from tests.dc.errors import Violation


@dataclass
class Journal:
    """Kept by the data centre, read by tests.

    Counters in `counts`: "flood_waits", "not_modified", "duplicates" (RANDOM_ID_DUPLICATE), "connections",
    "key_exchanges", "received" (bytes of closed connections), "objections" (bad salt or message id).
    `calls` counts requests by method name.
    """

    violations: list[Violation] = field(default_factory=list)
    unhandled: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)

    def check(self) -> None:
        """Raise AssertionError when a rule was broken, a method was unknown or a handler crashed."""
        trouble = [f"violation: {one}" for one in self.violations]
        trouble += [f"unhandled method: {name}" for name in self.unhandled]
        trouble += [f"crash in the data centre: {text}" for text in self.crashes]
        if trouble:
            raise AssertionError("\n".join(trouble))

    def take_violations(self) -> list[Violation]:
        """Return the violations and forget them: for tests that break rules on purpose."""
        taken, self.violations = self.violations, []
        return taken
