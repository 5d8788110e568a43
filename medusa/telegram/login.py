"""Logging a user in by phone number, code and password, as an app does; the result is a session string."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from pyrogram import Client
from pyrogram.errors import (
    ApiIdInvalid,
    BadRequest,
    FloodWait,
    PasswordHashInvalid,
    PhoneCodeEmpty,
    PhoneCodeExpired,
    PhoneCodeInvalid,
    PhoneNumberBanned,
    PhoneNumberFlood,
    PhoneNumberInvalid,
    PhonePasswordFlood,
    RPCError,
    SessionPasswordNeeded,
)
from pyrogram.types import User

from medusa.errors import MedusaError, SettingsError, TelegramUnreachable, WrongArgument
from medusa.text import human_wait

_MISTAKES: dict[type[RPCError], str] = {
    PhoneNumberInvalid: "Telegram knows no such phone number. Write it with its country code: +49 …",
    PhoneNumberBanned: "Telegram has banned this phone number.",
    PhoneCodeInvalid: "This is not the code that Telegram has sent.",
    PhoneCodeEmpty: "This is not the code that Telegram has sent.",
    PhoneCodeExpired: "This code is too old. A code that is shared in a chat becomes invalid, too.",
    PasswordHashInvalid: "This is not the password.",
}
_TOO_OFTEN = "Telegram has seen too many attempts with this number. Try again tomorrow."


class Session(NamedTuple):
    """A user who is logged in."""

    string: str
    """Secret: whoever has it is that user."""
    name: str
    """As "Pam Poe (@pam, id 7)", as far as there is each."""
    is_premium: bool


class Login:
    """One login: `ask_code`, `enter_code`, perhaps `enter_password`, `session`.

    Each raises WrongArgument for a mistake of the person, who may try that step again, and MedusaError for
    what ends it.
    """

    def __init__(self, client: Client) -> None:
        """`client`: connected, and nobody's."""
        self._client = client
        self._phone = self._code_hash = ""

    async def ask_code(self, phone: str) -> None:
        """Let Telegram send a code to this phone number's owner."""
        if not any(character.isdigit() for character in phone):
            raise WrongArgument(_MISTAKES[PhoneNumberInvalid])
        with _explained():
            sent = await self._client.send_phone_number_code(phone)
        self._phone, self._code_hash = phone, sent.phone_code_hash

    async def enter_code(self, code: str) -> bool:
        """Log in with the code; False when a password is wanted too."""
        with _explained():
            try:
                user = await self._client.sign_in(self._phone, self._code_hash, code.replace(" ", ""))
            except SessionPasswordNeeded:
                return False
        if not isinstance(user, User):
            raise MedusaError("This phone number has no Telegram account.")
        return True

    async def password_hint(self) -> str:
        """What the user has noted to remember the password by; mostly empty."""
        with _explained():
            return await self._client.get_password_hint() or ""

    async def enter_password(self, password: str) -> None:
        """Complete a login that wants a password."""
        with _explained():
            await self._client.check_password(password)

    async def session(self) -> Session:
        """The user who is logged in now."""
        with _explained():
            user = await self._client.get_me()
        string = await self._client.export_session_string()
        name = " ".join(part for part in (user.first_name, user.last_name) if part)
        at = f"@{user.username}, " if user.username else ""
        name = f"{name} ({at}id {user.id})".strip()
        return Session(string, name, bool(user.is_premium))


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except tuple(_MISTAKES) as error:
        sentence = next(text for kind, text in _MISTAKES.items() if isinstance(error, kind))
        raise WrongArgument(sentence) from error
    except (PhoneNumberFlood, PhonePasswordFlood) as error:
        raise MedusaError(_TOO_OFTEN) from error
    except FloodWait as error:
        wait = human_wait(float(error.value)) if isinstance(error.value, int) else "a while"
        raise MedusaError(f"Telegram has seen too many attempts. Try again in {wait}.") from error
    except ApiIdInvalid as error:
        raise SettingsError("API_ID and API_HASH are not accepted by Telegram.") from error
    except BadRequest as error:
        raise WrongArgument(f"Telegram refused that: {error.ID or error}.") from error
    except RPCError as error:
        raise MedusaError(f"Telegram refused the login: {error}") from error
    except OSError as error:
        raise TelegramUnreachable(detail=repr(error)) from error
