"""An audit hook: Python code may do this much and no more. Nothing can take it off again.

It sees what goes through Python. What does not, and a file that is opened relative to an open directory, only
the kernel can stop: see landlock.py.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = {
    **dict.fromkeys(("os.remove", "os.rmdir"), ((0, 1),)),
    **dict.fromkeys(("os.mkdir", "os.chmod"), ((0, 2),)),
    **dict.fromkeys(("os.rename", "os.link"), ((0, 2), (1, 3))),
    "os.chown": ((0, 3),),
    "os.truncate": ((0, None),),
}
"""What changes files besides writing; which arguments are paths, and which the directories of these."""
_FORBIDDEN = (
    *("os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.forkpty", "os.symlink"),
    *("pty.spawn", "socket.bind", "socket.sendto"),
)


class Hook:
    """Connect to one port only, write under one directory only, read under a few, start nothing but deno."""

    def __init__(self, *, port: int, home: str, readable: Sequence[str]) -> None:
        """`home` and `readable`: real paths."""
        self._port = port
        self._writable = [home, os.devnull]
        self._readable = [*self._writable, *readable]
        self._rules: dict[str, Callable[..., bool]] = {
            "open": self._opens,
            "socket.connect": self._connects,
            "subprocess.Popen": self._starts,
            "os.kill": lambda pid, number: _is_of_this_group(pid),
            "os.killpg": lambda group, number: group == os.getpgrp(),
            **dict.fromkeys(_FORBIDDEN, lambda *arguments: False),
        }

    def set(self) -> None:
        """From now on. What breaks a rule raises PermissionError."""
        sys.addaudithook(self._look)

    def _look(self, event: str, arguments: tuple[Any, ...]) -> None:
        rule = self._rules.get(event)
        if rule is not None:
            is_allowed = rule(*arguments)
        elif event in _CHANGES:
            is_allowed = all(_is_under(path, self._writable) for path in _paths(event, arguments))
        else:
            return
        if not is_allowed:
            raise PermissionError(f"{event}{arguments!r}")

    def _opens(self, path: object, mode: str | None, flags: int | None) -> bool:
        return _is_under(path, self._writable if _writes(mode, flags) else self._readable)

    def _connects(self, connection: object, address: object) -> bool:
        return address == ("127.0.0.1", self._port)

    def _starts(self, program: Any, *_: object) -> bool:
        return Path(os.fsdecode(program)).name == "deno" and not _is_under(program, self._writable)


def _writes(mode: str | None, flags: int | None) -> bool:
    return any(letter in mode for letter in "wax+") if mode else bool((flags or 0) & _WRITING)


def _is_under(path: object, roots: Sequence[str]) -> bool:
    if not isinstance(path, str | bytes | os.PathLike):  # a file descriptor, opened under these rules
        return True
    whole = os.path.realpath(os.fsdecode(path))
    return any(whole == root or whole.startswith(root + os.sep) for root in roots)


def _paths(event: str, arguments: tuple[Any, ...]) -> Iterator[object]:
    for at, directory_at in _CHANGES[event]:
        path = arguments[at]
        directory = -1 if directory_at is None else arguments[directory_at]
        if directory == -1 or isinstance(path, int):
            yield path
        else:
            yield Path(os.readlink(f"/proc/self/fd/{directory}"), os.fsdecode(path))


def _is_of_this_group(pid: int) -> bool:
    try:
        return os.getpgid(pid) == os.getpgrp()
    except ProcessLookupError:
        return True
