"""Telegram's errors become ours: the person reads a sentence, and the worker knows what may get better."""

import pytest
from pyrogram import errors as telegram
from pyrogram.errors import RPCError

from medusa.errors import (
    AccountLost,
    ChatUnavailable,
    MedusaError,
    PartsMissing,
    SlowedDown,
    TelegramUnreachable,
    UploadError,
)
from medusa.telegram.errors import translated


def translation(error: Exception) -> MedusaError:
    """What becomes of an error."""
    with pytest.raises(MedusaError) as raised, translated():
        raise error
    assert raised.value.__cause__ is error
    return raised.value


@pytest.mark.parametrize("kind", [telegram.FloodWait, telegram.FloodPremiumWait])
def test_a_flood_wait_says_for_how_long(kind: type[RPCError]) -> None:
    problem = translation(kind(17))
    assert isinstance(problem, SlowedDown)
    assert problem.seconds == 17


@pytest.mark.parametrize("value", [None, "soon"])
def test_a_flood_wait_without_a_number_is_a_short_one(value: str | None) -> None:
    problem = translation(telegram.FloodWait(value))
    assert isinstance(problem, SlowedDown)
    assert problem.seconds == 1


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (telegram.FilePartMissing(3), PartsMissing),
        (telegram.FilePartsInvalid(), PartsMissing),
        (telegram.UserIsBlocked(), ChatUnavailable),
        (telegram.InputUserDeactivated(), ChatUnavailable),
        (telegram.PeerIdInvalid(), ChatUnavailable),
        (telegram.ChannelInvalid(), ChatUnavailable),
        (telegram.ChannelPrivate(), ChatUnavailable),
        (telegram.ChatAdminRequired(), ChatUnavailable),
        (telegram.ChatWriteForbidden(), ChatUnavailable),
        (telegram.UserBannedInChannel(), ChatUnavailable),
        (telegram.ChatForwardsRestricted(), ChatUnavailable),
        (telegram.Forbidden(), ChatUnavailable),
        (telegram.AuthKeyUnregistered(), AccountLost),
        (telegram.SessionRevoked(), AccountLost),
        (telegram.AuthKeyDuplicated(), AccountLost),
        (telegram.InternalServerError(), TelegramUnreachable),
        (telegram.ServiceUnavailable(), TelegramUnreachable),
        (ConnectionResetError("gone"), TelegramUnreachable),
        (TimeoutError(), TelegramUnreachable),
        (telegram.MediaEmpty(), UploadError),
        (telegram.MessageTooLong(), UploadError),
    ],
)
def test_every_error_has_its_kind(error: Exception, kind: type[MedusaError]) -> None:
    problem = translation(error)
    assert type(problem) is kind
    assert problem.detail, "the log needs to know what Telegram said"


def test_a_chat_problem_says_what_is_wrong_with_the_chat() -> None:
    sentences = {
        translation(kind()).sentence
        for kind in (telegram.UserIsBlocked, telegram.ChannelPrivate, telegram.ChatAdminRequired)
    }
    assert len(sentences) == 3
    assert all(sentence.startswith(("You", "I ")) for sentence in sentences)


@pytest.mark.parametrize("error", [ZeroDivisionError(), ValueError(), ChatUnavailable()])
def test_what_is_not_telegrams_is_left_alone(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, translated():
        raise error
    assert raised.value is error
