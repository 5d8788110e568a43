"""What takes the place of processes and connections in the fuzz run."""

from medusa.media.link import check_link
from medusa.sheet import PictureLost, Sheet
from medusa.survey import CustomSource, Survey
from medusa.upload.parts import Part
from tests.attacks.telegram import PICTURE
from tests.attacks.words import Words


class Parts:
    """A PartStore that takes everything."""

    async def turn(self, file_id: int) -> None:
        """At once."""

    def end_turn(self) -> None:
        """Nobody waits."""

    async def save(self, file_id: int, part: Part) -> None:
        """Nothing is kept."""


class Sources:
    """A Catalogue that starts no child."""

    def __init__(self, words: Words) -> None:
        self._words = words

    async def survey(self, url: str = "") -> Survey:
        """As the real one: what is no link is refused."""
        link = check_link(url) if url else ""
        custom = (CustomSource(name=self._words.hostile(), file=self._words.hostile()),)
        return Survey(version="1", built_in=9, custom=custom, match=self._words.hostile() if link else "")


class Pictures:
    """Thumbnails that start no child."""

    async def fetch(self, url: str) -> bytes:
        """A picture for every link that may be fetched at all."""
        check_link(url)
        return PICTURE


class Draws:
    """A studio whose pictures fail every third time."""

    def __init__(self) -> None:
        self._drawn = 0

    async def draw(self, sheet: Sheet) -> bytes:
        """Raises PictureLost."""
        self._drawn += 1
        if self._drawn % 3 == 0:
            raise PictureLost("chance")
        return PICTURE
