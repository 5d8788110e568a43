"""What people read of batches: it fits, it is valid, and it says what was meant."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.batch import OF_FILE, OF_PLAYLIST, Batch, BatchState, Failure, Question, Tally
from medusa.batch_answers import PAGE
from medusa.batch_text import BadLine, Entry, Sort, read
from medusa.model import Download, Item
from medusa.spans import united, whole
from medusa.text import CAPTION_LIMIT, MESSAGE_LIMIT, utf16_length
from medusa.views import batch as views
from medusa.views.view import View
from medusa.wishes import Wish
from tests.unit.jobs.memory import queued
from tests.unit.test_views import Strict, persons, shown, texts, urls

NOW = datetime(2026, 11, 23, tzinfo=UTC)

counts = st.integers(1, 20_000)
batches = st.builds(
    lambda count, spans, questions, **fields: Batch(
        id="a" * 12, chat_id=5, message_id=7, count=count, chosen=spans, created=NOW, started=NOW,
        questions=questions, **fields,
    ),
    counts,
    st.sets(st.integers(1, 200), min_size=1).map(lambda found: united([(n, n) for n in found])),
    st.sampled_from([OF_FILE, OF_PLAYLIST, *((question,) for question in Question)]),
    person=persons,
    name=texts,
    state=st.sampled_from([*BatchState]),
    bad=st.lists(st.builds(BadLine, counts, texts, texts), max_size=20).map(tuple),
    bad_count=st.integers(0, 9999),
    sorts=st.just(tuple((sort, 20_000) for sort in Sort)),
    is_playlist=st.booleans(),
    is_cut=st.booleans(),
    is_cancelled=st.booleans(),
    credit=texts,
    wish=st.none() | st.just(Wish(max_height=720)),
    finished=st.none() | st.just(NOW + timedelta(hours=3)),
)  # fmt: skip
tallies = st.builds(
    Tally, **{name: st.integers(0, 20_000) for name in ("queued", "running", "done", "failed", "cancelled")}
)
failures = st.lists(
    st.builds(Failure, number=counts, url=urls, name=texts, error=texts), min_size=1, max_size=30
)
entries = st.lists(st.builds(Entry, url=urls, name=texts), min_size=1, max_size=40)
running = st.lists(texts, max_size=5).map(lambda titles: [queued().evolve(title=title) for title in titles])


async def assert_fits(view: View, limit: int = MESSAGE_LIMIT) -> None:
    Strict(view.text)
    text = await shown(view.text)
    assert text.strip()
    assert utf16_length(text) <= limit
    assert "\u202e" not in text
    assert sum(len(row) for row in view.buttons) <= 100
    for button in (button for row in view.buttons for button in row):
        assert button.label.strip()
        assert utf16_length(button.label) <= 100
        assert 0 < len(button.data.encode()) <= 64
    assert all(view.buttons), "a row without buttons"


@given(batches)
async def test_every_question_fits(batch: Batch) -> None:
    await assert_fits(views.question(batch))


@given(batches, entries, st.integers(-3, 99))
async def test_every_page_to_pick_from_fits(batch: Batch, listed: list[Entry], page: int) -> None:
    view = views.picking(batch, listed, page)
    await assert_fits(view)
    picks = [button for row in view.buttons for button in row if ":pick:" in button.data]
    assert 1 <= len(picks) <= PAGE


@given(batches, tallies, running, st.none() | st.floats(0, 1e9))
async def test_how_a_batch_stands_fits(
    batch: Batch, tally: Tally, now: list[Download], left: float | None
) -> None:
    view = views.live(batch, tally, now, left)
    await assert_fits(view)
    assert bool(view.buttons) is (batch.state is not BatchState.OVER and not batch.is_cancelled)


@given(batches, tallies, st.integers(0, 2**60), failures)
async def test_the_end_of_a_batch_fits_a_caption(
    batch: Batch, tally: Tally, size: int, failed: list[Failure]
) -> None:
    text = views.summary(batch, tally, size, hashtags=True)
    await assert_fits(View(text), CAPTION_LIMIT)
    assert (await shown(text)).endswith("#batch #summary #download")
    whole_text = views.with_failures(views.summary(batch, tally, size, hashtags=False), failed)
    await assert_fits(View(whole_text, views.retry_button(batch, len(failed))), CAPTION_LIMIT)


@given(failures)
def test_the_list_of_failed_links_may_be_sent_again(failed: list[Failure]) -> None:
    text = views.failed_file(plain(), failed).text
    again = read(text)
    assert len(text.splitlines()) == 2 * len(failed)
    assert len(again.entries) + len(again.bad) >= len([one for one in failed if "://" in one.url])


@given(texts)
def test_the_file_of_failed_links_has_a_name(name: str) -> None:
    file_name = views.failed_file(plain(name=name), []).name
    assert file_name.endswith("(failed).txt")
    assert not set("/\\:\n\0") & set(file_name)
    assert len(file_name.encode()) < 250


def plain(**fields: object) -> Batch:
    return Batch(
        id="b", person=queued().request.person, chat_id=5, message_id=7, name="Course", count=4,
        chosen=whole(4), created=NOW, started=NOW, state=BatchState.RUNNING, questions=(),
    ).evolve(**fields)  # fmt: skip


async def test_an_ordinary_batch() -> None:
    tally = Tally(queued=1, running=1, done=1, failed=1)
    assert await shown(views.live(plain(), tally, [queued().evolve(title="Film")], 75).text) == (
        "📦 Course · 4 links\n▰▰▰▰▰▱▱▱▱▱ 2/4\n✅ 1 · ❌ 1\n⬇️ Film\n⏳ about 1:15 left"
    )
    named = queued().request.evolve(item=Item(batch="b", number=3, batch_name="Course", name="Lesson 3"))
    now = [queued(request=named).evolve(title="big-8")]
    begun = views.live(plain(), Tally(queued=3, running=1), now, None)
    assert begun.text == "📦 <b>Course</b> · 4 links\n▱▱▱▱▱▱▱▱▱▱ 0/4\n⬇️ 003 Lesson 3"
    assert views.starting(plain()).text.endswith("nothing yet")
    over = plain(state=BatchState.OVER, finished=NOW + timedelta(seconds=90))
    assert await shown(views.summary(over, Tally(done=3, failed=1), 7_000_000, hashtags=False)) == (
        "📊 BATCH DOWNLOAD SUMMARY\n\n📚 Batch: Course\n🔗 Links: 4\n✅ Delivered: 3\n❌ Failed: 1\n"
        "📈 Success: 75%\n📦 Size: 7.0 MB\n⏱ Time: 1:30"
    )


@pytest.mark.parametrize(
    ("wish", "quality"),
    [(None, "best"), (Wish(), "best"), (Wish(max_height=480), "480p"), (Wish(audio_only=True), "audio")],
)
def test_a_quality_in_words(wish: Wish | None, quality: str) -> None:
    assert views.quality(wish) == quality
