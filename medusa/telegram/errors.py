"""Telegram's errors become ours, here and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager

from pyrogram.errors import (
    AuthKeyDuplicated,
    ChannelInvalid,
    ChannelPrivate,
    ChatAdminRequired,
    ChatForwardsRestricted,
    ChatIdInvalid,
    ChatRestricted,
    ChatWriteForbidden,
    FilePartMissing,
    FilePartsInvalid,
    FloodPremiumWait,
    FloodWait,
    Forbidden,
    InputUserDeactivated,
    InternalServerError,
    PeerIdInvalid,
    RPCError,
    ServiceUnavailable,
    TopicClosed,
    TopicClosed406,
    TopicDeleted,
    TopicDeleted406,
    Unauthorized,
    UserBannedInChannel,
    UserIsBlocked,
    UsernameInvalid,
    UsernameNotOccupied,
)

from medusa.errors import (
    AccountLost,
    ChatUnavailable,
    PartsMissing,
    SlowedDown,
    TelegramUnreachable,
    UploadError,
)

_CHAT_PROBLEMS: dict[type[RPCError], str] = {
    UserIsBlocked: "You have blocked me, so I cannot write to you.",
    InputUserDeactivated: "This account does not exist any more.",
    PeerIdInvalid: "I do not know this chat. Add me there first, then try again.",
    ChannelInvalid: "I do not know this chat. Add me there first, then try again.",
    ChatIdInvalid: "I do not know this chat. Add me there first, then try again.",
    ChannelPrivate: "I am not a member of that chat (any more).",
    ChatAdminRequired: "I am not an admin of that chat.",
    ChatWriteForbidden: "I may not post messages in that chat.",
    UserBannedInChannel: "I am banned from posting in that chat.",
    ChatRestricted: "Telegram has restricted that chat.",
    ChatForwardsRestricted: "That chat forbids copying its messages.",
    TopicClosed: "That topic is closed.",
    TopicClosed406: "That topic is closed.",
    TopicDeleted: "That topic does not exist any more.",
    TopicDeleted406: "That topic does not exist any more.",
    UsernameInvalid: "I do not know this name.",
    UsernameNotOccupied: "I do not know this name.",
}


@contextmanager
def translated() -> Iterator[None]:
    """Run one call; raises SlowedDown, PartsMissing, ChatUnavailable, TelegramUnreachable, AccountLost or
    UploadError."""
    try:
        yield
    except (FloodWait, FloodPremiumWait) as error:
        raise SlowedDown(_seconds(error), detail=str(error)) from error
    except (FilePartMissing, FilePartsInvalid) as error:
        raise PartsMissing(detail=str(error)) from error
    except tuple(_CHAT_PROBLEMS) as error:
        raise ChatUnavailable(_sentence(error), detail=str(error)) from error
    except Forbidden as error:
        raise ChatUnavailable(detail=str(error)) from error
    except (Unauthorized, AuthKeyDuplicated) as error:
        raise AccountLost(detail=str(error)) from error
    except (InternalServerError, ServiceUnavailable, OSError) as error:
        raise TelegramUnreachable(detail=f"{type(error).__name__}: {error}") from error
    except RPCError as error:
        raise UploadError(detail=str(error)) from error


def _sentence(error: RPCError) -> str:
    return next(text for kind, text in _CHAT_PROBLEMS.items() if isinstance(error, kind))


def _seconds(error: FloodWait | FloodPremiumWait) -> float:
    return float(error.value) if isinstance(error.value, int) else 1.0
