"""What a deployer may set, what it is for, and a sentence for each mistake.

The only reader of the environment. Values come from there, then from `config.env` in the current directory;
an empty value is no value. Instead of X, either may have X_FILE, a file with the value (`setting_files.py`).
"""

import os
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from medusa.errors import SettingsError
from medusa.setting_files import SUFFIX, Given, read_files
from medusa.setting_sentences import sentence
from medusa.setting_types import (
    Database,
    Directory,
    FetchAllow,
    Grace,
    Hash,
    Host,
    Jobs,
    Level,
    MongoUri,
    OptionsFile,
    Phrase,
    Port,
    Positive,
    ProxyUrl,
    PublicKey,
    RedisUrl,
    Server,
    Session,
    Sessions,
    SourcesDir,
    TelegramIds,
    Token,
    Unexpected,
    unquoted,
)

FILE = "config.env"

_INSTALLER = (
    *("HOME", "PIP_CONFIG_FILE", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX"),
    *("PIP_CERT", "PIP_CLIENT_CERT", "PIP_TRUSTED_HOST", "PIP_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"),
    *("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"),
)
"""pip's own variables; its files of settings lie under HOME."""


class Duty(StrEnum):
    """What a process does: `python app.py DUTY`."""

    WORKER = "worker"  # everything
    BOT = "bot"  # speaks with people, and brings the log copies
    TRANSFER = "transfer"  # carries downloads out; any number of them

    @property
    def is_front(self) -> bool:
        """It speaks with people. There is one such process."""
        return self is not Duty.TRANSFER

    @property
    def transfers(self) -> bool:
        """It carries downloads out."""
        return self is not Duty.BOT


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

    api_id: Positive = Field(
        description="Number of your Telegram application; https://my.telegram.org shows it."
    )
    api_hash: Hash = Field(description="Secret: hash of your Telegram application, from the same page.")
    bot_token: Token = Field(description="Secret: token of the bot, from https://t.me/BotFather.")
    owner: Positive | None = Field(
        default=None, description="Telegram id of the person who may do everything."
    )
    user_session_string: Session | None = Field(
        default=None,
        description="Secret: session of a Premium account, for files up to 4 GB; ./scripts/session makes it.",
    )
    mongodb_uri: MongoUri | None = Field(
        default=None, description="Secret: address of the MongoDB server; empty: a private one in DATA_DIR."
    )
    database_name: Database = Field(default="medusa", description="Database on that server.")
    redis_url: RedisUrl | None = Field(
        default=None, description="Secret: address of a Redis server; several processes share the work by it."
    )
    log_channels: TelegramIds = Field(
        default=(), description="Ids of the channels that get a copy of every finished message."
    )
    backup_log_channels: TelegramIds = Field(
        default=(), description="Ids of the channels that get the copies while no log channel works."
    )
    auth_users: TelegramIds = Field(default=(), description="Ids of the people who may send links.")
    public: bool = Field(default=False, description="Whether everybody may send links.")
    telegram_server: Server = Field(
        default=None, description="host:port of another Telegram server than the official one."
    )
    telegram_server_key: PublicKey | None = Field(
        default=None, validate_default=True, description="PEM file with the public key of that server."
    )
    telegram_proxy: ProxyUrl | None = Field(
        default=None, description="Secret: socks5:// or http:// proxy on the way to Telegram."
    )
    fetch_proxy: ProxyUrl | None = Field(
        default=None,
        description="Secret: socks5:// or http:// proxy on the way to sites.",
    )
    fetch_allow: FetchAllow = Field(
        default=(), description="host:port or networks (10.0.0.0/8) to fetch from although they are private."
    )
    sources_dir: SourcesDir | None = Field(
        default=None, description="Directory with yt-dlp plugins, the only ones that are loaded."
    )
    ytdlp_options: OptionsFile | None = Field(
        default=None, description="JSON or TOML file with options of yt-dlp, such as extractor_args."
    )
    cookies_key: Phrase | None = Field(
        default=None,
        description="Secret: encrypts the cookies of people; empty: made of BOT_TOKEN and API_HASH.",
    )
    archive: bool = Field(
        default=True, description="Whether a file that a log channel has is sent from there, at once."
    )
    max_concurrent_jobs: Jobs = Field(default=3, description="Downloads at the same time, 1 to 50.")
    max_jobs_per_user: Jobs | None = Field(
        default=None,
        description="Downloads of one person at the same time, in all processes; empty: as many as are free.",
    )
    stop_grace: Grace = Field(
        default=5,
        description="Seconds that a download which is nearly ready gets when the bot is stopped, 0 to 20.",
    )
    upload_sessions: Sessions = Field(
        default=4, description="Connections to Telegram for each upload, 1 to 8."
    )
    start_report: bool = Field(
        default=True, description="Whether the owner is told how the bot is when it has started."
    )
    port: Port | None = Field(
        default=None, description="Port to answer on about health and metrics; empty: none. Platforms set it."
    )
    health_host: Host = Field(default="0.0.0.0", description="Address to answer on; :: is IPv6 and IPv4.")
    metrics_token: Phrase | None = Field(
        default=None, description="Secret: who reads /metrics must show it; empty: everybody may."
    )
    log_level: Level = Field(
        default="INFO", description="Least important lines to log: DEBUG, INFO, WARNING or ERROR."
    )
    log_json: bool = Field(default=False, description="Whether to log one JSON object a line.")
    data_dir: Directory = Field(default=Path("data"), description="Directory for what the bot keeps on disk.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What code says goes before the environment, that before files, those before `config.env`."""
        files = InitSettingsSource(settings_cls, {**_files().texts})
        return init_settings, env_settings, files, dotenv_settings

    @model_validator(mode="before")
    @classmethod
    def _bare_texts(cls, values: dict[str, object]) -> dict[str, object]:
        bare = {name: unquoted(value) for name, value in values.items()}
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


def load_settings(duty: Duty = Duty.WORKER) -> Settings:
    """The settings, complete and valid for this duty; SettingsError names every variable that is not."""
    wrong = problems()
    if wrong:
        raise SettingsError("\n".join([*wrong.values(), *typos()]))
    settings = Settings()
    needed = {"MONGODB_URI": settings.mongodb_uri, "REDIS_URL": settings.redis_url}
    missing = [variable for variable, value in needed.items() if value is None]
    if duty is not Duty.WORKER and missing:
        raise SettingsError(
            "\n".join(
                f"{variable} is missing: {duty} processes share their work by it." for variable in missing
            )
        )
    return settings


def installer_environment() -> dict[str, str]:
    """What pip is told of where packages come from, and how to get there."""
    return {name: os.environ[name] for name in _INSTALLER if name in os.environ}


def duty_of(arguments: list[str]) -> Duty:
    """What the command line asks for. Raises SettingsError."""
    known = list(Duty)
    if len(arguments) > 1 or not set(arguments) <= set(known):
        raise SettingsError(f'"{" ".join(arguments)}" is none of {", ".join(known)}.')
    return Duty(arguments[0]) if arguments else Duty.WORKER


def problems(**given: str) -> dict[str, str]:
    """A sentence for each variable that is missing or wrong, where `given` texts replace what is set."""
    values: dict[str, Any] = {variable.lower(): text for variable, text in given.items()}
    try:
        unread = _files().wrong
        Settings(**values)
    except ValidationError as error:
        found = dict(_sentence(details) for details in error.errors())
        return {**{name: text for name, text in found.items() if name + SUFFIX not in unread}, **unread}
    except (OSError, UnicodeDecodeError) as error:
        return {FILE: f"{FILE} cannot be read: {error}."}
    return unread


def typos() -> tuple[str, ...]:
    """A hint for each variable of `config.env` that is none of ours but looks like one."""
    try:
        written = _written()
    except (OSError, UnicodeDecodeError):
        return ()  # `problems` says so
    known = [name + suffix for name in Settings.model_fields for suffix in ("", SUFFIX.lower())]
    close = {name: get_close_matches(name, known, n=1, cutoff=0.8) for name in written if name not in known}
    return tuple(
        f"{FILE} has {name.upper()}, which I do not know. Did you mean {match.upper()}?"
        for name, matches in close.items()
        for match in matches
    )


def _files() -> Given:
    """What the files say that variables of the environment, or of `config.env`, name."""
    environment = {name.lower(): text for name, text in os.environ.items()}
    return read_files(Settings.model_fields, {**_written(), **environment})


def _written() -> dict[str, str | None]:
    """The variables of `config.env`, in lower case. Raises OSError and UnicodeDecodeError."""
    return dict(DotEnvSettingsSource(Settings).env_vars)


def _sentence(error: ErrorDetails) -> tuple[str, str]:
    field = str(error["loc"][0])
    return field.upper(), sentence(error, field, is_secret=is_secret(field))


def is_secret(field: str) -> bool:
    """Whether nobody may read this setting in a log."""
    return "SecretStr" in str(Settings.model_fields[field].annotation)
