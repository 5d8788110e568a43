"""When to try again: soon, later, and in the end never."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa import errors
from medusa.errors import (
    LoginNeeded,
    MedusaError,
    SlowedDown,
    SourceUnreachable,
    TelegramUnreachable,
    UploadError,
)
from medusa.jobs.retry import (
    JITTER,
    MAX_ATTEMPTS,
    MAX_COPY_ATTEMPTS,
    MAX_LOSSES,
    copy_retry_delay,
    is_poison,
    retry_delay,
)
from tests.unit.jobs.memory import queued

Decide = Callable[[MedusaError, int], float | None]
KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MedusaError)]
problems = st.sampled_from([kind for kind in KINDS if kind is not SlowedDown]).map(lambda kind: kind())
waits = st.floats(0, 10**6).map(SlowedDown)


def plain_retry_delay(error: MedusaError, attempts: int) -> float | None:
    return retry_delay(error, attempts, 0)


@pytest.mark.parametrize(
    ("error", "attempts", "delay"),
    [
        (SourceUnreachable(), 1, 5),
        (SourceUnreachable(), 2, 20),
        (SourceUnreachable(), 3, 80),
        (SourceUnreachable(), MAX_ATTEMPTS, None),
        (SlowedDown(7), 1, 7),
        (SlowedDown(7), MAX_ATTEMPTS, None),
        (LoginNeeded(), 1, None),
    ],
)
def test_a_download_is_tried_again(error: MedusaError, attempts: int, delay: float | None) -> None:
    assert retry_delay(error, attempts, 0) == delay


@pytest.mark.parametrize(
    ("error", "attempts", "delay"),
    [
        (TelegramUnreachable(), 1, 10),
        (TelegramUnreachable(), 2, 40),
        (TelegramUnreachable(), 7, 6 * 3600),
        (TelegramUnreachable(), MAX_COPY_ATTEMPTS, None),
        (UploadError(), 1, None),
        (SlowedDown(300), 1, 300),
        (SlowedDown(300), 1000, 300),
    ],
)
def test_a_log_copy_is_tried_again(error: MedusaError, attempts: int, delay: float | None) -> None:
    assert copy_retry_delay(error, attempts) == delay


@pytest.mark.parametrize("decide", [plain_retry_delay, copy_retry_delay])
@given(error=problems | waits, attempts=st.integers(1, 10**6))
def test_no_delay_is_negative(decide: Decide, error: MedusaError, attempts: int) -> None:
    delay = decide(error, attempts)
    assert delay is None or delay >= 0


@pytest.mark.parametrize("decide", [plain_retry_delay, copy_retry_delay])
@given(error=problems)
def test_the_delays_grow_and_end(decide: Decide, error: MedusaError) -> None:
    delays = list(takewhile(lambda delay: delay is not None, (decide(error, n) for n in count(1))))
    assert delays == sorted(delays, key=lambda delay: delay or 0)
    assert all(decide(error, n) is None for n in range(len(delays) + 1, 100))


@given(problems, st.integers(1, 100))
def test_only_what_may_get_better_is_tried_again(error: MedusaError, attempts: int) -> None:
    if not error.retryable:
        assert retry_delay(error, attempts, 0.5) is None
        assert copy_retry_delay(error, attempts) is None


@given(st.floats(0, 1), st.integers(1, MAX_ATTEMPTS - 1))
def test_chance_makes_a_delay_a_little_longer(chance: float, attempts: int) -> None:
    shortest = retry_delay(SourceUnreachable(), attempts, 0)
    delay = retry_delay(SourceUnreachable(), attempts, chance)
    assert shortest is not None
    assert delay is not None
    assert shortest <= delay <= shortest * (1 + JITTER)


def test_what_loses_many_workers_in_a_row_is_poison() -> None:
    assert [is_poison(queued(losses=n)) for n in (0, MAX_LOSSES, MAX_LOSSES + 1)] == [False, False, True]


def test_telegram_has_more_than_a_day_to_come_back() -> None:
    delays = [copy_retry_delay(TelegramUnreachable(), n) or 0 for n in range(1, MAX_COPY_ATTEMPTS)]
    assert timedelta(days=1) < timedelta(seconds=sum(delays)) < timedelta(days=2)
