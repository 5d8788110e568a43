"""What people read of what they have under way, and of what they had."""

from hypothesis import given
from hypothesis import strategies as st

from medusa.model import Download, State
from medusa.under_way import PAGE, BatchTask, LinkTask, Overview, Past, transfer_of
from medusa.views import history, tasks
from medusa.views.view import Button, View
from tests.unit.test_views import downloads, progresses, texts
from tests.unit.views.test_batch import assert_fits, batches, tallies

ACTIVE = st.sampled_from([State.QUEUED, State.RUNNING, State.ASKING])
people = st.integers(1, 2**53)


def in_state(states: st.SearchStrategy[State], error: st.SearchStrategy[str]) -> st.SearchStrategy[Download]:
    return st.builds(
        lambda download, state, cancel, error: download.evolve(
            state=state, cancel_requested=cancel, error=error
        ),
        downloads,
        states,
        st.booleans(),
        error,
    )


links = st.builds(
    LinkTask,
    in_state(ACTIVE, texts),
    st.none() | st.builds(transfer_of, downloads, progresses),
    st.integers(0, 10**6),
)
overviews = st.builds(
    lambda person, page, more, some, others: Overview(
        person,
        page,
        page + 1 + more,
        (page + more) * PAGE + len(some) + len(others),
        some,
        others,
    ),
    people,
    st.integers(0, 999),
    st.integers(0, 999),
    st.lists(st.builds(BatchTask, batches, tallies), max_size=PAGE // 2),
    st.lists(links, max_size=PAGE // 2),
)
pasts = st.builds(
    Past,
    people,
    st.integers(0, 99_999),
    st.lists(in_state(st.sampled_from([State.DONE, State.FAILED]), texts), max_size=PAGE),
    st.booleans(),
)


def buttons(view: View) -> list[Button]:
    found = [button for row in view.buttons for button in row]
    assert all(view.buttons), "a row without buttons"
    assert all(0 < len(button.data.encode()) <= 64 for button in found)
    return found


@given(overviews)
async def test_what_is_under_way_fits_and_has_a_button_for_each(found: Overview) -> None:
    view = tasks.overview(found)
    await assert_fits(view)
    data = [button.data for button in buttons(view)]
    if found.total:
        subjects = [one.batch.id for one in found.batches] + [one.download.id for one in found.links]
        for number, subject in enumerate(subjects):
            assert subject in data[number]
            assert "cancel" in data[number]
        assert f"tasks:{found.person_id}:all:{found.page}" in data
    assert f"tasks:{found.person_id}:page:{found.page}" in data


@given(pasts)
async def test_the_past_fits_and_has_a_button_for_each(found: Past) -> None:
    view = history.page(found)
    await assert_fits(view)
    data = [button.data for button in buttons(view)]
    if found.downloads:
        assert data[: len(found.downloads)] == [f"again:{one.id}" for one in found.downloads]
        assert (f"history:{found.person_id}:page:{found.page + 1}" in data) is found.has_more
    assert (f"history:{found.person_id}:page:{found.page - 1}" in data) is (found.page > 0)


@given(downloads)
async def test_what_is_fetched_again_fits(download: Download) -> None:
    await assert_fits(history.again(download))
