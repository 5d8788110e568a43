"""The settings that ./scripts/migrate needs: where the bot's database is, and what the other bot was told.

The bot's own are those of medusa/config.py, and a mistake in them is told in its words. Mistakes in others do
not matter here: in the environment of the original bot, AUTH_USERS may hold what this bot would refuse.
"""

from pathlib import Path
from typing import NamedTuple

from dotenv import dotenv_values
from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from medusa.config import FILE, Settings, problems
from medusa.errors import SettingsError, WrongArgument
from medusa.setting_types import Database, Directory, MongoUri, Positive, unquoted

_FIELDS = Settings.model_fields


class _Needed(BaseSettings):
    """Some of the bot's."""

    model_config = SettingsConfigDict(**{**Settings.model_config, "env_file": FILE})

    owner: Positive | None = None
    mongodb_uri: MongoUri | None = None
    database_name: Database = str(_FIELDS["database_name"].default)
    data_dir: Directory = Path(_FIELDS["data_dir"].default)

    @model_validator(mode="before")
    @classmethod
    def _bare_texts(cls, values: dict[str, object]) -> dict[str, object]:
        bare = {name: unquoted(value) for name, value in values.items()}
        return {name: value for name, value in bare.items() if value != ""}


class _Others(BaseSettings):
    """Those of the original bot and of its rewrite, as they were written."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    auth_users: str = ""
    channels: str = ""
    log_channels: str = ""
    backup_log_channels: str = ""
    owner: str = ""
    database_url: str = ""


class Home(NamedTuple):
    """Where the bot's database is."""

    uri: str | None
    """None: in `directory`."""
    name: str
    directory: Path
    owner: int | None


def load_home() -> Home:
    """As the bot has it. Raises SettingsError."""
    wrong = {
        variable: sentence
        for variable, sentence in problems().items()
        if variable == FILE or variable.lower() in _Needed.model_fields
    }
    if wrong:
        raise SettingsError("\n".join(wrong.values()))
    found = _Needed()
    uri = found.mongodb_uri.get_secret_value() if found.mongodb_uri else None
    directory = found.data_dir / "mongo"
    if uri is None and not directory.is_dir():
        raise SettingsError(
            f"The bot has no database here: MONGODB_URI is not set, and there is no {directory}. Set "
            "MONGODB_URI as the bot has it, or run this where the bot runs."
        )
    return Home(uri, found.database_name, directory, found.owner)


def variables_of(file: Path | None) -> dict[str, str]:
    """The original bot's variables, by their names in capitals: of this process, or of an env file. Raises
    WrongArgument."""
    if file is None:
        return {name.upper(): value for name, value in _Others().model_dump().items()}
    try:
        found = dotenv_values(file, interpolate=False, encoding="utf-8-sig") if file.is_file() else None
    except (OSError, UnicodeDecodeError) as error:
        raise WrongArgument(f"{file} cannot be read: {error}.") from error
    if found is None:
        raise WrongArgument(f"There is no file {file}.")
    return {name.upper(): value or "" for name, value in found.items()}
