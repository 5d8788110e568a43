"""auth.* and account.getPassword."""

import re
import secrets

from pyrogram.crypto.prime import CURRENT_DH_PRIME as PRIME
from pyrogram.raw.functions.account import GetPassword
from pyrogram.raw.functions.auth import CheckPassword, ImportBotAuthorization, LogOut, SendCode, SignIn
from pyrogram.raw.types import (
    InputCheckPasswordSRP,
    PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow,
    PasswordKdfAlgoUnknown,
    SecurePasswordKdfAlgoUnknown,
)
from pyrogram.raw.types.account import Password
from pyrogram.raw.types.auth import (
    Authorization,
    AuthorizationSignUpRequired,
    LoggedOut,
    SentCode,
    SentCodeTypeApp,
)

from tests.dc import srp
from tests.dc.dispatch import Call, handles
from tests.dc.errors import Refusal
from tests.dc.state import Account
from tests.dc.updates import look

_DIGITS = 5


@handles(ImportBotAuthorization, anonymous=True)
def import_bot_authorization(call: Call, query: ImportBotAuthorization) -> Authorization:
    """Log a bot in by its token."""
    for account in call.core.world.accounts.values():
        if account.token == query.bot_auth_token:
            return _logged_in(call, account)
    raise Refusal(400, "ACCESS_TOKEN_INVALID")


@handles(SendCode, anonymous=True)
def send_code(call: Call, query: SendCode) -> SentCode:
    """Send a code to whoever has this phone number."""
    if not re.fullmatch(r"[0-9]{7,15}", query.phone_number):
        raise Refusal(400, "PHONE_NUMBER_INVALID")
    code = "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
    call.core.login_codes[query.phone_number] = (secrets.token_hex(9), code)
    phone_code_hash, _ = call.core.login_codes[query.phone_number]
    return SentCode(type=SentCodeTypeApp(length=_DIGITS), phone_code_hash=phone_code_hash)


@handles(SignIn, anonymous=True)
def sign_in(call: Call, query: SignIn) -> Authorization | AuthorizationSignUpRequired:
    """Log a person in by the code; with two-step verification that is the first step."""
    phone_code_hash, code = call.core.login_codes.get(query.phone_number, ("", ""))
    if not phone_code_hash or query.phone_code_hash != phone_code_hash:
        raise Refusal(400, "PHONE_CODE_EXPIRED")
    if not query.phone_code:
        raise Refusal(400, "PHONE_CODE_EMPTY")
    if query.phone_code != code:
        raise Refusal(400, "PHONE_CODE_INVALID")
    del call.core.login_codes[query.phone_number]
    accounts = call.core.world.accounts.values()
    account = next((one for one in accounts if one.phone == query.phone_number), None)
    if account is None:
        return AuthorizationSignUpRequired()
    if account.password is not None:
        call.session.key.challenge = (account, srp.Challenge(account.password))
        raise Refusal(401, "SESSION_PASSWORD_NEEDED")
    return _logged_in(call, account)


@handles(GetPassword, anonymous=True)
def get_password(call: Call, query: GetPassword) -> Password:
    """What a client must know to prove that it knows the password; each question is a new one."""
    if call.session.key.challenge is None:
        raise Refusal(401, "AUTH_KEY_UNREGISTERED")
    account, _ = call.session.key.challenge
    question = srp.Challenge(account.password or "")
    call.session.key.challenge = (account, question)
    algorithm = PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(
        salt1=question.salt1, salt2=question.salt2, g=srp.GENERATOR, p=PRIME.to_bytes(256, "big")
    )
    return Password(
        has_password=True,
        current_algo=algorithm,
        srp_B=question.public,
        srp_id=question.id,
        hint="the usual",
        new_algo=PasswordKdfAlgoUnknown(),
        new_secure_algo=SecurePasswordKdfAlgoUnknown(),
        secure_random=secrets.token_bytes(16),
    )


@handles(CheckPassword, anonymous=True)
def check_password(call: Call, query: CheckPassword) -> Authorization:
    """The second step."""
    if call.session.key.challenge is None:
        raise Refusal(401, "AUTH_KEY_UNREGISTERED")
    account, question = call.session.key.challenge
    answer = query.password
    if not isinstance(answer, InputCheckPasswordSRP) or answer.srp_id != question.id:
        raise Refusal(400, "SRP_ID_INVALID")
    if not question.verify(answer.A, answer.M1):
        raise Refusal(400, "PASSWORD_HASH_INVALID")
    call.session.key.challenge = None
    return _logged_in(call, account)


@handles(LogOut)
def log_out(call: Call, query: LogOut) -> LoggedOut:
    """Forget who uses this key."""
    call.session.key.account = None
    return LoggedOut()


def _logged_in(call: Call, account: Account) -> Authorization:
    call.session.key.account = account
    return Authorization(user=look(call.core, account).user(account))
