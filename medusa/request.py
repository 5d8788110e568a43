"""Who sends which link, and what they want of it. Values, no I/O; everybody has them from medusa.model."""

from pydantic import Field

from medusa.allowance import Allowance
from medusa.value import Value
from medusa.wishes import AudioFormat, Look, Shape, Target, Wish


class Person(Value):
    """Somebody on Telegram."""

    id: int
    name: str
    username: str | None = None


class Item(Value):
    """A link's place in a batch."""

    batch: str
    number: int
    """As its people count it; the files come in this order."""
    batch_name: str
    name: str = ""
    """What the batch calls it; empty: nothing."""


class Request(Value):
    """One link that one person sent."""

    url: str
    hint: str = Field(default="", repr=False)
    """Of an entry of a playlist: see medusa/playlist.py. Never what a person wrote."""
    person: Person
    chat_id: int
    message_id: int
    """The message that holds the link; the answer replies to it."""
    wish: Wish | None = None
    """None: ask when there is something to choose."""
    fresh: bool = False
    """Fetch it although the archive has it."""
    shape: Shape = Shape()
    look: Look = Look()
    target: Target | None = None
    """None: this chat."""
    item: Item | None = None
    """None: a link by itself."""
    album: tuple[str, ...] = ()
    """Links of more pictures, which come as one album with this one."""
    credit: str = ""
    """Who brings the file, as its caption says; empty: the person."""
    allowance: Allowance = Allowance()
    """What the person might have when it was accepted."""


def as_music(request: Request) -> Request:
    """The same for the sound alone: as MP3 where the person has set no other format."""
    audio_format = request.shape.audio_format or AudioFormat.MP3
    return request.evolve(wish=Wish(audio_only=True), shape=request.shape.evolve(audio_format=audio_format))


def again(request: Request, chat_id: int, message_id: int) -> Request:
    """The same once more, by itself, as the answer to this message."""
    return request.evolve(chat_id=chat_id, message_id=message_id, item=None, target=None)
