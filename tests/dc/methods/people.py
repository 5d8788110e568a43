"""users.* and contacts.*"""

from typing import Any

from pyrogram.raw.functions.contacts import ResolveUsername
from pyrogram.raw.functions.users import GetFullUser, GetUsers
from pyrogram.raw.types import (
    BotInfo,
    PeerChannel,
    PeerNotifySettings,
    PeerSettings,
    PeerUser,
    User,
    UserFull,
)
from pyrogram.raw.types.contacts import ResolvedPeer
from pyrogram.raw.types.users import UserFull as FullUser

from tests.dc.access import find_account
from tests.dc.dispatch import Call, handles
from tests.dc.errors import Breach, Refusal
from tests.dc.state import Account
from tests.dc.updates import look


@handles(GetUsers)
def get_users(call: Call, query: GetUsers) -> list[Any]:
    """Those among the asked that the caller may see; the real service leaves the others out."""
    found: list[User] = []
    for peer in query.id:
        try:
            found.append(look(call.core, call.account).user(find_account(call, peer)))
        except Breach:
            raise
        except Refusal:
            continue
    return found


@handles(GetFullUser)
def get_full_user(call: Call, query: GetFullUser) -> FullUser:
    """One account with its details."""
    account = find_account(call, query.id)
    lens = look(call.core, call.account)
    lens.mention(account)
    chat = call.core.world.private(call.account, account)
    pinned = [
        one.ids[call.account.box] for one in chat.messages if one.pinned and call.account.box in one.ids
    ]
    full = UserFull(
        id=account.id,
        settings=PeerSettings(),
        notify_settings=PeerNotifySettings(),
        common_chats_count=0,
        blocked=account in call.account.blocked or None,
        can_pin_message=True,
        pinned_msg_id=pinned[-1] if pinned else None,
        bot_info=BotInfo(user_id=account.id, commands=account.commands.get(("default", "")))
        if account.is_bot
        else None,
    )
    return FullUser(full_user=full, chats=lens.places(), users=lens.people())


@handles(ResolveUsername)
def resolve_username(call: Call, query: ResolveUsername) -> ResolvedPeer:
    """A public name, with or without capitals."""
    found = call.core.world.by_username(query.username)
    if found is None:
        raise Refusal(400, "USERNAME_NOT_OCCUPIED")
    lens = look(call.core, call.account)
    lens.mention(found)
    peer = PeerUser(user_id=found.id) if isinstance(found, Account) else PeerChannel(channel_id=found.id)
    return ResolvedPeer(peer=peer, chats=lens.places(), users=lens.people())
