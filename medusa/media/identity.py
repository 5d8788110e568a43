"""Whether two downloads have the same files. Pure."""

from hashlib import blake2b

from medusa.model import Format, Media, Plan


def fingerprint(media: Media, plan: Plan) -> str:
    """The same for downloads that come from one page and were made the same way of the same formats.

    Sizes and durations are in it, so that a page with new media behind an old address is another one.
    """
    formats = sorted(_format(one) for one in media.formats if one.id in plan.format_ids)
    made = [plan.method, plan.kind, plan.file_name, str(plan.max_size), *plan.format_ids]
    facts = [media.url, media.title, f"{media.duration}", *made, *formats]
    return blake2b("\0".join(facts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _format(one: Format) -> str:
    size = one.size if one.size_is_exact else None
    return f"{one.id} {one.container} {one.video_codec} {one.audio_codec} {one.height} {size}"
