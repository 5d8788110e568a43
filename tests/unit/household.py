"""A bot's people without a database behind its policy."""

from medusa.people import People, UserStore
from medusa.policy import Policy


class FixedPolicies:
    """Policies that stay as they are."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    async def current(self) -> Policy:
        return self._policy


class FixedChats:
    """Groups in which everybody may send links."""

    def __init__(self, *chats: int) -> None:
        self._chats = chats

    async def is_open(self, chat_id: int) -> bool:
        return chat_id in self._chats


def people_of(
    users: UserStore,
    *,
    owner: int | None = None,
    auth_users: tuple[int, ...] = (),
    public: bool = False,
    chats: tuple[int, ...] = (),
    policy: Policy | None = None,
) -> People:
    """People as these settings have them."""
    policies = FixedPolicies(policy or Policy(public=public))
    return People(users, policies, FixedChats(*chats), owner=owner, auth_users=frozenset(auth_users))
