"""What hangs on messages, by chance: files, photos, contacts …"""

from collections.abc import Callable
from typing import Any

from pyrogram import raw

from tests.attacks import cast
from tests.attacks.dice import Dice
from tests.attacks.tokens import MARK


class Attachments:
    """Makes them."""

    def __init__(self, dice: Dice, keep: Callable[[int, bytes], None]) -> None:
        """`keep`: what a file holds."""
        self._dice, self.chance, self.words = dice, dice.chance, dice.words
        self._keep = keep

    def media(self) -> Any:
        """A file, a photo, a contact …"""
        match self.chance.randrange(10):
            case 0 | 1:
                return raw.types.MessageMediaPhoto(photo=self._photo())
            case 2:
                return raw.types.MessageMediaContact(
                    phone_number="1",
                    first_name=self.words.hostile(),
                    last_name="",
                    vcard=self.words.hostile(),
                    user_id=self.chance.choice((0, cast.USER)),
                )
            case 3:
                return self.chance.choice(
                    (
                        raw.types.MessageMediaGeo(
                            geo=raw.types.GeoPoint(long=1e308, lat=-1e308, access_hash=1)
                        ),
                        raw.types.MessageMediaUnsupported(),
                        raw.types.MessageMediaDice(value=6, emoticon="🎲"),
                        raw.types.MessageMediaDocument(),
                        raw.types.MessageMediaPhoto(),
                    )
                )
        return raw.types.MessageMediaDocument(document=self._document())

    def _photo(self) -> Any:
        file = self._file(b"\xff\xd8" + b"j" * 99 if self.chance.random() < 0.7 else b"<svg onload=1>")
        sizes: list[raw.base.PhotoSize] = [
            raw.types.PhotoSize(
                type="m", w=self.chance.choice((320, 1, 99999)), h=180, size=self.chance.choice((101, 10**9))
            ),
            raw.types.PhotoSize(type="x", w=800, h=600, size=1000),
        ]
        return raw.types.Photo(**file, sizes=sizes)

    def _document(self) -> Any:
        content = self.content()
        name = self.words.file_name()
        attributes: list[Any] = [] if name is None else [raw.types.DocumentAttributeFilename(file_name=name)]
        if self.chance.random() < 0.1:
            attributes.append(raw.types.DocumentAttributeVideo(duration=float("nan"), w=-1, h=0))
        if self.chance.random() < 0.1:
            attributes.append(
                raw.types.DocumentAttributeAudio(
                    duration=1, title=self.words.hostile(), performer=self.words.hostile()
                )
            )
        mime = self.chance.choice(
            ("text/plain", "text/plain", "application/octet-stream", "", "a/b; charset=" + MARK, "text/html")
        )
        size = self.chance.choice((len(content),) * 8 + (0, 1, len(content) + 1, 2**40))
        return raw.types.Document(**self._file(content), mime_type=mime, size=size, attributes=attributes)

    def content(self) -> bytes:
        """What a file holds."""
        match self.chance.randrange(8):
            case 0:
                return self.words.cookies().encode("utf-8", "replace")
            case 1:
                return self.chance.randbytes(self.chance.choice((0, 1, 60)))
            case 2:
                return ("\ufeff" + self.words.lines(3)).encode("utf-16", "replace")
            case 3:
                return (self.words.link() + "\n").encode() * 300
        return self.words.lines(self.chance.randrange(1, 40)).encode("utf-8", "replace")

    def _file(self, content: bytes) -> dict[str, Any]:
        number = self._dice.number()
        self._keep(number, content)
        return {"id": number, "access_hash": 1, "file_reference": b"r", "date": 1, "dc_id": 2}
