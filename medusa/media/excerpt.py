"""A section of a recording: which there is, and what it weighs. Pure."""

from medusa.errors import WrongArgument
from medusa.model import Format, Kind, Media
from medusa.text import human_time
from medusa.wishes import Section

REFUSAL = "I cannot take a part out of this kind of file. Send the link without the times."
"""The sentence for files that are read from end to end or not at all."""


def section_of(media: Media, wanted: Section | None) -> Section | None:
    """What there is of the part that is wanted; None is the whole. Raises WrongArgument for no such part."""
    if wanted is None:
        return None
    if media.kind is Kind.DOCUMENT:
        raise WrongArgument("This is neither video nor sound, so it has no part from one time to another.")
    start, end, duration = max(0.0, wanted.start), wanted.end, media.duration
    if end is not None and end <= start:
        raise WrongArgument("The part has to end after its start.")
    if duration and start >= duration:
        raise WrongArgument(f"It is only {human_time(duration)} long, so it has no such part.")
    if end is not None and duration and end >= duration:
        end = None
    return Section(start=start, end=end) if start > 0 or end is not None else None


def of(media: Media, section: Section) -> Media:
    """The same media, as if it were no more than the section: sizes are estimates then."""
    end = media.duration if section.end is None else section.end
    length = None if end is None else end - section.start
    share = length / media.duration if length and media.duration else None
    return media.evolve(duration=length, formats=tuple(_part(one, share) for one in media.formats))


def _part(one: Format, share: float | None) -> Format:
    size = None if one.size is None or share is None else round(one.size * share)
    return one.evolve(size=size, size_is_exact=False, index_size=None)
