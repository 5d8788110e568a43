"""How the bot is run now, as every process sees it within a moment, and how that is changed."""

import time
from collections.abc import Callable
from typing import Protocol

from loguru import logger
from pydantic import ValidationError

from medusa.audit import Audit
from medusa.errors import StoreUnavailable
from medusa.model import Person
from medusa.policy import Policy

SETTING = "setting"
"""What a deed is called that changes a field."""
FRESH_SECONDS = 2.0
"""What another process has changed counts after this time at the latest."""


class PolicyStore(Protocol):
    """What differs from the defaults. Each method raises StoreUnavailable when the database is down."""

    async def changed(self) -> dict[str, object]:
        """The fields that were changed in chat."""
        ...

    async def change(self, fields: dict[str, object], reset: list[str]) -> None:
        """Change some, and let others be as the settings say."""
        ...


class Policies:
    """The policy: the defaults, and over them what was changed in chat."""

    def __init__(
        self, store: PolicyStore, default: Policy, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.default = default
        self._store = store
        self._clock = clock
        self._now = default
        self._read_at: float | None = None

    async def current(self) -> Policy:
        """What counts now; while the database is down, what was known last."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= FRESH_SECONDS:
            self._read_at = now  # also where it fails: whoever asks next does not wait for the database too
            try:
                self._now = self._over(await self._store.changed())
            except StoreUnavailable as error:
                logger.warning("the policy stays as it was: {}", error.detail)
        return self._now

    async def change(self, by: Person, audit: Audit, **fields: object) -> Policy:
        """Change fields; one that is as by default follows the settings again. Raises StoreUnavailable."""
        before = self._over(await self._store.changed())
        after = before.evolve(**fields)
        differing = {
            name: value for name in fields if (value := getattr(after, name)) != getattr(self.default, name)
        }
        await self._store.change(differing, [name for name in fields if name not in differing])
        self._now, self._read_at = after, self._clock()
        for name in fields:
            was, now = getattr(before, name), getattr(after, name)
            if was != now:
                await audit.note(by, SETTING, name, before=str(was), after=str(now))
        return after

    def _over(self, changed: dict[str, object]) -> Policy:
        """What of a version that is gone cannot be read any more is left out."""
        try:
            return self.default.evolve(**changed)
        except ValidationError as error:
            logger.error("a setting that was made in chat does not count: {}", error)
            bad = {str(one["loc"][0]) for one in error.errors()}
            return self.default.evolve(**{name: value for name, value in changed.items() if name not in bad})
