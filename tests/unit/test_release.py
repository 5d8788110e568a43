"""What versions of yt-dlp say, and which one counts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import WrongArgument
from medusa.release import STALE_DAYS, Decision, Release, ejs_pin, is_newer, is_same, parsed, wanted

DAYS = st.dates(date(2021, 1, 1), date(2099, 12, 31))


def version(day: date) -> str:
    return f"{day.year}.{day.month}.{day.day}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026.10.26", "2026.10.26"),
        (" 2026.08.09 ", "2026.8.9"),
        ("2026.10.26.220202.dev0", "2026.10.26.220202.dev0"),
        ("2026.10.26.220202dev", "2026.10.26.220202.dev0"),
        ("2026.10.26.dev", "2026.10.26.dev0"),
        ("2026.10.26.12", "2026.10.26.12"),
    ],
)
def test_a_version_is_read(text: str, found: str) -> None:
    assert parsed(text) == found
    assert parsed(found) == found


@pytest.mark.parametrize(
    "text",
    [
        *("", "latest", "1.0", "2026", "2026.10", "2026.13.1", "2026.2.30", "1999.1.1", "2026.10.26 --pre"),
        *("--index-url=http://evil.example", "2026.10.26;python", "2026.10.26\n-e .", "../2026.10.26"),
        *(
            "2026.10.26.",
            "２０２６.10.26",
            "git+https://e.org/x",
            "2026.10.26/..",
            "=2026.1.1",
        ),
    ],
)
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(WrongArgument, match="is a date"):
        parsed(text)


@given(st.text(alphabet="0123456789.dev-/=; \n", max_size=30))
def test_whatever_is_typed_a_version_is_a_plain_name(text: str) -> None:
    try:
        found = parsed(text)
    except WrongArgument:
        return
    assert set(found) <= set("0123456789.dev")
    assert found[0] == "2"
    assert ".." not in found


@given(DAYS, DAYS)
def test_the_later_day_is_newer(one: date, other: date) -> None:
    assert is_newer(version(one), version(other)) == (one > other)
    assert is_same(f"{one:%Y.%m.%d}", version(other)) == (one == other)


def test_what_is_of_the_same_day() -> None:
    assert is_newer("2026.10.26.220202.dev0", "2026.10.26")
    assert is_same("2026.10.26.220202", "2026.10.26.220202.dev0")
    assert not is_same("2026.10.26", "2026.10.26.220202.dev0")
    assert not is_same("whatever", "2026.10.26")


@given(DAYS, st.integers(-10, 1000))
def test_a_release_ages(day: date, days: int) -> None:
    release, today = Release(version=version(day)), day + timedelta(days=days)
    assert release.day == day
    assert release.age(today) == max(0, days)
    assert release.is_stale(today) == (days > STALE_DAYS)


@pytest.mark.parametrize(
    ("chosen", "over", "shipped", "counts"),
    [
        ("", "", "2026.10.26", ""),
        ("2026.11.20", "2026.10.26", "2026.10.26", "2026.11.20"),
        ("2026.8.19", "2026.10.26", "2026.10.26", "2026.8.19"),  # an older one, on purpose
        ("2026.11.20", "2026.10.26", "2026.12.1", ""),  # a deploy has overtaken it
        ("2026.12.5", "2026.10.26", "2026.12.1", "2026.12.5"),
        ("2026.12.1", "2026.10.26", "2026.12.1", ""),
        ("2026.11.20", "2026.12.1", "2026.10.26", "2026.11.20"),  # the deploy was taken back
    ],
)
def test_which_one_counts(chosen: str, over: str, shipped: str, counts: str) -> None:
    decision = Decision(version=chosen, over=over, at=datetime(2026, 11, 27, tzinfo=UTC))
    assert wanted(decision, shipped) == counts


@pytest.mark.parametrize(
    ("line", "pin"),
    [
        ('yt-dlp-ejs==0.8.0; extra == "default"', "0.8.0"),
        ("yt_dlp_ejs == 1.2 ; extra == 'default'", "1.2"),
        ("yt-dlp-ejs (==0.3.1) ; extra == 'default'", "0.3.1"),
        ("yt-dlp-ejs==0.8.0", "0.8.0"),
        ("yt-dlp-ejs>=0.8.0; extra == 'default'", None),
        ("yt-dlp-ejs==0.8.*; extra == 'default'", None),
        ("yt-dlp-ejs @ https://evil.example/x.whl", None),
        ("yt-dlp-ejs-extra==1.0", None),
        ("not-yt-dlp-ejs==0.8.0", None),
        ("requests<3,>=2.32.2; extra == 'default'", None),
    ],
)
def test_the_scripts_that_a_release_needs(line: str, pin: str | None) -> None:
    assert ejs_pin(["brotli; extra == 'default'", line]) == pin
