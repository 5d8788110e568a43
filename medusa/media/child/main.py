"""The entry of the media child: an order on standard input, records on standard output."""

import os
import sys
import traceback
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NoReturn

from medusa.media import order
from medusa.media.child import confine
from medusa.media.child.delivery import Delivery
from medusa.media.order import Order, PictureOrder, ProbeOrder, StreamOrder, SurveyOrder
from medusa.media.records import Exit

STREAM_MEMORY = 512 * 1024 * 1024
PROBE_MEMORY = 1024 * 1024 * 1024
"""Bytes. Most jobs need 130 MB; deno, which some sites' extractors start, half a gigabyte."""


def main() -> NoReturn:
    """Work on one order and exit.

    The command line holds the parent's process id and, before it, "probe" where that will be the order.
    """
    confine.die_with(int(sys.argv.pop()))
    delivery = Delivery(os.dup(1))
    # A stray print must not end up among the records.
    os.dup2(2, 1)
    code = Exit.CRASHED
    try:
        if "probe" in sys.argv:
            with _loading():
                _get_ready()
        work, recipe = order.decode(order.receive(sys.stdin.buffer))
        confine.limit_resources(STREAM_MEMORY if isinstance(work, StreamOrder) else PROBE_MEMORY)
        code = _carry_out(work, recipe, delivery)
    except BrokenPipeError:
        pass  # the bot is gone, or has lost interest: exit code 70 tells nobody
    except _Unusable as error:
        code = Exit.UNUSABLE
        traceback.print_exception(error.__cause__)
    except BaseException:  # the one way out of this process
        traceback.print_exc()
    sys.stderr.flush()
    # No waiting for threads that still fetch.
    os._exit(code)


class _Unusable(Exception):
    """Not even the start works."""


@contextmanager
def _loading() -> Iterator[None]:
    """Tells a yt-dlp that cannot be loaded from work that fails."""
    try:
        yield
    except BaseException as error:  # whatever a module does when it is imported
        raise _Unusable from error


def _get_ready() -> None:
    """Do what every probe begins with, while there is none."""
    from medusa.media.child import probe, ytdl

    assert probe
    ytdl.compile_patterns()


def _carry_out(work: Order, recipe: bytes, delivery: Delivery) -> Exit:
    if isinstance(work, StreamOrder):
        _leave_out(recipe)
    with _loading():
        run = _what_does(work, recipe)
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


def _what_does(work: Order, recipe: bytes) -> Callable[[Delivery], None]:
    """What carries an order out. It is imported only now, for yt-dlp is most of the start-up."""
    if isinstance(work, ProbeOrder):
        from medusa.media.child import probe

        return partial(probe.run, work)
    if isinstance(work, SurveyOrder):
        from medusa.media.child import survey

        return partial(survey.run, work)
    if isinstance(work, PictureOrder):
        from medusa.media.child import picture

        return partial(picture.run, work)
    from medusa.media.child import fetch

    return partial(fetch.run, work, recipe)


def _leave_out(recipe: bytes) -> None:
    """Keep out the network libraries that this job does not use: 80 ms and 4 MB of every start."""
    sys.modules["websockets"] = None  # type: ignore[assignment]  # the documented way to hide a module
    if b'"impersonate"' not in zlib.decompress(recipe):
        sys.modules["curl_cffi"] = None  # type: ignore[assignment]
