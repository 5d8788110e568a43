"""Why a media child has ended, in the words of the person whose link it was. Pure."""

import signal

_WORDS = {
    signal.SIGKILL: "The download process was killed; the machine may be short of memory.",
    signal.SIGTERM: "The download process was killed; the machine may be short of memory.",
    signal.SIGXCPU: "The download process worked for too long and brought nothing.",
    signal.SIGSYS: "The download process did what it may not do, so it was stopped.",
    **dict.fromkeys(
        (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE),
        "The download process crashed on this media.",
    ),
}
GARBLED = "The download process sent what I do not understand, so I stopped it."
STUCK = "The download process does not get on, and not because of the site, so I stopped it."


def sentence_of(code: int) -> str | None:
    """What its exit code says, the negative number of a signal included; None: nothing special."""
    return _WORDS.get(signal.Signals(-code)) if -code in {*signal.Signals} else None
