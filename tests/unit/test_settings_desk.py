"""What people do with their settings: each press changes its own field, and only its own person's."""

from typing import Any

import pytest

from medusa.channel import OwnChannel
from medusa.dialogs import Dialog, Dialogs
from medusa.errors import NotYours, WrongArgument
from medusa.settings_desk import ABOUT, SettingsDesk
from medusa.user import User
from medusa.views.view import View
from medusa.wishes import Look, Preferences, Target, Thumbnail
from tests.unit.household import people_of
from tests.unit.jobs.memory import ANN, BOB

FILMS = OwnChannel(target=Target(chat_id=-1001234567890, title="Films"), owner=ANN.id)


class Memory:
    """Users, dialogs, channels and pictures."""

    def __init__(self) -> None:
        self.changes: list[tuple[int, dict[str, object]]] = []
        self.preferences = Preferences()
        self.dialogs: dict[tuple[int, int], Dialog] = {}
        self.pictures: dict[str, bytes] = {}

    async def see_user(self, person: Any) -> User:
        return User(person=person, preferences=self.preferences)

    async def find_user(self, person_id: int) -> User | None:
        return None

    async def prefer(self, person_id: int, **changes: object) -> None:
        self.changes.append((person_id, changes))

    async def put(self, dialog: Dialog) -> None:
        self.dialogs[dialog.chat_id, dialog.person_id] = dialog

    async def find(self, chat_id: int, person_id: int) -> Dialog | None:
        return self.dialogs.get((chat_id, person_id))

    async def remove(self, chat_id: int, person_id: int, dialog_id: str | None) -> bool:
        found = self.dialogs.get((chat_id, person_id))
        if found is None or dialog_id not in (None, found.id):
            return False
        del self.dialogs[chat_id, person_id]
        return True

    async def of(self, owner: int | None) -> list[OwnChannel]:
        return [FILMS] if owner == ANN.id else []

    async def keep(self, name: str, jpeg: bytes) -> None:
        self.pictures[name] = jpeg

    async def forget(self, name: str) -> None:
        self.pictures.pop(name, None)


class Scene:
    def __init__(self) -> None:
        self.memory = Memory()
        people = people_of(self.memory, public=True)
        self.desk = SettingsDesk(people, Dialogs(self.memory), self.memory, self.memory)

    async def press(self, data: str) -> View:
        return await self.desk.press(ANN, ANN.id, 5, f"{ANN.id}:{data}")

    async def asked(self, data: str) -> Dialog:
        await self.press(data)
        (dialog,) = self.memory.dialogs.values()
        return dialog


@pytest.fixture
def s() -> Scene:
    return Scene()


async def test_a_press_changes_one_field_of_its_person(s: Scene) -> None:
    shown = await s.press("file:file")
    assert s.memory.changes == [(ANN.id, {"shape.as_document": True})]
    assert "Videos come as" in shown.text
    await s.press(f"to:{FILMS.target.chat_id}.0")
    assert s.memory.changes[1:] == [(ANN.id, {"target": FILMS.target})]


async def test_the_archive_is_switched_on_the_first_page(s: Scene) -> None:
    assert "Your settings" in (await s.press("archive:off")).text
    assert "Your settings" in (await s.press("main")).text


async def test_nobody_presses_for_others(s: Scene) -> None:
    with pytest.raises(NotYours):
        await s.desk.press(BOB, BOB.id, 5, f"{ANN.id}:file:file")
    with pytest.raises(WrongArgument):
        await s.desk.press(BOB, BOB.id, 5, f"{BOB.id}:to:{FILMS.target.chat_id}.0")
    assert s.memory.changes == []


async def test_what_is_typed_is_set_and_the_question_is_over(s: Scene) -> None:
    dialog = await s.asked("name:ask-prefix")
    assert (dialog.about, dialog.subject, dialog.message_id) == (ABOUT, "name prefix", 5)
    with pytest.raises(WrongArgument):
        await s.desk.answer(ANN, dialog, "a/b", "a/b")
    assert s.memory.dialogs, "a wrong answer leaves the question open"
    shown = await s.desk.answer(ANN, dialog, "[A]", "[A]")
    assert shown is not None
    assert "File names" in shown.text
    assert s.memory.changes == [(ANN.id, {"shape.prefix": "[A] "})]
    assert await s.desk.answer(ANN, dialog, "[B]", "[B]") is None, "it comes too late"
    assert len(s.memory.changes) == 1


async def test_a_press_ends_an_open_question(s: Scene) -> None:
    await s.asked("caption:ask")
    await s.press("audio")
    assert s.memory.dialogs == {}


async def test_ones_own_picture_replaces_the_one_before(s: Scene) -> None:
    s.memory.pictures["old"] = b"old"
    s.memory.preferences = Preferences(look=Look(picture="old", thumbnail=Thumbnail.NONE))
    dialog = await s.asked("thumb:ask")
    with pytest.raises(WrongArgument):
        await s.desk.answer(ANN, dialog, "no photo", "no photo")
    await s.desk.keep_picture(ANN, dialog, b"jpeg")
    ((name, jpeg),) = s.memory.pictures.items()
    assert (name.startswith(f"{ANN.id}-"), jpeg) == (True, b"jpeg")
    assert s.memory.changes == [(ANN.id, {"look.picture": name, "look.thumbnail": Thumbnail.OWN})]


async def test_the_default_thumbnail_is_the_automatic_one(s: Scene) -> None:
    await s.desk.answer(ANN, await s.asked("thumb:ask"), "/d", "/d")
    assert s.memory.changes == [(ANN.id, {"look.thumbnail": Thumbnail.AUTO})]
