"""Which account carries a plan out."""

from medusa.media import pieces
from medusa.model import Plan
from medusa.telegram.account import BotAccount
from medusa.telegram.premium import Premium
from medusa.transfer import Account
from medusa.upload.parts import PART_SIZE


def may_exceed(plan: Plan, limit: int) -> bool:
    """Whether the file of a plan is larger than this many bytes, or may turn out to be. Pure."""
    if plan.size is None:
        return True
    return pieces.may_exceed(plan.size + plan.head_window, limit, is_exact=plan.size_is_exact)


class Accounts:
    """The bot, and perhaps a Premium user for what is too large for it."""

    def __init__(self, bot: BotAccount, premium: Premium | None) -> None:
        self._bot = bot
        self._premium = premium

    def join(self, premium: Premium | None) -> None:
        """From now on there is such a user, or none."""
        self._premium = premium

    @property
    def premium(self) -> Premium | None:
        """The user whose session this process has at the moment."""
        return self._premium

    async def for_plan(self, plan: Plan) -> Account:
        """The account that carries this plan out. It is chosen before the first byte is uploaded: an upload
        cannot change hands."""
        if self._premium is not None and may_exceed(plan, self._bot.max_parts * PART_SIZE):
            return await self._premium.account() or self._bot
        return self._bot

    def give_up(self, account: Account) -> bool:
        """Telegram has ended this account's session; whether another can take its place."""
        if self._premium is None or account is self._bot:
            return False
        self._premium.lose()
        return True
