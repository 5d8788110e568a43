"""Logging a user in: a mistake may be made good, everything else says what ends it."""

from typing import cast

import pytest
from pyrogram import Client, errors
from pyrogram.errors import RPCError

from medusa.errors import MedusaError, SettingsError, TelegramUnreachable, WrongArgument
from medusa.telegram.login import Login


class FakeClient:
    """A client whose every step fails in this way."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def send_phone_number_code(self, phone: str) -> None:
        raise self.error

    async def check_password(self, password: str) -> None:
        raise self.error


def login(error: Exception) -> Login:
    return Login(cast(Client, FakeClient(error)))


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (errors.PhoneNumberInvalid(), WrongArgument, "no such phone number"),
        (errors.PhoneNumberBanned(), WrongArgument, "banned"),
        (errors.PhoneCodeInvalid(), WrongArgument, "not the code"),
        (errors.PhoneCodeExpired(), WrongArgument, "too old"),
        (errors.PasswordHashInvalid(), WrongArgument, "not the password"),
        (errors.BadRequest(), WrongArgument, "refused"),
        (errors.PhoneNumberFlood(), MedusaError, "tomorrow"),
        (errors.FloodWait(90), MedusaError, "in 1:30"),
        (errors.FloodWait(None), MedusaError, "in a while"),
        (errors.ApiIdInvalid(), SettingsError, "API_ID"),
        (errors.Unauthorized(), MedusaError, "refused the login"),
        (ConnectionError(), TelegramUnreachable, "does not answer"),
    ],
)
async def test_each_refusal_has_its_sentence(error: RPCError, kind: type[MedusaError], words: str) -> None:
    for step in (login(error).ask_code("+49 1"), login(error).enter_password("x")):
        with pytest.raises(MedusaError) as raised:
            await step
        assert type(raised.value) is kind
        assert words in raised.value.sentence


async def test_what_has_no_digit_is_no_phone_number() -> None:
    with pytest.raises(WrongArgument, match="no such phone number"):
        await login(AssertionError("nobody was asked")).ask_code("me")
