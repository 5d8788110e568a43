"""Landlock: what the kernel lets this process touch, whatever code runs in it. It cannot be taken off again.

The structures and numbers are those of linux/landlock.h: https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from contextlib import suppress

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""System calls, the same on all architectures."""
_ASK_VERSION = 1
_PATH_BENEATH, _NET_PORT = 1, 2
_PR_SET_NO_NEW_PRIVS = 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE = 1 << 14
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_READING = _EXECUTE | _READ_FILE | _READ_DIR
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
"""All that a version can forbid in the file system; later ones as the last here."""
_BIND_TCP, _CONNECT_TCP = 1 << 0, 1 << 1
_ABSTRACT_SOCKETS, _SIGNALS = 1 << 0, 1 << 1


def restrict(*, home: str, readable: Iterable[str], port: int) -> int:
    """From now on this thread and what it starts may write under `home`, read and start what is under
    `readable`, connect to that TCP port, and signal each other; nothing else of these kinds.

    The version of Landlock that sees to it; 0: the kernel has none. What older ones cannot forbid stays open:
    connections before 4, signals before 6. Raises OSError when the kernel has one and refuses.
    """
    kernel = ctypes.CDLL(None, use_errno=True)
    version = kernel.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    if version < 1:
        return 0
    rights = _RIGHTS[min(version, max(_RIGHTS))]
    handled = [rights, _BIND_TCP | _CONNECT_TCP, _ABSTRACT_SOCKETS | _SIGNALS]
    known = 1 + (version >= 4) + (version >= 6)
    attributes = struct.pack(f"{known}Q", *handled[:known])
    ruleset = _called(kernel.syscall(_CREATE_RULESET, attributes, len(attributes), 0))

    def allow(path: str, access: int) -> None:
        # What is not there needs no permission.
        with suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
            if not os.path.isdir(path):
                access &= _OF_FILES
            rule = struct.pack("=Qi", access & rights, descriptor)
            _called(kernel.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0))
            os.close(descriptor)

    allow(home, rights & ~_EXECUTE)
    allow(os.devnull, _READ_FILE | _WRITE_FILE)
    for path in readable:
        allow(path, _READING)
    if version >= 4:
        rule = struct.pack("QQ", _CONNECT_TCP, port)
        _called(kernel.syscall(_ADD_RULE, ruleset, _NET_PORT, rule, 0))
    _called(kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _called(kernel.syscall(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)
    return int(version)


def _called(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"Landlock: {os.strerror(number)}")
    return result
