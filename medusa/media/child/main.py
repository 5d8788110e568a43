"""What a media child does: an order on standard input, records on another descriptor."""

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from medusa.media import order
from medusa.media.child import confine
from medusa.media.child.delivery import Delivery
from medusa.media.order import Order, PictureOrder, ProbeOrder, StreamOrder, SurveyOrder
from medusa.media.records import Exit

STREAM_MEMORY = 512 * 1024 * 1024
PROBE_MEMORY = 1024 * 1024 * 1024
"""Bytes. Most jobs need 130 MB; deno, which some sites' extractors start, half a gigabyte."""


def get_ready() -> None:
    """Load what every order needs, and do what every probe begins with. Raises whatever a yt-dlp raises."""
    from medusa.media.child import fetch, picture, probe, survey, ytdl

    assert fetch, (picture, probe, survey)
    ytdl.get_ready()


def work(records: int) -> Exit:
    """Work on one order, and write to the descriptor `records`; how that ended."""
    delivery = Delivery(records)
    code = Exit.CRASHED
    try:
        what, recipe = order.decode(order.receive(sys.stdin.buffer))
        confine.limit_resources(STREAM_MEMORY if isinstance(what, StreamOrder) else PROBE_MEMORY)
        code = _carry_out(what, recipe, delivery)
    except BrokenPipeError:
        pass  # the bot is gone, or has lost interest: exit code 70 tells nobody
    except _Unusable as error:
        code = Exit.UNUSABLE
        traceback.print_exception(error.__cause__)
    sys.stderr.flush()
    return code


class _Unusable(Exception):
    """Not even the start works."""


@contextmanager
def _loading() -> Iterator[None]:
    """Tells a yt-dlp that cannot be loaded from work that fails."""
    try:
        yield
    except BaseException as error:  # whatever a module does when it is imported
        raise _Unusable from error


def _carry_out(what: Order, recipe: bytes, delivery: Delivery) -> Exit:
    with _loading():
        run = _what_does(what, recipe)
        from medusa.media.child import trouble

    try:
        run(delivery)
    except BrokenPipeError:
        raise
    except Exception as error:
        known = trouble.translate(error)
        if known is None:
            raise
        delivery.fail(known)
        return Exit.REPORTED
    return Exit.OK


def _what_does(what: Order, recipe: bytes) -> Callable[[Delivery], None]:
    """What carries an order out. Its imports are here, for a yt-dlp may be broken."""
    from medusa.media.child import fetch, picture, probe, survey

    match what:
        case ProbeOrder():
            return partial(probe.run, what)
        case SurveyOrder():
            return partial(survey.run, what)
        case PictureOrder():
            return partial(picture.run, what)
        case StreamOrder():
            return partial(fetch.run, what, recipe)
