"""What decides: chance, and the words and names that it makes."""

from random import Random

from tests.attacks import cast
from tests.attacks.words import Words


class Dice:
    """The same seed, the same throws."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.words = Words(chance)
        self._numbers = chance.randrange(10**6) * 1000

    def number(self) -> int:
        """The number of a message or a press, each once."""
        self._numbers += 1
        return self._numbers

    def person(self) -> int:
        """Somebody; those who may do more come more often, for there is more to reach."""
        return self.chance.choice(
            (
                *cast.PEOPLE,
                cast.OWNER,
                cast.OWNER,
                cast.ADMIN,
                cast.USER,
                cast.USER,
                cast.USER,
                cast.ANOTHER_BOT,
            )
        )

    def names(self) -> cast.Names:
        """What people call themselves at this moment."""
        hostile = self.words.hostile
        return cast.Names(
            self.chance.choice(("Ann", hostile()[:64], "")),
            self.chance.choice((None, hostile()[:64])),
            f"name{self.chance.randrange(9)}",
        )

    def title(self) -> str:
        """Of a chat."""
        return self.words.hostile()[:128] if self.chance.random() < 0.3 else "Place"
