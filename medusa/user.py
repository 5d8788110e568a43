"""The people who use the bot, as it knows them."""

from enum import StrEnum

from medusa.model import Person
from medusa.value import Value
from medusa.wishes import Preferences


class Role(StrEnum):
    """What a person may do."""

    OWNER = "owner"  # everything; set by OWNER
    USER = "user"  # send links
    GUEST = "guest"  # known, but may send links only where the bot is public


class User(Value):
    """A person as the bot knows them."""

    person: Person
    role: Role = Role.GUEST
    preferences: Preferences = Preferences()
