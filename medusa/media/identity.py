"""Whether two downloads have the same files. Pure."""

from hashlib import blake2b

from medusa.model import Format, Media, Method, Plan
from medusa.wishes import Look, Thumbnail

_PLAIN = Look()


def fingerprint(media: Media, plan: Plan, look: Look = _PLAIN) -> str:
    """The same for downloads that come from one page and were made the same way of the same formats.

    Sizes and durations are in it, so that a page with new media behind an old address is another one.
    """
    formats = sorted(_format(one) for one in media.formats if one.id in plan.format_ids)
    made = [plan.method, plan.kind, plan.file_name, str(plan.max_size), *plan.format_ids, *_shaped(plan)]
    if plan.method is Method.ENCODE:  # it is in the tags
        made.append(media.performer or "")
    private = [] if media.private_to is None else [f"for {media.private_to} alone"]
    facts = [media.url, media.title, f"{media.duration}", *made, *formats, *private, *_pictured(look)]
    return blake2b("\0".join(facts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def made_by(plan: Plan) -> str:
    """What the bytes of a plan's files depend on, with the same media."""
    made = f"{plan.method} {plan.format_ids} {plan.head_window} {plan.max_size}"
    sound = [f"sound {plan.file_name.rpartition('.')[2]}"] if plan.sound_only else []
    return " ".join((made, *_shaped(plan), *sound))


def _shaped(plan: Plan) -> list[str]:
    """What it is made into, where it is not the whole as the source has it."""
    shaped = []
    if plan.section is not None:
        shaped.append(f"section {plan.section.start} {plan.section.end}")
    if plan.bit_rate is not None:
        shaped.append(f"bit rate {plan.bit_rate}")
    for what, text in (("kept", plan.subtitles), ("beside", plan.subtitle_file)):
        if text is not None:
            shaped.append(f"subtitles {what} {text.language} {text.is_automatic}")
    if plan.recording is not None:
        shaped.append(f"recording {plan.recording.seconds}")
    return shaped


def _pictured(look: Look) -> list[str]:
    """A file that is sent again has the thumbnail that it was uploaded with."""
    return [] if look.thumbnail is Thumbnail.AUTO else [f"thumbnail {look.thumbnail} {look.picture}"]


def _format(one: Format) -> str:
    size = one.size if one.size_is_exact else None
    return f"{one.id} {one.container} {one.video_codec} {one.audio_codec} {one.height} {size}"
