"""Questions that wait for a person's next message in a chat. One at a time, kept over restarts."""

from collections import OrderedDict
from enum import StrEnum
from typing import Protocol
from uuid import uuid4

from loguru import logger

from medusa.errors import StoreUnavailable
from medusa.value import Value

REMEMBERED = 256
"""Messages whose dialog is looked up once, however many handlers ask whether they are meant."""


class Takes(StrEnum):
    """Which messages are an answer; any other means what it always means."""

    ANYTHING = "anything"
    WORDS = "words"  # and photos, but no links and no files
    FILE = "file"


class Dialog(Value):
    """An open question."""

    chat_id: int
    person_id: int
    """Who is to answer."""
    about: str
    """What is asked, for those who handle the answer: "caption", "batch" …"""
    message_id: int | None = None
    """The bot's message that asks, to be rewritten."""
    subject: str = ""
    """What the answer is for: the id of a batch, the text before …"""
    takes: Takes = Takes.ANYTHING
    id: str = ""
    """Of this question; set when it is asked."""


class DialogStore(Protocol):
    """The open dialogs. Each method raises StoreUnavailable when the database is down."""

    async def put(self, dialog: Dialog) -> None:
        """Open a dialog, in place of any other of its person and chat."""
        ...

    async def find(self, chat_id: int, person_id: int) -> Dialog | None:
        """The open dialog; None when there is none, or it is too old."""
        ...

    async def remove(self, chat_id: int, person_id: int, dialog_id: str | None) -> bool:
        """Close a dialog, or whatever is open; False when it is not open any more."""
        ...


class Dialogs:
    """Asks, and tells whose message is an answer."""

    def __init__(self, store: DialogStore) -> None:
        self._store = store
        self._looked_up: OrderedDict[tuple[int, int], Dialog | None] = OrderedDict()

    async def ask(self, dialog: Dialog) -> Dialog:
        """Wait for the next message of this person in this chat."""
        asked = dialog.evolve(id=uuid4().hex)
        await self._store.put(asked)
        return asked

    async def ask_if_free(self, dialog: Dialog) -> None:
        """The same, unless a question about something else is open: this one came unexpectedly."""
        earlier = await self._store.find(dialog.chat_id, dialog.person_id)
        if earlier is None or earlier.about == dialog.about:
            await self.ask(dialog)

    async def answered_by(self, chat_id: int, message_id: int, person_id: int) -> Dialog | None:
        """The question that was open when this message came; None too while the database is down."""
        key = (chat_id, message_id)
        if key not in self._looked_up:
            try:
                self._looked_up[key] = await self._store.find(chat_id, person_id)
            except StoreUnavailable as error:
                # For all who ask alike, and so that only the first of them waits for the database.
                logger.info("whether this is an answer cannot be told: {}", error.detail)
                self._looked_up[key] = None
            while len(self._looked_up) > REMEMBERED:
                self._looked_up.popitem(last=False)
        return self._looked_up[key]

    async def close(self, dialog: Dialog) -> bool:
        """The question is answered. False when it was answered or replaced before: this answer is late."""
        return await self._store.remove(dialog.chat_id, dialog.person_id, dialog.id)

    async def forget(self, chat_id: int, person_id: int, *, subject: str | None = None) -> None:
        """The person has turned to something else; `subject`: from this, so that any other question stays."""
        try:
            if subject is None:
                await self._store.remove(chat_id, person_id, None)
                return
            dialog = await self._store.find(chat_id, person_id)
            if dialog is not None and dialog.subject == subject:
                await self.close(dialog)
        except StoreUnavailable as error:
            logger.info("an open question stays open: {}", error.detail)
