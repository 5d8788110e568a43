"""The waits between attempts, and the pause of an account."""

from medusa.upload.pacing import MAX_ATTEMPTS, Gate, backoff


def test_backoff_doubles_up_to_half_a_minute() -> None:
    waits = [backoff(attempt) for attempt in range(1, MAX_ATTEMPTS)]
    assert waits[:4] == [0.5, 1.0, 2.0, 4.0]
    assert max(waits) == 30.0
    assert 120 < sum(waits) < 240


async def test_the_gate_opens_when_the_longest_pause_is_over() -> None:
    now, slept = 100.0, list[float]()

    async def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(seconds)
        now += seconds

    gate = Gate(clock=lambda: now, sleep=sleep)
    await gate.wait()
    assert (slept, gate.remaining) == ([], 0.0)
    gate.hold(12)
    gate.hold(3)
    assert gate.remaining == 12
    await gate.wait()
    assert (slept, gate.remaining) == ([12.0], 0.0)
