"""What a deployer reads of a value that is missing or wrong."""

from pydantic_core import ErrorDetails

from medusa.setting_types import Unexpected, masked

SOURCES = {
    "api_id": "Get it from https://my.telegram.org.",
    "api_hash": "Get it from https://my.telegram.org.",
    "bot_token": "Get it from https://t.me/BotFather.",
    "owner": "https://t.me/userinfobot tells yours.",
    "user_session_string": "./scripts/session makes one.",
}
"""Where to get a value that is missing or wrong."""


def sentence(error: ErrorDetails, field: str, *, is_secret: bool) -> str:
    """What is wrong with this setting, and where to get a right value."""
    variable = field.upper()
    source = f" {SOURCES[field]}" if field in SOURCES else ""
    if error["type"] == "missing":
        return f"{variable} is missing.{source}"
    cause = error.get("ctx", {}).get("error")
    expected = cause.expected if isinstance(cause, Unexpected) else "true or false"
    given = (cause.given if isinstance(cause, Unexpected) else None) or str(error["input"])
    if error["input"] is None:
        return f"{variable} is not {expected}."
    shown = "what was given (not shown)" if is_secret else _shown(given)
    return f"{variable}: {shown} is not {expected}.{source}"


def _shown(given: str) -> str:
    """What was given, without what looks like a secret in the wrong place."""
    text = masked(given)
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'
