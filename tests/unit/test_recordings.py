"""Recordings that somebody may end."""

from medusa.recordings import Recordings


def test_what_is_under_way_is_ended() -> None:
    recordings, ended = Recordings(), []
    with (
        recordings.under_way("one", lambda: ended.append("one")),
        recordings.under_way("two", lambda: ended.append("two")),
    ):
        recordings.finish("two")
        assert ended == ["two"]
        recordings.finish_all()
        assert ended == ["two", "one", "two"]


def test_what_is_over_or_elsewhere_is_left_alone() -> None:
    recordings, ended = Recordings(), []
    with recordings.under_way("one", lambda: ended.append("one")):
        recordings.finish("elsewhere")
    recordings.finish("one")
    recordings.finish_all()
    assert ended == []
