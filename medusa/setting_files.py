"""Settings from files: the file that a variable X_FILE names holds the value of X.

Containers hand secrets over like that, and a file is seen by fewer than an environment is.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from medusa.setting_types import masked, unquoted

SUFFIX = "_FILE"
LARGEST = 65_536  # bytes; a longer one is not what was meant


class Given(NamedTuple):
    """What the files say."""

    texts: dict[str, str]
    """By the name of the setting."""
    wrong: dict[str, str]
    """A sentence for each variable X_FILE that cannot be followed."""


class _Unfit(ValueError):
    """A file cannot be a value; the message says why, after the file's name."""


def read_files(settings: Iterable[str], variables: Mapping[str, str | None]) -> Given:
    """Follow each X_FILE. Names of settings and of variables are in lower case; an empty text is none."""
    given = Given({}, {})
    for name in settings:
        path = unquoted(variables.get(f"{name}{SUFFIX.lower()}"))
        if not isinstance(path, str) or not path:
            continue
        variable = name.upper()
        if unquoted(variables.get(name)):
            given.wrong[f"{variable}{SUFFIX}"] = f"{variable} and {variable}{SUFFIX} are both set. Keep one."
            continue
        try:
            given.texts[name] = _content(Path(path).expanduser())
        except _Unfit as reason:
            given.wrong[f"{variable}{SUFFIX}"] = f'{variable}{SUFFIX}: "{_shown(path)}" {reason}.'
    return given


def _content(path: Path) -> str:
    """The text of a file without the line end that editors put behind it."""
    try:
        text = _text(path).removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise _Unfit("holds no text") from None
    except OSError as error:
        raise _Unfit(f"cannot be read: {(error.strerror or str(error)).lower()}") from error
    if not unquoted(text):
        raise _Unfit("is empty")
    return text


def _text(path: Path) -> str:
    if path.is_dir():
        raise _Unfit("is a directory, not a file")
    if not path.exists():
        raise _Unfit("does not exist")
    if not path.is_file():  # a pipe can be read once only, and settings are read at each start
        raise _Unfit("is no regular file")
    with path.open("rb") as file:
        read = file.read(LARGEST + 1)
    if len(read) > LARGEST:
        raise _Unfit(f"is larger than {LARGEST // 1024} KiB")
    return read.decode("utf-8-sig")  # some editors begin a text with a mark


def _shown(path: str) -> str:
    """A path; what looks like no path may be the secret itself."""
    return path if path.startswith(("/", ".", "~")) else masked(path)
