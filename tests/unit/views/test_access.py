"""What people read of cookies and of sites: it fits, it is valid, and it gives nothing away."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrogram.parser.html import HTML

from medusa.cookies import Overview, SiteCookies
from medusa.survey import BrokenSource, CustomSource, Survey
from medusa.text import MESSAGE_LIMIT, utf16_length
from medusa.views import cookies, sources
from medusa.views.view import View

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TEXTS = st.text(max_size=300) | st.just("<b>&amp;</b>" * 50)
SITES = st.builds(
    SiteCookies,
    site=st.text(max_size=300),
    count=st.integers(1, 5000),
    expired=st.integers(0, 1),
    first_expiry=st.none() | st.datetimes(datetime(2026, 11, 24), timezones=st.just(UTC)),
)
OVERVIEWS = st.builds(
    Overview,
    sites=st.lists(SITES, max_size=30).map(lambda sites: tuple(sites * 10)),
    changed=st.just(NOW),
    is_shared=st.booleans(),
    is_lost=st.booleans(),
)
SURVEYS = st.builds(
    Survey,
    version=TEXTS,
    built_in=st.integers(0, 10**6),
    custom=st.lists(st.builds(CustomSource, name=TEXTS, file=TEXTS), max_size=30).map(tuple),
    broken=st.lists(st.builds(BrokenSource, file=TEXTS, problem=TEXTS), max_size=30).map(tuple),
    match=TEXTS,
    match_is_custom=st.booleans(),
)
VIEWS: st.SearchStrategy[View] = st.one_of(
    st.builds(cookies.shown, st.none() | OVERVIEWS, st.just(NOW)),
    st.builds(cookies.kept, OVERVIEWS, st.just(NOW)),
    st.builds(cookies.shared, st.none() | OVERVIEWS, st.just(NOW)),
    st.builds(cookies.deleted, st.booleans()),
    st.just(cookies.gone()),
    st.builds(sources.survey, SURVEYS),
    st.builds(sources.matched, st.just("https://example.org/<b>"), SURVEYS),
)


@given(view=VIEWS)
async def test_every_view_fits(view: View) -> None:
    parsed = await HTML(None).parse(view.text)
    assert 0 < utf16_length(parsed["message"]) <= MESSAGE_LIMIT
    assert all(len(button.data.encode()) <= 64 for row in view.buttons for button in row)


@pytest.mark.parametrize(
    ("site", "line"),
    [
        (SiteCookies(site="a.org", count=1, expired=0, first_expiry=None), "a.org · 1 cookie\n"),
        (SiteCookies(site="a.org", count=2, expired=2, first_expiry=None), "a.org · 2 cookies · all expired"),
        (
            SiteCookies(site="a.org", count=3, expired=1, first_expiry=NOW + timedelta(days=2, hours=5)),
            "a.org · 3 cookies · 1 expired · the first expires in 2 days",
        ),
    ],
)
def test_a_site_tells_how_long_its_cookies_last(site: SiteCookies, line: str) -> None:
    view = cookies.shown(Overview(sites=(site,), changed=NOW - timedelta(hours=3)), NOW)
    assert line in view.text
    assert "3 hours old" in view.text
    assert view.buttons[0][0].data == "cookies:delete"


def test_the_owner_learns_that_their_cookies_are_everybodys() -> None:
    site = SiteCookies(site="a.org", count=1, expired=0, first_expiry=None)
    mine, ours = [
        cookies.kept(Overview(sites=(site,), changed=NOW, is_shared=shared), NOW) for shared in (False, True)
    ]
    assert "only your links" in mine.text
    assert "everybody's links" in ours.text.replace("&#x27;", "'")


def test_who_has_none_learns_how_to_get_some() -> None:
    assert "cookies.txt" in cookies.shown(None, NOW).text
    assert "has changed" in cookies.shown(Overview(sites=(), changed=NOW, is_lost=True), NOW).text
    assert "no shared cookies" in cookies.shared(None, NOW).text


def test_what_is_broken_is_named_with_its_problem() -> None:
    found = Survey(
        version="2026.10.26", built_in=3, broken=(BrokenSource(file="a.py", problem="NameError: b"),)
    )
    assert "a.py cannot be used: NameError: b" in sources.survey(found).text
    assert "Added here" not in sources.survey(Survey(version="2026.10.26", built_in=3)).text
