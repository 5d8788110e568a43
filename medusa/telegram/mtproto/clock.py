"""A clock that nobody sets.

MTProto numbers its messages by the time, and a server refuses those that are off by a minute or two
(https://core.telegram.org/mtproto/description#message-identifier-msg-id).
"""

import time

_READ = time.clock_gettime
_OFFSET = time.time() - _READ(time.CLOCK_BOOTTIME)


def steady_time() -> float:
    """Seconds since 1970, as this machine had them when the program began, and what has passed since, also
    while it slept."""
    return _READ(time.CLOCK_BOOTTIME) + _OFFSET
