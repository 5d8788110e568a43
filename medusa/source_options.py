"""The owner's own options of yt-dlp, of a file. Pure, but for reading it.

Only what is named here is taken: none of it runs a program, writes a file, opens another way to the network,
or lets a DRM be circumvented.
"""

import ipaddress
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

LARGEST = 64 * 1024
"""Bytes of a file."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_+-]{0,63}")
_TARGET = re.compile(r"[a-z0-9_.]{1,20}(?:-[a-z0-9_.]{1,20})?(?::[a-z0-9_.]{1,20}(?:-[a-z0-9_.]{1,20})?)?")

Options = Mapping[str, Any]
"""Plain values, as JSON has them; for `extractor_args` extractor → argument → texts."""


class WrongOptions(ValueError):
    """The options cannot be used; the text says why, and what is expected."""


def read_options(path: Path) -> Options:
    """The options of a JSON or TOML file (`.toml`). Raises WrongOptions."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise WrongOptions(f"a file of at most {LARGEST // 1024} KB")
        values = tomllib.loads(data.decode()) if path.suffix == ".toml" else json.loads(data)
    except OSError as error:
        raise WrongOptions("a file that can be read") from error
    except (ValueError, RecursionError) as error:  # of JSON, TOML and UTF-8
        if isinstance(error, WrongOptions):
            raise
        raise WrongOptions("a file of JSON, or of TOML where its name ends with .toml") from error
    return checked(values)


def checked(values: object) -> Options:
    """The options, each in the form that yt-dlp expects. Raises WrongOptions."""
    if not isinstance(values, dict):
        raise WrongOptions("an object with options of yt-dlp")
    unknown = sorted(str(name)[:40] for name in values if name not in _CHECKS)
    if unknown:
        raise WrongOptions(f"without {', '.join(unknown)}: allowed are {', '.join(_CHECKS)}")
    return {name: _CHECKS[name](value) for name, value in values.items()}


def _arguments(value: object) -> dict[str, dict[str, list[str]]]:
    expected = "extractor_args like {extractor: {argument: [text, …]}}"
    if not isinstance(value, dict):
        raise WrongOptions(expected)
    found: dict[str, dict[str, list[str]]] = {}
    for extractor, arguments in value.items():
        if not isinstance(arguments, dict) or not _NAME.fullmatch(str(extractor).lower()):
            raise WrongOptions(expected)
        named = {
            str(name).lower().replace("-", "_"): _texts(given, expected) for name, given in arguments.items()
        }
        if not all(_NAME.fullmatch(name) for name in named):
            raise WrongOptions(expected)
        found[str(extractor).lower()] = named
    return found


def _texts(value: object, expected: str) -> list[str]:
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) and text.isprintable() for text in texts):
        raise WrongOptions(expected)
    return list(texts)


def _target(value: object) -> str:
    if not isinstance(value, str) or not _TARGET.fullmatch(value.lower()):
        raise WrongOptions("impersonate like chrome, or chrome-131:macos-14")
    return value.lower()


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise WrongOptions("geo_bypass as true or false")
    return value


def _country(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch("[A-Za-z]{2}", value):
        raise WrongOptions("geo_bypass_country as two letters, like DE")
    return value.upper()


def _block(value: object) -> str:
    try:
        return str(ipaddress.IPv4Network(str(value)))
    except ValueError as error:
        raise WrongOptions("geo_bypass_ip_block as a network, like 93.184.0.0/16") from error


def _number(name: str, most: int) -> Callable[[object], float]:
    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            raise WrongOptions(f"{name} as a number from 0 to {most}")
        return value

    return check


_CHECKS: dict[str, Callable[[object], object]] = {
    "extractor_args": _arguments,
    "impersonate": _target,
    "geo_bypass": _switch,
    "geo_bypass_country": _country,
    "geo_bypass_ip_block": _block,
    "sleep_interval_requests": _number("sleep_interval_requests", 10),
    "age_limit": _number("age_limit", 99),
}
"""What is allowed, and how it is checked."""
