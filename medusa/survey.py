"""Which sites the bot knows. Values, no I/O."""

from medusa.value import Value


class CustomSource(Value):
    """A site that the deployer has added."""

    name: str
    file: str


class BrokenSource(Value):
    """A file of the deployer's that cannot be used."""

    file: str
    problem: str


class Survey(Value):
    """All of them, and what is to be said of one link."""

    version: str
    """Of yt-dlp."""
    built_in: int
    """How many come with yt-dlp."""
    custom: tuple[CustomSource, ...] = ()
    broken: tuple[BrokenSource, ...] = ()
    match: str = ""
    """What fetches the link; empty: nobody knows it, so its page is searched for media."""
    match_is_custom: bool = False
