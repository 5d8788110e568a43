"""What is too much for somebody, and the sentence that says so. No I/O."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from datetime import datetime

from medusa.allowance import Allowance, Use, Window, free_at, merged, used
from medusa.amounts import show_count, show_size, show_span
from medusa.errors import OverLimit
from medusa.model import Frame
from medusa.policy import Policy
from medusa.user import Role, User


def allowed(user: User | None, policy: Policy) -> Allowance:
    """What somebody may have, of all that was decided."""
    if user is not None and user.role is Role.OWNER:
        return Allowance()
    own = user.allowance if user is not None else Allowance()
    if user is not None and user.role is Role.ADMIN:
        return merged(own, policy.admins)
    if user is not None and user.role is Role.USER and not user.is_stranger:
        return merged(own, policy.users)
    return merged(own, policy.strangers, policy.users)


def check_entries(allowance: Allowance, links: int) -> None:
    """Raises OverLimit for more links at once than there may be."""
    if allowance.entries and links > allowance.entries:
        most = show_count(allowance.entries)
        raise OverLimit(f"That is {show_count(links)} links, and you may have {most} at once. Choose fewer.")


def check_duration(allowance: Allowance, seconds: float | None) -> None:
    """Raises OverLimit for what is too long."""
    if allowance.duration and seconds and seconds > allowance.duration:
        long, most = show_span(round(seconds)), show_span(allowance.duration)
        raise OverLimit(f"That is {long} long, and you may have {most}.")


def check_size(allowance: Allowance, size: int) -> None:
    """Raises OverLimit for what is too large."""
    if allowance.size and size > allowance.size:
        raise OverLimit(f"That is larger than the {show_size(allowance.size)} that you may have.")


def within(allowance: Allowance, frames: AsyncIterator[Frame], before: int) -> AsyncIterator[Frame]:
    """The same frames, as long as the file is not too large; `before`: bytes of earlier files of its link.

    Raises OverLimit while they arrive.
    """
    return _counted(allowance, frames, before) if allowance.size else frames


async def _counted(allowance: Allowance, frames: AsyncIterator[Frame], before: int) -> AsyncIterator[Frame]:
    try:
        async for frame in frames:
            check_size(allowance, before + frame.offset + len(frame.data))
            yield frame
    finally:
        if isinstance(frames, AsyncGenerator):
            await frames.aclose()


def too_many_links(windows: Sequence[Window], uses: Sequence[Use], links: int, now: datetime) -> str:
    """Why so many links are too many now, and when they are not."""
    window = next((one for one in windows if used(uses, one, now) + links > one.most), windows[0])
    left = max(0, window.most - used(uses, window, now))
    may = f"You may send {show_count(window.most)} links {_every(window)}"
    rest = f", and have {left} left" if left else ""
    return f"{may}{rest}. {_next(free_at(uses, windows, links, now), now, links)}"


def too_many_bytes(window: Window, uses: Sequence[Use], size: int, now: datetime) -> str:
    """Why so many bytes are too many now, and when they are not."""
    left = max(0, window.most - used(uses, window, now))
    may = f"You may have {show_size(window.most)} {_every(window)}, and have {show_size(left)} left"
    return f"{may}. {_next(free_at(uses, [window], size, now), now, 1)}"


def _every(window: Window) -> str:
    return "a day" if window.length.days else "an hour"


def _next(when: datetime | None, now: datetime, links: int) -> str:
    if when is None:
        return "That is more than you may have at all."
    what = "The next is" if links == 1 else "So many at once are"
    return (
        f"{what} possible in {show_span(max(60, round((when - now).total_seconds())))}, at {when:%H:%M} UTC."
    )
