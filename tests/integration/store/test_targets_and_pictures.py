"""People's own channels and thumbnails in the database."""

import pytest

from medusa.channel import OwnChannel
from medusa.storage.mongo import Store
from medusa.wishes import Look, Preferences, Shape, Target
from tests.unit.jobs.memory import ANN, BOB

pytestmark = pytest.mark.asyncio(loop_scope="module")

FILMS = OwnChannel(target=Target(chat_id=-1, title="Films"), owner=ANN.id)
TOPIC = OwnChannel(target=Target(chat_id=-1, topic=12, title="Films › Old"), owner=ANN.id)
BOBS = FILMS.evolve(owner=BOB.id)
OTHER = OwnChannel(target=Target(chat_id=-2, title="Else"), owner=ANN.id)


async def fill(mongo: Store) -> None:
    for channel in (TOPIC, FILMS, BOBS, OTHER):
        await mongo.targets.add_target(channel)


async def test_everybody_has_their_own_channels(mongo: Store) -> None:
    await fill(mongo)
    assert await mongo.targets.targets(ANN.id) == [OTHER, FILMS, TOPIC]
    assert await mongo.targets.targets(BOB.id) == [BOBS]
    assert {one.owner for one in await mongo.targets.targets(None)} == {ANN.id, BOB.id}
    assert await mongo.targets.target(TOPIC.target, ANN.id) == TOPIC
    assert await mongo.targets.target(TOPIC.target, BOB.id) is None
    assert await mongo.targets.owner_of(-1) is not None
    assert await mongo.targets.owner_of(-3) is None


async def test_adding_again_forgets_what_was_wrong(mongo: Store) -> None:
    await fill(mongo)
    await mongo.targets.note_problem(FILMS.target, ANN.id, "No.")
    renamed = FILMS.evolve(target=FILMS.target.evolve(title="New"))
    await mongo.targets.add_target(renamed)
    assert await mongo.targets.target(FILMS.target, ANN.id) == renamed


async def test_only_ones_own_are_removed_and_from_what_is_set(mongo: Store) -> None:
    await fill(mongo)
    for person, target in ((ANN, TOPIC.target), (BOB, FILMS.target)):
        await mongo.users.see_user(person)
        await mongo.users.prefer(person.id, target=target)
    assert await mongo.targets.remove_targets(-1, ANN.id) == [FILMS, TOPIC]
    assert await mongo.targets.targets(None) == [OTHER, BOBS]
    assert (await mongo.users.see_user(ANN)).preferences.target is None
    assert (await mongo.users.see_user(BOB)).preferences.target == FILMS.target
    assert await mongo.targets.remove_targets(-1, ANN.id) == []
    assert await mongo.targets.remove_targets(-1, None) == [BOBS]


async def test_a_problem_is_news_once_and_its_end_too(mongo: Store) -> None:
    await fill(mongo)
    noted = [await mongo.targets.note_problem(FILMS.target, ANN.id, "No.") for _ in range(2)]
    assert noted == [True, False]
    assert await mongo.targets.target(FILMS.target, ANN.id) == FILMS.evolve(problem="No.")
    assert await mongo.targets.target(BOBS.target, BOB.id) == BOBS
    noted = [await mongo.targets.note_problem(FILMS.target, ANN.id, None) for _ in range(2)]
    assert noted == [True, False]
    assert not await mongo.targets.note_problem(Target(chat_id=-9), ANN.id, "No.")


async def test_pictures_are_kept_replaced_and_forgotten(mongo: Store) -> None:
    assert await mongo.pictures.get("a") is None
    await mongo.pictures.keep("a", b"\xff\xd8 one")
    await mongo.pictures.keep("a", b"\xff\xd8 two")
    assert await mongo.pictures.get("a") == b"\xff\xd8 two"
    await mongo.pictures.forget("a")
    await mongo.pictures.forget("a")
    assert await mongo.pictures.get("a") is None


async def test_a_field_inside_of_a_preference_changes_alone(mongo: Store) -> None:
    await mongo.users.see_user(ANN)
    await mongo.users.prefer(ANN.id, **{"shape.prefix": "a", "look.caption": "{title}"})
    await mongo.users.prefer(ANN.id, **{"shape.suffix": "b"})
    assert (await mongo.users.see_user(ANN)).preferences == Preferences(
        shape=Shape(prefix="a", suffix="b"), look=Look(caption="{title}")
    )
