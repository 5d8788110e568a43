"""What the owner reads of yt-dlp: true, short, and safe whatever a release says."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrogram.parser.html import HTML

from medusa.errors import MedusaError
from medusa.release import Decision, Failure, Overview, Release, Step
from medusa.text import MESSAGE_LIMIT, utf16_length
from medusa.views import ytdlp
from medusa.views.view import View

TODAY = date(2026, 11, 27)
SHIPPED = Release(version="2026.10.26")
OTHER = Release(version="2026.8.19", is_shipped=False)
HOSTILE = st.text(max_size=300) | st.just("<b>&amp;</b>" * 200) | st.just("\u202e" + "😀" * 3000)


def overview(in_use: Release = SHIPPED, *, weekly: bool = False, **decision: object) -> Overview:
    decided = Decision.model_validate(decision)
    return Overview(in_use=in_use, shipped=SHIPPED.version, decision=decided, weekly=weekly)


def labels(view: View) -> list[tuple[str, str]]:
    return [(button.label, button.data) for row in view.buttons for button in row]


def test_the_shipped_one() -> None:
    view = ytdlp.page(overview(), TODAY)
    assert view.text == (
        "🧩 <b>yt-dlp 2026.10.26</b>\n"
        "Released on 26 Oct 2026, 32 days ago. It came with me.\n"
        "Newer ones install themselves once a week: <b>off</b>."
    )
    assert labels(view) == [
        ("⬇ Install the newest", "ytdlp:it:update:"),
        ("🔄 Weekly: turn on", "ytdlp:it:weekly:on"),
    ]


def test_another_one_that_is_old() -> None:
    view = ytdlp.page(overview(OTHER, weekly=True, version=OTHER.version), TODAY)
    assert "100 days ago. It was installed beside 2026.10.26, which came with me." in view.text
    assert "⚠️ It is older than 60 days" in view.text
    assert ("↩ Back to 2026.10.26", "ytdlp:it:reset:") in labels(view)
    assert ("🔄 Weekly: turn off", "ytdlp:it:weekly:off") in labels(view)


@pytest.mark.parametrize(("day", "words"), [(26, "today."), (27, "1 day ago."), (28, "2 days ago.")])
def test_the_age(day: int, words: str) -> None:
    assert ytdlp.released(SHIPPED, date(2026, 10, day)) == f"Released on 26 Oct 2026, {words}"


def test_what_was_chosen_but_is_not_here() -> None:
    assert "2026.11.20 was chosen, but is not used here." in (
        ytdlp.page(overview(version="2026.11.20"), TODAY).text
    )


@given(why=HOSTILE)
async def test_whatever_a_release_says_the_messages_fit_and_are_valid(why: str) -> None:
    failure = Failure(version="2026.11.20", why=why, at=datetime(2026, 11, 27, tzinfo=UTC))
    problem = MedusaError(why or "No.")
    for view in (
        ytdlp.page(overview(failed=failure), TODAY),
        ytdlp.given_up(failure, SHIPPED.version),
        ytdlp.missing("2026.11.20", SHIPPED.version, problem),
        ytdlp.not_renewed(problem),
        ytdlp.refused(problem, OTHER),
    ):
        parsed = await HTML(None).parse(view.text)
        assert utf16_length(str(parsed["message"])) <= MESSAGE_LIMIT
        assert "\u202e" not in view.text
        assert all(len(data.encode()) <= 64 for _, data in labels(view))


def test_an_update_from_its_beginning_to_its_end() -> None:
    assert ytdlp.beginning("").text == "⏳ I install the newest yt-dlp …"
    assert ytdlp.step(Step.INSTALLING, "2026.8.19") == ytdlp.beginning("2026.8.19")
    assert ytdlp.step(Step.TRYING, "2026.8.19").text == "🔎 I try yt-dlp 2026.8.19 on a sample …"
    assert "in the place of 2026.10.26" in ytdlp.used(OTHER, SHIPPED, TODAY).text
    assert "nothing newer" in ytdlp.used(SHIPPED, SHIPPED, TODAY).text
    assert "2026.10.26, which came with me" in ytdlp.shipped_again(SHIPPED).text
    assert "came with me" not in ytdlp.renewed(OTHER, TODAY).text
    assert ytdlp.weekly(True) != ytdlp.weekly(False)
