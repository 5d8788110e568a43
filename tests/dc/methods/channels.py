"""channels.*"""

from pyrogram.raw.functions.channels import (
    GetChannels,
    GetFullChannel,
    GetParticipant,
    GetParticipants,
    JoinChannel,
    LeaveChannel,
)
from pyrogram.raw.types import (
    ChannelFull,
    ChannelParticipantsAdmins,
    ChannelParticipantsKicked,
    PeerNotifySettings,
    PhotoEmpty,
    Updates,
)
from pyrogram.raw.types.channels import ChannelParticipant, ChannelParticipants
from pyrogram.raw.types.messages import ChatFull, Chats

from tests.dc.access import find_account, find_channel, visible_channel
from tests.dc.dispatch import Call, handles
from tests.dc.errors import Refusal
from tests.dc.members import Member, Status
from tests.dc.participants import participant
from tests.dc.state import Account, Channel
from tests.dc.updates import container, look, updates_for


@handles(GetChannels)
def get_channels(call: Call, query: GetChannels) -> Chats:
    """Also those that threw the caller out: they come as channelForbidden."""
    lens = look(call.core, call.account)
    return Chats(chats=[lens.channel(find_channel(call, peer)) for peer in query.id])


@handles(GetFullChannel)
def get_full_channel(call: Call, query: GetFullChannel) -> ChatFull:
    """One channel with its details."""
    channel = visible_channel(call, query.channel)
    lens = look(call.core, call.account)
    lens.mention(channel)
    everybody = channel.members.values()
    pinned = [number for number, message in channel.box.messages.items() if message.pinned]
    full = ChannelFull(
        id=channel.id,
        about="",
        read_inbox_max_id=0,
        read_outbox_max_id=0,
        unread_count=0,
        chat_photo=PhotoEmpty(id=0),
        notify_settings=PeerNotifySettings(),
        bot_info=[],
        pts=channel.box.pts,
        can_view_participants=channel.member(call.account).is_admin or None,
        participants_count=sum(one.is_inside for one in everybody),
        admins_count=sum(one.is_admin for one in everybody),
        kicked_count=sum(one.status is Status.KICKED for one in everybody),
        banned_count=0,  # shares its flag with kicked_count
        pinned_msg_id=pinned[-1] if pinned else None,
    )
    return ChatFull(full_chat=full, chats=lens.places(), users=lens.people())


@handles(GetParticipant)
def get_participant(call: Call, query: GetParticipant) -> ChannelParticipant:
    """The place of one account; others than oneself only for administrators of a broadcast channel."""
    channel = visible_channel(call, query.channel)
    account = find_account(call, query.participant)
    if account is not call.account:
        _check_member_list(call, channel)
    found = participant(channel, account, channel.member(account), call.account)
    if found is None:
        raise Refusal(400, "USER_NOT_PARTICIPANT")
    lens = look(call.core, call.account)
    for one in (channel, account, call.core.world.accounts.get(channel.member(account).by, account)):
        lens.mention(one)
    return ChannelParticipant(participant=found, chats=lens.places(), users=lens.people())


@handles(GetParticipants)
def get_participants(call: Call, query: GetParticipants) -> ChannelParticipants:
    """A page of the member list."""
    channel = visible_channel(call, query.channel)
    _check_member_list(call, channel)
    wanted = [account for account, member in channel.members.items() if _fits(query.filter, account, member)]
    lens = look(call.core, call.account)
    page = wanted[query.offset : query.offset + query.limit]
    for account in page:
        lens.mention(account)
        lens.mention(call.core.world.accounts.get(channel.member(account).by, account))
    found = [participant(channel, account, channel.member(account), call.account) for account in page]
    return ChannelParticipants(
        count=len(wanted),
        participants=[one for one in found if one],
        chats=lens.places(),
        users=lens.people(),
    )


@handles(JoinChannel)
def join_channel(call: Call, query: JoinChannel) -> Updates:
    """Come in, where it is public."""
    call.refuse_bots()
    channel = visible_channel(call, query.channel)
    if channel.member(call.account).is_inside:
        raise Refusal(400, "USER_ALREADY_PARTICIPANT")
    change = call.core.world.move(channel, call.account, Member(Status.MEMBER), call.account)
    lens = look(call.core, call.account)
    return container(lens, updates_for(lens, change))


@handles(LeaveChannel)
def leave_channel(call: Call, query: LeaveChannel) -> Updates:
    """Go away."""
    channel = visible_channel(call, query.channel)
    if not channel.member(call.account).is_inside:
        raise Refusal(400, "USER_NOT_PARTICIPANT")
    change = call.core.world.move(channel, call.account, Member(), call.account)
    lens = look(call.core, call.account)
    return container(lens, updates_for(lens, change))


def _check_member_list(call: Call, channel: Channel) -> None:
    if channel.broadcast and not channel.member(call.account).is_admin:
        raise Refusal(400, "CHAT_ADMIN_REQUIRED")


def _fits(wanted: object, account: Account, member: Member) -> bool:
    match wanted:
        case ChannelParticipantsAdmins():
            return member.is_admin
        case ChannelParticipantsKicked():
            return member.status is Status.KICKED
    query = getattr(wanted, "q", "") or ""
    return member.is_inside and query.lower() in account.name.lower()
