"""The types of settings: from what a deployer wrote to a value, or to what was expected instead."""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from medusa.source_options import WrongOptions, read_options
from medusa.upstream import read_upstream

LEVELS = ("TRACE", "DEBUG", "INFO", "SUCCESS", "WARNING", "ERROR", "CRITICAL")


class Address(NamedTuple):
    """Where a server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Unexpected(ValueError):
    """A text is not `expected`; `given` is the piece of it that is wrong, by default all of it."""

    def __init__(self, expected: str, given: str | None = None) -> None:
        super().__init__(expected)
        self.expected = expected
        self.given = given


def unquoted(value: object) -> object:
    """A text without the quotes around it: some tools hand over those of an env file as part of the value."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def masked(text: str) -> str:
    """A text without what looks like a secret in it: passwords of addresses, long words."""
    return re.sub(r"://\S*@", "://***@", re.sub(r"([\w=-]{4})[\w=-]{20,}", r"\1…", text))


def _parsed(parse: Callable[[str], object]) -> BeforeValidator:
    """Texts go through `parse`; a value that code gives is left to pydantic."""
    return BeforeValidator(lambda value: parse(value) if isinstance(value, str) else value)


def _matching(pattern: str, expected: str) -> BeforeValidator:
    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise Unexpected(expected)
        return text

    return _parsed(parse)


def _whole_number(low: int, high: int | None = None) -> BeforeValidator:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,19}", text):
            raise Unexpected("a whole number" if high is None else f"a whole number from {low} to {high}")
        if int(text) < low or (high is not None and int(text) > high):
            raise Unexpected(f"{low} or more" if high is None else f"a whole number from {low} to {high}")
        return int(text)

    return _parsed(parse)


def _telegram_ids(text: str) -> tuple[int, ...]:
    # Ids are copied out of formatted text, where the hyphen may have become a minus sign or a dash.
    entries = [entry for entry in re.split(r"""[][\s,;'"(){}]+""", re.sub("[−–—]", "-", text)) if entry]
    for entry in entries:
        if not re.fullmatch(r"-?[1-9][0-9]{0,18}", entry):
            raise Unexpected("a Telegram id such as 123456789, or -1001234567890 for a channel", entry)
    return tuple(dict.fromkeys(int(entry) for entry in entries))


def _address(text: str) -> Address:
    match = re.fullmatch(r"(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@\[\]]+)):([0-9]{1,5})", text)
    if match is None or not 0 < int(match[3]) < 65536:
        raise Unexpected("an address such as 127.0.0.1:443 or telegram.example.org:443")
    return Address(match[1] or match[2], int(match[3]))


def _allowed_entries(text: str) -> tuple[str, ...]:
    entries = [entry for entry in re.split(r"""[\s,;'"]+""", text) if entry]
    return tuple(dict.fromkeys(_allowed_entry(entry) for entry in entries))


def _allowed_entry(entry: str) -> str:
    try:
        return str(ipaddress.ip_network(entry, strict=False))
    except ValueError:
        pass
    try:
        return str(_address(entry))
    except Unexpected:
        raise Unexpected("host:port or a network such as 10.0.0.0/8", entry) from None


def _public_key(text: str) -> Path:
    path = Path(text).expanduser()
    try:
        if "PUBLIC KEY-----" in path.read_text("ascii"):
            return path
    except (OSError, UnicodeDecodeError) as error:
        raise Unexpected("a PEM file with a public key that can be read") from error
    raise Unexpected("a PEM file with a public key")


def _existing_directory(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_dir():
        raise Unexpected("a directory that exists")
    return path


def _own_address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError as error:
        raise Unexpected("an address of this machine such as 127.0.0.1, or 0.0.0.0 for all") from error


_MTPROTO = re.compile(r"(tg://|mtproto|https?://t(elegram)?\.(me|dog|org)/)", re.IGNORECASE)


def _proxy(text: str) -> str:
    expected = "a proxy such as socks5://user:password@host:1080 or http://host:3128"
    if _MTPROTO.match(text):
        raise Unexpected(f"{expected}: files go over connections that MTProto proxies do not carry")
    try:
        read_upstream(text)
    except ValueError:
        raise Unexpected(expected) from None
    return text


def _options_file(text: str) -> Path:
    path = Path(text).expanduser()
    try:
        read_options(path)
    except WrongOptions as error:
        raise Unexpected(str(error)) from error
    return path


def _level(text: str) -> str:
    if text.upper() not in LEVELS:
        raise Unexpected(f"one of {', '.join(LEVELS)}")
    return text.upper()


TelegramIds = Annotated[tuple[int, ...], NoDecode, _parsed(_telegram_ids)]
Hash = Annotated[SecretStr, _matching("[0-9a-fA-F]{32}", "32 characters of 0-9 and a-f")]
Token = Annotated[SecretStr, _matching("[0-9]+:[A-Za-z0-9_-]{30,}", "a token such as 123456789:AAF…")]
Session = Annotated[SecretStr, _matching("[A-Za-z0-9_=-]{100,}", "a session string")]
MongoUri = Annotated[
    SecretStr, _matching(r"mongodb(\+srv)?://\S+", "an address such as mongodb://user:password@host/")
]
RedisUrl = Annotated[
    SecretStr, _matching(r"(rediss?|unix)://\S+", "an address such as redis://:password@host:6379/0")
]
Phrase = Annotated[SecretStr, _matching(r"\S.{14,}\S", "a secret of 16 characters or more")]
Database = Annotated[str, _matching("[A-Za-z0-9_-]{1,63}", "a name of letters, digits, - and _")]
Positive = Annotated[int, _whole_number(1)]
Server = Annotated[Address | None, NoDecode, _parsed(_address)]
PublicKey = Annotated[Path, _parsed(_public_key)]
FetchAllow = Annotated[tuple[str, ...], NoDecode, _parsed(_allowed_entries)]
Jobs = Annotated[int, _whole_number(1, 50)]
Grace = Annotated[int, _whole_number(0, 20)]
ProxyUrl = Annotated[SecretStr, _parsed(_proxy)]
OptionsFile = Annotated[Path, _parsed(_options_file)]
Port = Annotated[int, _whole_number(1, 65535)]
Host = Annotated[str, _parsed(_own_address)]
Sessions = Annotated[int, _whole_number(1, 8)]
Level = Annotated[str, _parsed(_level)]
SourcesDir = Annotated[Path, _parsed(_existing_directory)]
Directory = Annotated[Path, _parsed(lambda text: Path(text).expanduser())]
