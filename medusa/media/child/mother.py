"""The mother of media children: she has loaded what they need, and forks one whenever she is asked.

She has one thread and no secret, and reads nothing from outside: a home and three descriptors at a time.
"""

import gc
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Iterable
from contextlib import suppress
from typing import NoReturn

from medusa.media.child import confine, main
from medusa.media.records import Exit

_LONGEST_REQUEST = 4096
_ENDS = 4
"""Descriptors of a request: of the orders, the records, the log, the news."""
_LONGEST_REASON = 500
_RECORDS = 3
_HOMES = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "DENO_DIR")


def run() -> NoReturn:
    """Serve the socket on standard input, until it is closed and no child is left.

    The last argument of the command line is the parent's process id.
    """
    confine.die_with(int(sys.argv.pop()))
    confine.adopt_orphans()
    control = socket.socket(fileno=os.dup(0))
    try:
        main.get_ready()
    except BaseException:  # whatever a module does when it is imported; a child that needs it tells of it
        traceback.print_exc()
    # What nobody writes to, she and her children share.
    gc.collect()
    gc.freeze()
    _Mother(control).serve()
    os._exit(Exit.OK)


class _Mother:
    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._news: dict[int, int] = {}
        """For each child, where to tell of its end."""
        self._signals, writing = os.pipe()
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._signals, selectors.EVENT_READ)
            is_wanted = True
            while is_wanted or self._news:
                for key, _ in selector.select():
                    if key.fileobj is not self._control:
                        os.read(self._signals, _LONGEST_REQUEST)
                    elif not self._hear():
                        selector.unregister(self._control)
                        is_wanted = False
                self._bury()

    def _hear(self) -> bool:
        """Carry out a request; False when none will come any more."""
        home, ends, _, _ = socket.recv_fds(self._control, _LONGEST_REQUEST, _ENDS)
        if not home:
            return False
        orders, records, log, news = ends
        try:
            pid = os.fork()
        except OSError as error:
            _tell(news, f"failed {error}")
            _close(ends)
            return True
        if pid == 0:
            _live(os.fsdecode(home), orders, records, log, news)
        _close([orders, records, log])
        self._news[pid] = news
        return True

    def _bury(self) -> None:
        """Tell of every child that has ended; what children leave behind is buried with them."""
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                if (news := self._news.pop(pid, None)) is not None:
                    _tell(news, f"ended {os.waitstatus_to_exitcode(status)}")
                    os.close(news)


def _live(home: str, orders: int, records: int, log: int, news: int) -> NoReturn:
    """The child's side of the fork, from which nothing returns."""
    code = Exit.CRASHED
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        confine.die_with(os.getppid())
        code = main.work(_settle(home, orders, records, log, news))
    except BaseException:  # the one way out of this process
        traceback.print_exc()
    finally:
        # No waiting for threads that still fetch.
        os._exit(code)


def _settle(home: str, orders: int, records: int, log: int, news: int) -> int:
    """Keep nothing of the mother's but what she has loaded. Where the records go."""
    os.dup2(orders, 0)
    # A stray print must not end up among the records.
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(home)
    os.environ.update(dict.fromkeys(_HOMES, home))
    _tell(news, f"born {os.getpid()}")
    os.dup2(records, _RECORDS)
    os.closerange(_RECORDS + 1, os.sysconf("SC_OPEN_MAX"))
    return _RECORDS


def _tell(news: int, line: str) -> None:
    with suppress(BrokenPipeError):  # the bot does not want to know any more
        os.write(news, f"{' '.join(line.split())[:_LONGEST_REASON]}\n".encode())


def _close(descriptors: Iterable[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
