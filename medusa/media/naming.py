"""What the file of a link is called: as its title says, or as its person wants it. Pure."""

from medusa.media import names
from medusa.model import Kind, Media
from medusa.wishes import Shape

_MEDIA = frozenset(
    {"mp4", "m4v", "mov", "mkv", "webm", "avi", "flv", "ts", "wmv", "3gp", "mpg", "mpeg"}
    | {"mp3", "m4a", "ogg", "oga", "opus", "flac", "wav", "aac", "wma"}
)
"""Extensions that would be a lie on another container."""


def name_of(media: Media, shape: Shape, extension: str, kind: Kind) -> str:
    """The name of a file with this extension; of a document with that of its title or its new name."""
    extension = extension.removesuffix("_dash").lower()
    if media.kind is Kind.DOCUMENT:
        stem, own = names.split(names.clean(media.title))
        if shape.name:
            stem, wanted = names.split(names.clean(shape.name))
            own = wanted or own
        return names.whole(shape.prefix + stem, shape.suffix, own)
    return names.whole(shape.prefix + _stem(media, shape, extension, kind), shape.suffix, f".{extension}")


def _stem(media: Media, shape: Shape, extension: str, kind: Kind) -> str:
    if shape.name and names.clean(shape.name):
        stem, wanted = names.split(names.clean(shape.name))
        is_extension = wanted[1:].lower() in (extension, *_MEDIA)
        return stem if is_extension else stem + wanted
    by_whom = kind is Kind.AUDIO and media.performer
    return f"{media.performer} - {media.title}" if by_whom else media.title
