"""Faults on Telegram: what the owner is told."""

from collections.abc import Sequence

from loguru import logger

from medusa.errors import ChatUnavailable
from medusa.fault import Fault
from medusa.telegram.outgoing import keyboard
from medusa.telegram.pace import PacedClient
from medusa.telegram.posting import post_media
from medusa.views import faults as views
from medusa.views.view import View


class FaultPosts:
    """faults.py's FaultPosts. What was posted and not recorded is not posted again."""

    def __init__(self, client: PacedClient, owner: int | None) -> None:
        self._client = client
        self._owner = owner

    async def tell(self, fault: Fault) -> None:
        """Tell the owner of a new one."""
        await self._post(views.new(fault), _key(fault))

    async def tell_many(self, faults: Sequence[Fault]) -> None:
        """Tell the owner of many new ones at the same time."""
        await self._post(views.many(faults), "".join(map(_key, faults)))

    async def summarise(self, faults: Sequence[Fault]) -> None:
        """Tell the owner how often some have come again."""
        await self._post(views.summary(faults), "".join(f"{_key(one)}:{one.count}" for one in faults))

    async def _post(self, view: View, key: str) -> None:
        """An owner who has not opened the chat, or has closed it, is told nothing."""
        if self._owner is None:
            return
        try:
            buttons = keyboard(view)
            await post_media(self._client, self._owner, None, view.text, key=f"fault:{key}", buttons=buttons)
        except ChatUnavailable as error:
            logger.info("the owner cannot be told of faults: {}", error.detail)


def _key(fault: Fault) -> str:
    return f"{fault.id}:{fault.first.timestamp():.3f}"
