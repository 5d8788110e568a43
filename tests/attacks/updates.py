"""Updates by chance, as Telegram's schema has them: of every kind, from everybody, about everything."""

from collections.abc import Callable
from random import Random
from typing import Any

from pyrogram import raw
from pyrogram.raw.core import TLObject

from tests.attacks import cast
from tests.attacks.attachments import Attachments
from tests.attacks.dice import Dice
from tests.attacks.messages import Messages
from tests.attacks.presses import Presses


class Chance:
    """Makes updates."""

    def __init__(self, chance: Random, jobs: tuple[str, ...], keep: Callable[[int, bytes], None]) -> None:
        """`jobs`: ids of downloads, batches and broadcasts that there are. `keep`: what a file holds."""
        self.chance, self._dice = chance, Dice(chance)
        self._messages = Messages(self._dice, Attachments(self._dice, keep))
        self._presses = Presses(self._dice, self._messages, jobs)
        self.shown = self._presses.shown
        """Buttons that the bot has shown, to be pressed by anybody."""

    def update(self) -> raw.types.Updates:
        """The next one."""
        kinds = (
            (self._messages.message, 35),
            (self._messages.story, 25),
            (self._presses.press, 30),
            (self._messages.edited, 3),
            (self._messages.service, 2),
            (self.membership, 2),
            (self.other, 3),
        )
        (make,) = self.chance.choices([make for make, _ in kinds], [weight for _, weight in kinds])
        update = make()
        people, places = _mentioned(update)
        names = self._dice.names()
        return raw.types.Updates(
            updates=[update],
            users=[cast.user(person, cast.MEDUSA if person == cast.BOT else names) for person in people],
            chats=[
                cast.small_group(self._dice.title())
                if place == cast.SMALL_GROUP
                else cast.channel(place, self._dice.title())
                for place in places
            ],
            date=1,
            seq=0,
        )

    def membership(self) -> Any:
        """Somebody was let in somewhere, or thrown out."""
        person = self.chance.choice((cast.BOT, cast.BOT, cast.USER))
        rights = raw.types.ChatAdminRights(post_messages=self.chance.random() < 0.5 or None)
        member = raw.types.ChannelParticipantAdmin(
            user_id=person, promoted_by=cast.OWNER, date=1, admin_rights=rights
        )
        left = raw.types.ChannelParticipantLeft(peer=raw.types.PeerUser(user_id=person))
        before, after = self.chance.choice(
            ((None, member), (member, None), (member, left), (left, member), (None, None))
        )
        return raw.types.UpdateChannelParticipant(
            channel_id=self.chance.choice(cast.PLACES),
            date=1,
            actor_id=cast.OWNER,
            user_id=person,
            prev_participant=before,
            new_participant=after,
            qts=1,
        )

    def other(self) -> Any:
        """What the bot does not listen to."""
        return self.chance.choice(
            (
                raw.types.UpdateNewMessage(
                    message=raw.types.MessageEmpty(id=self._dice.number()), pts=1, pts_count=1
                ),
                raw.types.UpdateDeleteMessages(messages=[1, 2], pts=1, pts_count=1),
                raw.types.UpdateBotInlineQuery(
                    query_id=self._dice.number(),
                    user_id=cast.USER,
                    query=self._dice.words.hostile(),
                    offset="",
                ),
                raw.types.UpdateUserStatus(user_id=cast.USER, status=raw.types.UserStatusEmpty()),
                raw.types.UpdateBotStopped(user_id=cast.USER, date=1, stopped=True, qts=1),
                raw.types.UpdateConfig(),
                raw.types.UpdateChannelTooLong(channel_id=cast.LOG),
            )
        )


def _mentioned(update: Any) -> tuple[list[int], list[int]]:
    """The people and the chats whose ids stand anywhere in an update."""
    found, waiting = set[int](), [update]
    while waiting:
        match waiting.pop():
            case int() as number:
                found.add(number)
            case list() as several:
                waiting += several
            case TLObject() as inner:
                waiting += (getattr(inner, name) for name in inner.__slots__)
    people = [person for person in (*cast.PEOPLE, cast.BOT, cast.ANOTHER_BOT) if person in found]
    return people, [place for place in (*cast.PLACES, cast.SMALL_GROUP) if place in found]
