"""Who writes to the bot in the fuzz run, and where: one of each sort, as Telegram describes them."""

from typing import Any, NamedTuple

from pyrogram import raw

BOT = 7000001
OWNER, ADMIN, USER, OTHER, GUEST, BANNED, DEAF, STRANGER = range(5000001, 5000009)
"""DEAF has blocked the bot; what is written to them is refused. OTHER is a user like USER."""
PEOPLE = (OWNER, ADMIN, USER, OTHER, GUEST, BANNED, DEAF, STRANGER)
ANOTHER_BOT = 5000099

LOG, OWN, FOREIGN, GROUP, OPEN, FORUM = range(1000000001, 1000000007)
"""Channels: of the log, of USER, of nobody the bot knows; groups: closed, open, and one with topics."""
PLACES = (LOG, OWN, FOREIGN, GROUP, OPEN, FORUM)
BROADCASTS = (LOG, OWN, FOREIGN)
SMALL_GROUP = 4000001
"""A group of the old sort, which is no channel."""

Peer = raw.types.PeerUser | raw.types.PeerChannel | raw.types.PeerChat


def marked(channel: int) -> int:
    """A channel's id as bots write it."""
    return -1000000000000 - channel


class Names(NamedTuple):
    """What somebody calls themselves at this moment."""

    first: str = "Ann"
    last: str | None = None
    username: str | None = None


ANN = Names()
MEDUSA = Names("Medusa", None, "medusa_bot")


def user(person: int, names: Names = ANN) -> raw.types.User:
    """Somebody."""
    return raw.types.User(
        id=person,
        access_hash=person,
        is_self=person == BOT or None,
        bot=person in (BOT, ANOTHER_BOT) or None,
        bot_info_version=1 if person in (BOT, ANOTHER_BOT) else None,
        first_name=names.first,
        last_name=names.last,
        username=names.username,
        lang_code="en",
    )


def channel(number: int, title: str = "Channel") -> raw.types.Channel:
    """A channel or a group, of which the bot is an admin."""
    return raw.types.Channel(
        id=number,
        title=title,
        photo=raw.types.ChatPhotoEmpty(),
        date=1,
        access_hash=number,
        broadcast=number in BROADCASTS or None,
        megagroup=number not in BROADCASTS or None,
        forum=number == FORUM or None,
        admin_rights=raw.types.ChatAdminRights(post_messages=True, edit_messages=True),
    )


def small_group(title: str = "Small group") -> raw.types.Chat:
    """The group that is no channel."""
    return raw.types.Chat(
        id=SMALL_GROUP, title=title, photo=raw.types.ChatPhotoEmpty(), participants_count=2, date=1, version=1
    )


def everybody() -> list[raw.base.User]:
    """All whom an answer may mention."""
    return [user(person) for person in (*PEOPLE, BOT, ANOTHER_BOT)]


def everywhere() -> list[raw.base.Chat]:
    """All places that an answer may mention."""
    return [*(channel(number) for number in PLACES), small_group()]


def people_in(peer: Any) -> list[raw.base.User]:
    """Who is at the other side of a private chat."""
    return [user(peer.user_id)] if isinstance(peer, raw.types.PeerUser) else []


def places_in(peer: Any) -> list[raw.base.Chat]:
    """The chat, where it is none with one person."""
    match peer:
        case raw.types.PeerChannel():
            return [channel(peer.channel_id)]
        case raw.types.PeerChat():
            return [small_group()]
    return []


def peer_of(given: Any) -> Peer:
    """Where a request is addressed to."""
    match given:
        case raw.types.InputPeerChannel() | raw.types.InputChannel():
            return raw.types.PeerChannel(channel_id=given.channel_id)
        case raw.types.InputPeerChat():
            return raw.types.PeerChat(chat_id=given.chat_id)
        case raw.types.InputPeerSelf() | raw.types.InputUserSelf():
            return raw.types.PeerUser(user_id=BOT)
    return raw.types.PeerUser(user_id=given.user_id)
