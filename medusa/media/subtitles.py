"""Which subtitles a person gets, and how. Pure."""

from collections.abc import Sequence

from medusa.media import names, reservation
from medusa.model import Kind, Media, Method, Plan, Subtitle
from medusa.wishes import Section, Shape, Subtitles, Wish

MIME = "application/x-subrip"
MOST_LISTED = 24
"""Some sites translate into a hundred languages."""


def nearest(offered: Sequence[Subtitle], language: str) -> Subtitle | None:
    """The ones in this language, or in its nearest relative: "pt" for "pt-BR" and the other way round.

    What people wrote comes before what a machine did. None: there are none.
    """
    wanted = _subtags(language)
    related = [one for one in offered if _subtags(one.language)[0] == wanted[0]]
    return min(
        related, key=lambda one: (one.is_automatic, _distance(_subtags(one.language), wanted)), default=None
    )


def listed(offered: Sequence[Subtitle]) -> tuple[Subtitle, ...]:
    """Those that a person chooses from: what people wrote first, each language once."""
    known: dict[str, Subtitle] = {}
    for one in sorted(offered, key=lambda one: one.is_automatic):
        known.setdefault(one.language, one)
    return tuple(known.values())[:MOST_LISTED]


def are_kept(media: Media, wish: Wish, shape: Shape) -> bool:
    """Whether subtitles are to be kept in the video, so that it cannot be passed on as it is."""
    wanted = shape.subtitles
    if wanted is None or wanted.as_file or wish.audio_only or media.kind is not Kind.VIDEO:
        return False
    return nearest(media.subtitles, wanted.language) is not None


def with_subtitles(plan: Plan, media: Media, wanted: Subtitles | None) -> Plan:
    """The plan of a video with the subtitles that are wanted, where there are any.

    A file that can only be passed on as it is keeps its tracks; then they come as a file.
    """
    found = nearest(media.subtitles, wanted.language) if wanted is not None else None
    if found is None or wanted is None or plan.sound_only or media.kind is not Kind.VIDEO:
        return plan
    as_file = wanted.as_file or plan.method is Method.PASS
    if as_file:
        return plan.evolve(subtitle_file=found)
    return plan.evolve(subtitles=found, head_window=plan.head_window + reservation.subtitles(media.duration))


def file_of(plan: Plan, media: Media, seconds: float | None) -> Plan | None:
    """The plan of the subtitles that are sent behind the video of `plan`; None: there are none to send.

    `seconds`: what the video turned out to have.
    """
    subtitle = plan.subtitle_file
    if subtitle is None:
        return None
    stem, _ = names.split(plan.file_name)
    language = "".join(c for c in subtitle.language if c.isalnum() or c == "-")[:20]
    return Plan(
        method=Method.SUBTITLES,
        format_ids=(subtitle.language,),
        kind=Kind.DOCUMENT,
        file_name=names.fitted(stem, f".{language}.srt"),
        mime=MIME,
        subtitle_file=subtitle,
        section=_as_cut(plan.section, media.duration, seconds),
    )


def _as_cut(section: Section | None, whole: float | None, seconds: float | None) -> Section | None:
    """The part that the video really has: it begins at the key frame before."""
    end = whole if section is None or section.end is None else section.end
    if section is None or not end or not seconds:
        return section
    return Section(start=max(0.0, min(section.start, end - seconds)), end=section.end)


def _subtags(language: str) -> tuple[str, ...]:
    return tuple(language.strip().lower().replace("_", "-").split("-"))


def _distance(tags: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[int, int]:
    """The same is nearest; then what says less, then what says something else."""
    common = sum(a == b for a, b in zip(tags, wanted, strict=False))
    return (-common, len(tags) - common)
