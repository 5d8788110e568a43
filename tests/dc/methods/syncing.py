"""updates.*: what a client missed."""

import time
from collections.abc import Sequence
from typing import Any

from pyrogram.raw.functions.updates import (
    GetChannelDifference,
    GetDifference,
    GetState,
)
from pyrogram.raw.types import UpdateChannelTooLong
from pyrogram.raw.types.updates import (
    ChannelDifference,
    ChannelDifferenceEmpty,
    Difference,
    DifferenceEmpty,
    DifferenceSlice,
    State,
)

from tests.dc.access import visible_channel
from tests.dc.dispatch import Call, handles
from tests.dc.errors import Refusal
from tests.dc.lens import Lens
from tests.dc.state import Box, Change, Kind
from tests.dc.updates import change_update, look

_SLICE = 100


@handles(GetState)
def get_state(call: Call, query: GetState) -> State:
    """Where the account is now."""
    return _state(call.account.box.pts)


@handles(GetDifference)
def get_difference(call: Call, query: GetDifference) -> Difference | DifferenceEmpty | DifferenceSlice:
    """What happened in private chats since `pts`, and which channels moved since `date`."""
    box = call.account.box
    missed = _since(box, query.pts)
    lens = look(call.core, call.account)
    channels = [
        UpdateChannelTooLong(channel_id=channel.id, pts=channel.box.pts)
        for channel in call.core.world.channels.values()
        if channel.member(call.account).is_inside
        and channel.box.history
        and channel.box.history[-1].date >= query.date
    ]
    if not missed and not channels:
        return DifferenceEmpty(date=int(time.time()), seq=0)
    page = missed[:_SLICE]
    messages, others = _replay(lens, box, page)
    common: dict[str, Any] = {"new_messages": messages, "new_encrypted_messages": [], "other_updates": others}
    for update in channels:
        lens.mention(call.core.world.channels[update.channel_id])
    common |= {"chats": lens.places(), "users": lens.people()}
    if len(page) < len(missed):
        return DifferenceSlice(**common, intermediate_state=_state(page[-1].pts))
    others += channels
    return Difference(**common, state=_state(box.pts))


@handles(GetChannelDifference)
def get_channel_difference(
    call: Call, query: GetChannelDifference
) -> ChannelDifference | ChannelDifferenceEmpty:
    """What happened in one channel since `pts`."""
    channel = visible_channel(call, query.channel)
    missed = _since(channel.box, query.pts)
    if not missed:
        return ChannelDifferenceEmpty(pts=channel.box.pts, final=True, timeout=30)
    lens = look(call.core, call.account)
    page = missed[: max(1, min(query.limit, _SLICE))]
    messages, others = _replay(lens, channel.box, page)
    lens.mention(channel)
    return ChannelDifference(
        pts=page[-1].pts,
        new_messages=messages,
        other_updates=others,
        chats=lens.places(),
        users=lens.people(),
        final=len(page) == len(missed) or None,
        timeout=30,
    )


def _state(pts: int) -> State:
    return State(pts=pts, qts=0, date=int(time.time()), seq=0, unread_count=0)


def _since(box: Box, pts: int) -> Sequence[Change]:
    if not 0 < pts <= box.pts:
        raise Refusal(400, "PERSISTENT_TIMESTAMP_INVALID")
    return [change for change in box.history if change.pts > pts]


def _replay(lens: Lens, box: Box, changes: Sequence[Change]) -> tuple[list[Any], list[Any]]:
    """New messages as they are today, and the other updates that do not concern them."""
    fresh = {number for change in changes if change.kind is Kind.NEW for number in change.ids}
    messages = [lens.message(box.messages[number], box) for number in sorted(fresh) if number in box.messages]
    others = [
        change_update(lens, box, change, box.messages.get(change.ids[0]))
        for change in changes
        if change.kind is not Kind.NEW and not fresh.issuperset(change.ids) and _still_matters(box, change)
    ]
    return messages, others


def _still_matters(box: Box, change: Change) -> bool:
    return change.kind is Kind.DELETE or change.ids[0] in box.messages
