"""A log channel: how it is, when it is tried again, and whether its owner has to hear of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.log_channel import (
    LONGEST_PROBE_SECONDS,
    WORKING,
    LogChannel,
    due_channels,
    lost_channels,
)

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
MAIN = LogChannel(id=-1, title="Main")
SECOND = LogChannel(id=-2, title="Second")
SPARE = LogChannel(id=-3, title="Spare", backup=True)


def broken(channel: LogChannel, *, told: bool = False) -> LogChannel:
    return channel.evolve(**channel.failing("I am banned.", NOW), told=told)


def test_one_that_works_may_be_tried_and_is_no_news() -> None:
    assert MAIN.works
    assert MAIN.may_be_tried(NOW)
    assert not MAIN.has_news


def test_one_that_fails_is_left_alone_for_a_while() -> None:
    channel = broken(MAIN)
    assert not channel.works
    assert (channel.error, channel.since) == ("I am banned.", NOW)
    assert not channel.may_be_tried(NOW + timedelta(seconds=9))
    assert channel.may_be_tried(NOW + timedelta(seconds=10))


def test_it_is_tried_less_and_less_often_but_always_again() -> None:
    channel, now, waits = MAIN, NOW, list[float]()
    for _ in range(1000):
        channel = channel.evolve(**channel.failing("I am banned.", now))
        assert channel.next_probe is not None
        waits.append((channel.next_probe - now).total_seconds())
        now = channel.next_probe
    assert waits[:4] == [10, 40, 160, 640]
    assert set(waits[5:]) == {LONGEST_PROBE_SECONDS}
    assert channel.since == NOW, "it has been broken since the first failure"


def test_what_works_again_has_forgotten_its_failures() -> None:
    assert broken(broken(MAIN)).evolve(**WORKING) == MAIN


@pytest.mark.parametrize(
    ("channel", "news"),
    [
        (MAIN, False),
        (broken(MAIN), True),
        (broken(MAIN, told=True), False),
        (broken(MAIN, told=True).evolve(**WORKING), True),
        (broken(broken(MAIN, told=True), told=True), False),
    ],
)
def test_the_owner_hears_of_a_change_once(channel: LogChannel, news: bool) -> None:
    assert channel.has_news is news


def test_every_file_is_due_in_all_primary_channels_even_while_they_do_not_work() -> None:
    assert due_channels([MAIN, broken(SECOND), SPARE]) == [MAIN, broken(SECOND)]
    assert due_channels([broken(MAIN), SPARE]) == [broken(MAIN)]
    assert due_channels([SPARE]) == [SPARE]
    assert due_channels([]) == []


def test_the_backups_are_needed_when_the_last_primary_is_lost() -> None:
    assert lost_channels([MAIN, broken(SECOND), SPARE]) == []
    assert lost_channels([broken(MAIN), broken(SECOND), SPARE]) == [broken(MAIN), broken(SECOND)]
    assert lost_channels([broken(SPARE)]) == []
    assert lost_channels([]) == []


@given(st.lists(st.sampled_from([MAIN, SECOND, SPARE, broken(MAIN), broken(SPARE)])))
def test_what_is_lost_was_due(channels: list[LogChannel]) -> None:
    assert all(channel in due_channels(channels) for channel in lost_channels(channels))
