"""auth.*"""

from pyrogram.raw.functions.auth import ImportBotAuthorization, LogOut
from pyrogram.raw.types.auth import Authorization, LoggedOut

from tests.dc.dispatch import Call, handles
from tests.dc.errors import Refusal
from tests.dc.updates import look


@handles(ImportBotAuthorization, anonymous=True)
def import_bot_authorization(call: Call, query: ImportBotAuthorization) -> Authorization:
    """Log a bot in by its token."""
    for account in call.core.world.accounts.values():
        if account.token == query.bot_auth_token:
            call.session.key.account = account
            return Authorization(user=look(call.core, account).user(account))
    raise Refusal(400, "ACCESS_TOKEN_INVALID")


@handles(LogOut)
def log_out(call: Call, query: LogOut) -> LoggedOut:
    """Forget who uses this key."""
    call.session.key.account = None
    return LoggedOut()
