"""The room for the index."""

from hypothesis import given
from hypothesis import strategies as st

from medusa.media import reservation

durations = st.floats(0.1, 50_000)
rates = st.floats(1, 120)


def index_size(duration: float, fps: float, *, regular: bool) -> float:
    """What libavformat writes: sizes, display order, durations of irregular frames; half-second chunks."""
    video = duration * fps * (4 + 8 + 4 / fps + (0 if regular else 8))
    audio = duration * 48 * (4 + (0 if regular else 8))
    return 4096 + video + audio + 2 * 2 * duration * 20


@given(durations, rates, st.booleans())
def test_the_window_holds_the_index_or_is_the_largest(duration: float, fps: float, regular: bool) -> None:
    window = reservation.mp4(duration, fps=fps)
    assert window >= min(reservation.CAP, index_size(duration, fps, regular=regular))
    assert window >= min(reservation.LIMIT, index_size(duration, fps, regular=True))
    assert window <= max(reservation.CAP, 2 * index_size(duration, fps, regular=True))
    assert window <= reservation.LIMIT


@given(durations, st.floats(0, 1000), rates)
def test_it_grows_with_the_duration(duration: float, more: float, fps: float) -> None:
    assert reservation.mp4(duration + more, fps=fps) >= reservation.mp4(duration, fps=fps)
    assert reservation.matroska(duration + more) >= reservation.matroska(duration)


@given(durations, rates)
def test_sound_alone_takes_less(duration: float, fps: float) -> None:
    assert reservation.mp4(duration, has_video=False) <= reservation.mp4(duration, fps=fps)


@given(st.integers(0, reservation.CAP), durations)
def test_the_source_s_own_index_is_the_better_guide(size: int, duration: float) -> None:
    assert min(reservation.CAP, size) <= reservation.mp4(duration, source_index=size) <= reservation.CAP


def test_an_unknown_duration_gets_room_for_half_an_hour() -> None:
    assert reservation.mp4(None) == reservation.mp4(1800) == reservation.mp4(-1)
