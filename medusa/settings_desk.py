"""What people do with their settings: look, press, answer."""

from hashlib import blake2b
from typing import Protocol

from medusa.channel import OwnChannel
from medusa.dialogs import Dialog, Dialogs
from medusa.errors import NotYours
from medusa.model import Person
from medusa.people import People
from medusa.user import User
from medusa.views import choices, settings
from medusa.views.choices import MAIN
from medusa.views.typed import typed_change
from medusa.views.view import View
from medusa.wishes import Thumbnail

ABOUT = "settings"
"""Of dialogs that ask for a setting."""


class Channels(Protocol):
    """People's own channels."""

    async def of(self, owner: int | None) -> list[OwnChannel]:
        """The channels of one owner. Raises StoreUnavailable."""
        ...


class Pictures(Protocol):
    """Small pictures by name. Each method raises StoreUnavailable when the database is down."""

    async def keep(self, name: str, jpeg: bytes) -> None:
        """Keep a picture under this name."""
        ...

    async def forget(self, name: str) -> None:
        """Let go of a picture."""
        ...


class SettingsDesk:
    """Changes one field of what a person has set, and shows what is set then."""

    def __init__(self, people: People, dialogs: Dialogs, channels: Channels, pictures: Pictures) -> None:
        self._people = people
        self._dialogs = dialogs
        self._channels = channels
        self._pictures = pictures

    async def show(self, person: Person, page: str = MAIN) -> View:
        """One page of somebody's settings as they are. Raises WrongArgument, StoreUnavailable."""
        user, usual = await self._people.meet(person), await self._people.usual()
        if page == MAIN:
            return settings.settings(user, usual)
        return settings.page(user, page, usual, await self._own_channels(user, page))

    async def press(self, person: Person, chat_id: int, message_id: int, data: str) -> View:
        """What a press on a button shows; the settings are changed by then.

        Raises WrongArgument for a forged one, NotYours, StoreUnavailable.
        """
        press = choices.read_press(data)
        if press.person_id != person.id:
            raise NotYours("These are somebody else's settings. /settings shows yours.")
        await self._dialogs.forget(chat_id, person.id)
        if not press.code:
            return await self.show(person, press.page)
        user = await self._people.meet(person)
        change = choices.chosen_change(user, press, await self._own_channels(user, press.page))
        if not change:
            subject = choices.subject(press.page, press.code)
            await self._ask(person.id, chat_id, message_id, f"{press.page} {subject}")
            return settings.asking(user, press.page, subject)
        await self._people.prefer(person.id, **change)
        return await self.show(person, press.page if press.page != "archive" else MAIN)

    async def _ask(self, person_id: int, chat_id: int, message_id: int, subject: str) -> None:
        question = Dialog(
            chat_id=chat_id, person_id=person_id, about=ABOUT, message_id=message_id, subject=subject
        )
        await self._dialogs.ask(question)

    async def answer(self, person: Person, dialog: Dialog, template: str, words: str) -> View | None:
        """What an answer shows; the setting is changed by then. None: it came too late. `template`: the
        answer with its markup, `words`: without.

        Raises WrongArgument, and then the question stays open; StoreUnavailable.
        """
        user = await self._people.meet(person)
        page, subject = dialog.subject.split()
        if subject == "thumb" and words.strip() == "/d":
            return await self._change(person, dialog, page, {"look.thumbnail": Thumbnail.AUTO})
        change = typed_change(subject, user.preferences, template, words)
        return await self._change(person, dialog, page, change)

    async def keep_picture(self, person: Person, dialog: Dialog, jpeg: bytes) -> View | None:
        """The same for a photo, made small."""
        earlier = (await self._people.meet(person)).preferences.look.picture
        name = f"{person.id}-{blake2b(jpeg, digest_size=8).hexdigest()}"
        await self._pictures.keep(name, jpeg)
        page, _ = dialog.subject.split()
        shown = await self._change(
            person, dialog, page, {"look.picture": name, "look.thumbnail": Thumbnail.OWN}
        )
        if earlier is not None and earlier != name:
            await self._pictures.forget(earlier)
        return shown

    async def _change(
        self, person: Person, dialog: Dialog, page: str, change: dict[str, object]
    ) -> View | None:
        if not await self._dialogs.close(dialog):
            return None
        await self._people.prefer(person.id, **change)
        return await self.show(person, page)

    async def _own_channels(self, user: User, page: str) -> list[OwnChannel]:
        return await self._channels.of(user.person.id) if page == "to" else []
