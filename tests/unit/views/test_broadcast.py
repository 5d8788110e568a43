"""What people read of a broadcast: it fits, and it says what they need to know."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medusa.broadcast import Audience, Broadcast, BroadcastState, Way
from medusa.model import Person
from medusa.views import broadcast as views
from tests.unit.test_broadcast import NOW, draft
from tests.unit.test_views import persons, shown, texts
from tests.unit.views.test_batch import assert_fits

counts = st.integers(0, 10**9)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
broadcasts = st.builds(
    Broadcast,
    id=st.just("A" * 12),
    by=persons,
    chat_id=st.integers(1, 2**53),
    message_id=st.just(7),
    way=st.sampled_from(Way),
    audience=st.sampled_from(Audience),
    state=st.sampled_from(BroadcastState),
    created=st.just(NOW),
    started=st.none() | st.just(NOW),
    finished=st.none() | moments,
    total=counts,
    sent=counts,
    blocked=counts,
    failed=counts,
    ended_by=st.none() | persons,
    problem=texts | st.just("x" * 5000),
)
reaches = st.fixed_dictionaries(dict.fromkeys(Audience, counts))
seconds = st.floats(0, 10**9)


@settings(max_examples=25)
@given(broadcasts, reaches, seconds, seconds)
async def test_every_view_fits(
    broadcast: Broadcast, reach: dict[Audience, int], left: float, held: float
) -> None:
    for view in (
        views.question(broadcast, reach),
        views.reachable(reach),
        views.under_way(broadcast, left, held),
        views.another_is_under_way(broadcast, left),
        views.summary(broadcast),
        views.dropped(),
        views.which_message(broadcast.way),
    ):
        await assert_fits(view)


async def test_the_question_says_how_many_and_marks_who_is_chosen() -> None:
    reach = {Audience.EVERYBODY: 61, Audience.ACCESS: 3, Audience.ACTIVE: 40}
    view = views.question(draft(audience=Audience.ACTIVE), reach)
    assert "40 people, as a message of mine" in await shown(view.text)
    labels = [button.label for row in view.buttons for button in row]
    assert labels == [
        "○ Everybody: 61",
        "○ With access: 3",
        "◉ Seen in 30 days: 40",
        "📣 Send to 40",
        "✖ Cancel",
    ]
    assert "with the name of who wrote it" in views.question(draft(way=Way.FORWARD), reach).text


async def test_progress_says_what_is_done_what_is_left_and_why_it_waits() -> None:
    running = draft(state=BroadcastState.RUNNING, total=100, sent=40, blocked=9, failed=1)
    text = await shown(views.under_way(running, 125.0, 0.0).text)
    assert "50%" in text
    assert "Sent: 40 · 🚫 Blocked: 9 · ❌ Failed: 1" in text
    assert "Left: 50 · about 2:05" in text
    assert "pause" not in text
    assert "a pause of 30 s" in views.under_way(running, 125.0, 30.0).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"state": BroadcastState.DONE}, "The broadcast is done."),
        (
            {"state": BroadcastState.CANCELLED, "ended_by": Person(id=2, name="B<b>")},
            "B<b> has cancelled the broadcast.",
        ),
        (
            {"state": BroadcastState.CANCELLED, "problem": "It was <deleted>."},
            "The broadcast stopped: It was <deleted>.",
        ),
    ],
)
async def test_the_summary_says_how_it_ended(fields: dict[str, object], sentence: str) -> None:
    text = await shown(views.summary(draft(total=9, sent=4, blocked=2, **fields)).text)
    assert text.startswith(f"📣 {sentence}\n")
    assert "Not sent to: 3" in text


def test_the_audit_has_the_numbers() -> None:
    done = draft(state=BroadcastState.DONE, total=9, sent=6, blocked=3)
    assert views.deed(done) == "everybody, 9 people"
    assert views.ended(done) == "done, sent 6, blocked 3, failed 0"
    stopped = done.evolve(state=BroadcastState.CANCELLED, sent=1, problem="Gone.")
    assert views.ended(stopped) == "cancelled, sent 1, blocked 3, failed 0, left out 5: Gone."
    assert views.ended(draft(state=BroadcastState.RUNNING)) == "started"
