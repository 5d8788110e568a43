"""Which packets belong to a section."""

from fractions import Fraction
from typing import cast

import pytest
from av.packet import Packet
from hypothesis import given
from hypothesis import strategies as st

from medusa.media.child import section
from medusa.media.child.lanes import Lane, Placed
from medusa.media.child.section import within
from medusa.media.child.span import Span


class Track:
    """Stands for a lane: a section asks for its number only."""

    def __init__(self, number: int) -> None:
        self.number = number


LANES = [cast(Lane, Track(number)) for number in range(2)]
TICK = Fraction(1, 100)


def placed(lane: int, time: int, *, key: bool = True, delay: int = 0, size: int = 10) -> Placed:
    """A packet that is shown at `time` hundredths of a second and decoded so much earlier."""
    packet = Packet(size)
    packet.time_base, packet.pts, packet.dts, packet.is_keyframe = TICK, time, time - delay, key
    return Placed(time / 100, LANES[lane], packet, 4)


def film(length: int, *, group: int, sound: bool = True) -> list[Placed]:
    """A picture each tenth of a second, every `group`-th one a key frame; sound in between."""
    packets = [placed(0, t * 10, key=t % group == 0) for t in range(length)]
    if sound:
        packets += [placed(1, t * 10 + 5) for t in range(length)]
    return sorted(packets, key=lambda p: (p.time, p.lane.number))


def times(packets: list[Placed], lane: int) -> list[int]:
    return [round(p.time * 100) for p in packets if p.lane.number == lane]


@given(
    st.integers(1, 60),
    st.integers(1, 20),
    st.integers(0, 700),
    st.none() | st.integers(1, 700),
    st.booleans(),
)
def test_from_the_key_frame_before_to_the_end(
    length: int, group: int, start: int, seconds: int | None, sound: bool
) -> None:
    end = None if seconds is None else start + seconds
    whole = film(length, group=group, sound=sound)
    found = list(within(whole, Span(start / 100, None if end is None else end / 100)))
    if not any(p.time > start / 100 for p in whole):
        assert found == []
        return
    begin = max(t for t in range(0, length * 10, group * 10) if t <= start)
    for lane in (0, 1):
        wanted = [t for t in times(whole, lane) if t >= begin and (end is None or t < end)]
        assert times(found, lane) == wanted


def test_sound_alone_is_exact_to_a_packet() -> None:
    whole = [placed(0, t) for t in range(0, 1000, 2)]
    assert times(list(within(whole, Span(3.01, 4.0))), 0) == list(range(300, 400, 2))


def test_pictures_that_are_shown_before_the_end_are_not_lost() -> None:
    """They may come behind one that is shown later."""
    whole = [
        placed(0, 0),
        placed(0, 40, key=False, delay=30),
        *(placed(0, 40, key=False, delay=20) for _ in "ab"),
    ]
    whole += [placed(0, 80, key=False, delay=30), placed(0, 120, key=False, delay=30)]
    assert len(list(within(whole, Span(0.0, 0.35)))) == 4


def test_nothing_behind_the_end_is_read() -> None:
    source = iter(film(1000, group=10))
    assert list(within(source, Span(1.0, 2.0)))
    assert next(source).time < 3.0


def test_where_there_is_no_key_frame_before_it_begins_late() -> None:
    whole = film(50, group=10)[15:]
    assert times(list(within(whole, Span(0.9, None))), 0)[0] == 100


def test_what_is_kept_before_the_start_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(section, "HELD", 40_000)
    found = list(within(film(100, group=60), Span(5.5, None)))
    assert times(found, 0)[0] == 600


def test_a_section_behind_the_end_is_empty() -> None:
    assert list(within(film(10, group=5), Span(2.0, 3.0))) == []
