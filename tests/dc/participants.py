"""Members of channels as schema objects."""

from typing import Any

from pyrogram.raw.types import (
    ChannelParticipant,
    ChannelParticipantAdmin,
    ChannelParticipantBanned,
    ChannelParticipantCreator,
    ChannelParticipantSelf,
    ChatBannedRights,
    PeerUser,
)

from tests.dc.lens import admin_rights
from tests.dc.members import Member, Status
from tests.dc.state import Account, Channel

Participant = (
    ChannelParticipant
    | ChannelParticipantAdmin
    | ChannelParticipantBanned
    | ChannelParticipantCreator
    | ChannelParticipantSelf
)


def participant(channel: Channel, account: Account, member: Member, viewer: Account) -> Participant | None:
    """`account` with the place `member` in `channel`; None for somebody who is not there."""
    common: dict[str, Any] = {"user_id": account.id, "date": channel.date}
    match member.status:
        case Status.CREATOR:
            return ChannelParticipantCreator(user_id=account.id, admin_rights=admin_rights(member.rights))
        case Status.ADMIN:
            mine = account is viewer
            rights = admin_rights(member.rights)
            return ChannelParticipantAdmin(
                **common,
                promoted_by=member.by,
                admin_rights=rights,
                is_self=mine or None,
                inviter_id=member.by if mine else None,
            )
        case Status.MEMBER if account is viewer:
            return ChannelParticipantSelf(**common, inviter_id=member.by)
        case Status.MEMBER:
            return ChannelParticipant(**common)
        case Status.KICKED:
            banned = ChatBannedRights(until_date=0, view_messages=True)
            return ChannelParticipantBanned(
                peer=PeerUser(user_id=account.id),
                kicked_by=member.by,
                date=channel.date,
                banned_rights=banned,
                left=True,
            )
    return None
