"""What a deployer may set, what it is for, and a sentence for each mistake.

The only reader of the environment. Values come from there, then from `config.env` in the current directory;
an empty value is no value.
"""

import ipaddress
import re
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, DotEnvSettingsSource, NoDecode, SettingsConfigDict

from medusa.errors import SettingsError

FILE = "config.env"
LEVELS = ("TRACE", "DEBUG", "INFO", "SUCCESS", "WARNING", "ERROR", "CRITICAL")
SOURCES = {
    "api_id": "Get it from https://my.telegram.org.",
    "api_hash": "Get it from https://my.telegram.org.",
    "bot_token": "Get it from https://t.me/BotFather.",
    "owner": "https://t.me/userinfobot tells yours.",
    "user_session_string": "Pyrogram's export_session_string() makes one.",
}
"""Where to get a value that is missing or wrong."""


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


# --- from text to value ---------------------------------------------------------------------------


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


def _level(text: str) -> str:
    if text.upper() not in LEVELS:
        raise Unexpected(f"one of {', '.join(LEVELS)}")
    return text.upper()


def _unquoted(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = value.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


TelegramIds = Annotated[tuple[int, ...], NoDecode, _parsed(_telegram_ids)]
_Hash = Annotated[SecretStr, _matching("[0-9a-fA-F]{32}", "32 characters of 0-9 and a-f")]
_Token = Annotated[SecretStr, _matching("[0-9]+:[A-Za-z0-9_-]{30,}", "a token such as 123456789:AAF…")]
_Session = Annotated[SecretStr, _matching("[A-Za-z0-9_=-]{100,}", "a session string")]
_MongoUri = Annotated[
    SecretStr, _matching(r"mongodb(\+srv)?://\S+", "an address such as mongodb://user:password@host/")
]
_Database = Annotated[str, _matching("[A-Za-z0-9_-]{1,63}", "a name of letters, digits, - and _")]


# --- the settings ---------------------------------------------------------------------------------


class Settings(BaseSettings):
    """Everything that may be set. A variable's name is its attribute's in capitals."""

    model_config = SettingsConfigDict(
        env_file=FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    api_id: Annotated[int, _whole_number(1)] = Field(
        description="Number of your Telegram application; https://my.telegram.org shows it."
    )
    api_hash: _Hash = Field(description="Secret: hash of your Telegram application, from the same page.")
    bot_token: _Token = Field(description="Secret: token of the bot, from https://t.me/BotFather.")
    owner: Annotated[int, _whole_number(1)] | None = Field(
        default=None, description="Telegram id of the person who may do everything."
    )
    user_session_string: _Session | None = Field(
        default=None, description="Secret: session of a Premium account, which may send files of up to 4 GB."
    )
    mongodb_uri: _MongoUri | None = Field(
        default=None, description="Secret: address of the MongoDB server; empty: a private one in DATA_DIR."
    )
    database_name: _Database = Field(default="medusa", description="Database on that server.")
    log_channels: TelegramIds = Field(
        default=(), description="Ids of the channels that get a copy of every finished message."
    )
    backup_log_channels: TelegramIds = Field(
        default=(), description="Ids of the channels that get the copies while no log channel works."
    )
    auth_users: TelegramIds = Field(default=(), description="Ids of the people who may send links.")
    public: bool = Field(default=False, description="Whether everybody may send links.")
    telegram_server: Annotated[Address | None, NoDecode, _parsed(_address)] = Field(
        default=None, description="host:port of another Telegram server than the official one."
    )
    telegram_server_key: Annotated[Path, _parsed(_public_key)] | None = Field(
        default=None, validate_default=True, description="PEM file with the public key of that server."
    )
    fetch_allow: Annotated[tuple[str, ...], NoDecode, _parsed(_allowed_entries)] = Field(
        default=(), description="host:port or networks (10.0.0.0/8) to fetch from although they are private."
    )
    max_concurrent_jobs: Annotated[int, _whole_number(1, 50)] = Field(
        default=3, description="Downloads at the same time, 1 to 50."
    )
    upload_sessions: Annotated[int, _whole_number(1, 8)] = Field(
        default=4, description="Connections to Telegram for each upload, 1 to 8."
    )
    log_level: Annotated[str, _parsed(_level)] = Field(
        default="INFO", description="Least important lines to log: DEBUG, INFO, WARNING or ERROR."
    )
    log_json: bool = Field(default=False, description="Whether to log one JSON object a line.")
    data_dir: Annotated[Path, _parsed(lambda text: Path(text).expanduser())] = Field(
        default=Path("data"), description="Directory for what the bot keeps on disk."
    )

    @model_validator(mode="before")
    @classmethod
    def _bare_texts(cls, values: dict[str, object]) -> dict[str, object]:
        # Some tools hand over the quotes of an env file as part of the value.
        bare = {name: _unquoted(value) for name, value in values.items()}
        return {name: value for name, value in bare.items() if value != ""}

    @field_validator("telegram_server_key")
    @classmethod
    def _server_and_key_together(cls, key: Path | None, info: ValidationInfo) -> Path | None:
        # A server that is wrong itself is not in `info.data`, and has its own sentence.
        if "telegram_server" in info.data and (key is None) != (info.data["telegram_server"] is None):
            raise Unexpected(
                "set, but TELEGRAM_SERVER needs it" if key is None else "of use without TELEGRAM_SERVER"
            )
        return key

    def secrets(self) -> tuple[str, ...]:
        """The values that nobody may read in a log."""
        return tuple(value.get_secret_value() for _, value in self if isinstance(value, SecretStr))


def load_settings() -> Settings:
    """The settings, complete and valid; SettingsError names every variable that is not."""
    wrong = problems()
    if wrong:
        raise SettingsError("\n".join([*wrong.values(), *typos()]))
    return Settings()


def problems(**given: str) -> dict[str, str]:
    """A sentence for each variable that is missing or wrong, where `given` texts replace what is set."""
    values: dict[str, Any] = {variable.lower(): text for variable, text in given.items()}
    try:
        Settings(**values)
    except ValidationError as error:
        return dict(_sentence(details) for details in error.errors())
    except (OSError, UnicodeDecodeError) as error:
        return {FILE: f"{FILE} cannot be read: {error}."}
    return {}


def typos() -> tuple[str, ...]:
    """A hint for each variable of `config.env` that is none of ours but looks like one."""
    try:
        written = DotEnvSettingsSource(Settings).env_vars
    except (OSError, UnicodeDecodeError):
        return ()  # `problems` says so
    close = {name: get_close_matches(name, Settings.model_fields, n=1, cutoff=0.8) for name in written}
    return tuple(
        f"{FILE} has {name.upper()}, which I do not know. Did you mean {match.upper()}?"
        for name, matches in close.items()
        for match in matches
        if match != name
    )


def _sentence(error: ErrorDetails) -> tuple[str, str]:
    field = str(error["loc"][0])
    variable = field.upper()
    source = f" {SOURCES[field]}" if field in SOURCES else ""
    if error["type"] == "missing":
        return variable, f"{variable} is missing.{source}"
    cause = error.get("ctx", {}).get("error")
    expected = cause.expected if isinstance(cause, Unexpected) else "true or false"
    given = (cause.given if isinstance(cause, Unexpected) else None) or str(error["input"])
    if error["input"] is None:
        return variable, f"{variable} is not {expected}."
    return variable, f"{variable}: {_shown(field, given)} is not {expected}.{source}"


def _shown(field: str, given: str) -> str:
    """What was given, as far as it may be read: no secret, nor what looks like one in the wrong place."""
    if "SecretStr" in str(Settings.model_fields[field].annotation):
        return "what was given (not shown)"
    masked = re.sub(r"://\S*@", "://***@", re.sub(r"([\w=-]{4})[\w=-]{20,}", r"\1…", given))
    return f'"{masked[:60]}…"' if len(masked) > 60 else f'"{masked}"'
