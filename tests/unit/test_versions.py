"""Which versions are at work."""

from datetime import date, timedelta
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st

import medusa
from medusa.versions import read_versions
from medusa.ytdlp_age import age_days, installed_ytdlp

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("release", "days"),
    [
        ("2026.10.26", 32),
        ("2026.11.27", 0),
        ("2026.12.01", 0),
        ("2026.11.26.232859.dev0", 1),
        ("2026.11.26.post1", 1),
        ("2026.13.40", None),
        ("1.2", None),
        ("", None),
    ],
)
def test_a_release_tells_its_age(release: str, days: int | None) -> None:
    assert age_days(release, TODAY) == days


@given(st.dates(date(2000, 1, 1)), st.integers(0, 5000))
def test_every_day_counts(released: date, days: int) -> None:
    try:
        today = released + timedelta(days=days)
    except OverflowError:
        return
    assert age_days(f"{released.year:04}.{released.month:02}.{released.day:02}", today) == days


def test_they_are_those_that_are_installed() -> None:
    found = read_versions(TODAY)
    assert (found.bot, found.ytdlp, found.pyav) == (medusa.__version__, version("yt-dlp"), version("av"))
    assert installed_ytdlp() == found.ytdlp
    assert found.ytdlp_days == age_days(found.ytdlp, TODAY)
