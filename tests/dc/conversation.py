"""A chat as it is watched: every state of every message in order, and waiting for the next."""

import asyncio
from collections.abc import Callable

from tests.dc.seen import Seen

What = str | Callable[[Seen], bool]


class Unseen(AssertionError):
    """What was expected did not come; the message holds the conversation."""


PATIENCE = 40.0
"""Seconds. What comes at all comes much sooner; how much sooner says how busy the machine is."""


class Conversation:
    """States of messages, oldest first. `add_state` is called by whoever watches the chat."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.states: list[Seen] = []
        self.listeners: list[Callable[[Seen], None]] = []
        self._taken: set[int] = set()
        self._waiting: set[asyncio.Future[None]] = set()

    @property
    def messages(self) -> list[Seen]:
        """The messages that are there now, in order, as they look now."""
        latest = {state.id: state for state in self.states}
        return [state for _, state in sorted(latest.items()) if not state.deleted]

    def add_state(self, state: Seen) -> None:
        """A message appeared, changed or went away."""
        self.states.append(state)
        for listener in self.listeners:
            listener(state)
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def expect(self, what: What, timeout: float = PATIENCE) -> Seen:
        """The first state of somebody else's message that matches and was not returned before, now or soon.

        `what` is a part of the text or a predicate. Raises Unseen after `timeout` seconds.
        """
        matches: Callable[[Seen], bool] = (
            (lambda state: what in state.text) if isinstance(what, str) else what
        )

        def find() -> int | None:
            for position, state in enumerate(self.states):
                if position not in self._taken and not state.mine and not state.deleted and matches(state):
                    return position
            return None

        position = await self._wait(find, timeout, what)
        self._taken.add(position)
        return self.states[position]

    async def until(self, condition: Callable[[list[Seen]], object], timeout: float = PATIENCE) -> list[Seen]:
        """Wait until `condition` holds for the messages that are there, and return them. Raises Unseen."""
        await self._wait(lambda: 0 if condition(self.messages) else None, timeout, condition)
        return self.messages

    def transcript(self) -> str:
        """Everything that was seen, one state a line."""
        return "\n".join([f"--- {self.title}", *map(str, self.states), "---"])

    async def _wait(self, find: Callable[[], int | None], timeout: float, what: object) -> int:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while (position := find()) is None:
            future: asyncio.Future[None] = loop.create_future()
            self._waiting.add(future)
            done, _ = await asyncio.wait([future], timeout=max(0.0, deadline - loop.time()))
            if not done:
                self._waiting.discard(future)
                raise Unseen(f"{what!r} was not seen within {timeout} s\n{self.transcript()}")
        return position
