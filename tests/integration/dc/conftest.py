"""A data centre, a bot and Ann for every test here."""

from collections.abc import AsyncIterator

import pytest
from pyrogram import Client

from tests.dc import Bot, DataCenter, Person, bot_client, user_client


@pytest.fixture
async def dc() -> AsyncIterator[DataCenter]:
    """A running data centre; it fails the test when a rule was broken and not taken."""
    async with DataCenter() as started:
        yield started


@pytest.fixture
def bot(dc: DataCenter) -> Bot:
    """The only bot."""
    return dc.bot("Medusa", username="medusa_bot")


@pytest.fixture
def ann(dc: DataCenter) -> Person:
    """Somebody to talk to."""
    return dc.person("Ann", username="ann")


@pytest.fixture
async def client(dc: DataCenter, bot: Bot) -> AsyncIterator[Client]:
    """The bot's client, logged in by its token."""
    async with bot_client(dc, bot) as started:
        yield started


@pytest.fixture
async def user(dc: DataCenter, ann: Person) -> AsyncIterator[Client]:
    """Ann's client, logged in by a session string."""
    async with user_client(dc, ann) as started:
        yield started


@pytest.fixture(scope="session")
def picture() -> bytes:
    """The smallest thing that says it is a JPEG of 16 by 9 pixels."""
    frame = b"\xff\xc0\x00\x0b\x08\x00\x09\x00\x10\x01\x01\x11\x00"
    return b"\xff\xd8" + frame + b"\xff\xd9"
