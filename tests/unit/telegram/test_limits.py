"""What Telegram says of its limits, and what it does not say."""

import pytest
from pyrogram.raw.base.help import AppConfig as AnyAppConfig
from pyrogram.raw.types import JsonNull, JsonNumber, JsonObject, JsonObjectValue, JsonString
from pyrogram.raw.types.help import AppConfig, AppConfigNotModified

from medusa.telegram.limits import Limits, limits_of


def answer(**values: JsonNumber | JsonString | JsonNull) -> AppConfig:
    entries = [JsonObjectValue(key=key, value=value) for key, value in values.items()]
    return AppConfig(hash=1, config=JsonObject(value=entries))


def test_what_telegram_says_holds() -> None:
    said = answer(
        emojies_sounds=JsonNull(),
        upload_max_fileparts_default=JsonNumber(value=5000.0),
        upload_max_fileparts_premium=JsonNumber(value=16000.0),
    )
    assert limits_of(said) == Limits(bot=5000, premium=16000)


@pytest.mark.parametrize(
    "said",
    [
        answer(),
        answer(upload_max_fileparts_default=JsonString(value="many")),
        answer(upload_max_fileparts_default=JsonNumber(value=0.0)),
        answer(upload_max_fileparts_default=JsonNumber(value=float("nan"))),
        answer(upload_max_fileparts_default=JsonNumber(value=float("inf"))),
        AppConfig(hash=1, config=JsonNull()),
        AppConfigNotModified(),
    ],
)
def test_where_it_says_nothing_sensible_the_known_limits_hold(said: AnyAppConfig) -> None:
    assert limits_of(said) == Limits(bot=4000, premium=8000)
