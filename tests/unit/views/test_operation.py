"""What those who run the bot read: it fits, it is valid, and it says what is wrong."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import WrongArgument
from medusa.fault import Fault
from medusa.release import Release
from medusa.start import PremiumState, Start
from medusa.versions import Versions
from medusa.views import faults, health, operation, people
from medusa.views.view import View
from medusa.vitals import (
    BrokerState,
    CopiesState,
    DatabaseState,
    DiskState,
    DownloadsState,
    Finding,
    LoopState,
    MemoryState,
    TelegramState,
    UptimeState,
    Vital,
    VitalState,
)
from tests.unit.test_views import persons, shown, texts
from tests.unit.views.test_batch import assert_fits

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
numbers = st.integers(0, 2**50)
milliseconds = st.floats(0, 10**6)
TODAY = NOW.date()
VERSIONS = Versions("1.0.0", "3.11.1", "2.2.26", Release(version="2026.10.26"), "18.1.0")
states: dict[Vital, st.SearchStrategy[VitalState]] = {
    Vital.TELEGRAM: st.builds(TelegramState, st.booleans(), st.none() | milliseconds, st.integers(0, 40)),
    Vital.DATABASE: st.builds(DatabaseState, milliseconds, texts, numbers, st.booleans()),
    Vital.BROKER: st.builds(BrokerState, st.booleans(), st.booleans()),
    Vital.DISK: st.builds(DiskState, numbers, numbers),
    Vital.MEMORY: st.builds(MemoryState, numbers, numbers, st.integers(0, 999), st.none() | numbers),
    Vital.LOOP: st.builds(LoopState, milliseconds, numbers),
    Vital.DOWNLOADS: st.builds(DownloadsState, numbers, numbers),
    Vital.COPIES: st.builds(CopiesState, numbers, numbers, numbers),
    Vital.UPTIME: st.builds(UptimeState, st.floats(0, 10**9)),
}
findings = st.tuples(
    *(st.builds(Finding, st.just(vital), st.none() | state) for vital, state in states.items())
)
releases = st.dates(date(2000, 1, 1), date(2030, 1, 1)).map(
    lambda day: Release(version=f"{day:%Y.%m.%d}", is_shipped=False)
)
versions = st.builds(Versions, texts, texts, texts, releases, texts)
starts = st.builds(
    Start,
    versions,
    st.dates(),
    texts,
    st.sampled_from(PremiumState),
    texts,
    st.booleans(),
    st.none() | states[Vital.DATABASE],
    st.booleans(),
    *[st.integers(0, 10**6)] * 3,
)
fault_values = st.builds(
    Fault,
    id=st.just("0123456789ab"),
    kind=texts,
    place=texts,
    message=texts,
    traceback=texts,
    first=st.just(NOW),
    last=st.just(NOW),
    count=st.integers(1, 10**6),
)
pages = st.lists(fault_values, max_size=8)
VIEWS: st.SearchStrategy[View] = st.one_of(
    st.builds(health.health, findings),
    st.builds(health.versions, versions, st.dates()),
    st.builds(health.pong, st.none() | milliseconds),
    st.builds(operation.started, starts),
    st.builds(operation.restart_question, st.integers(1, 2**53)),
    st.builds(operation.restarted, st.floats(0, 10**6)),
    st.builds(operation.maintenance, st.booleans(), changed=st.booleans()),
    st.builds(faults.new, fault_values),
    st.builds(faults.many, st.lists(fault_values, min_size=4, max_size=50)),
    st.builds(faults.summary, st.lists(fault_values, min_size=1, max_size=50)),
    st.builds(faults.page, pages, st.integers(0, 999), has_more=st.booleans(), first=st.integers(1, 10**4)),
    st.builds(people.welcome, persons, allowed=st.booleans(), words=texts),
)


# What is drawn is long on purpose.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@given(view=VIEWS)
async def test_every_view_fits(view: View) -> None:
    await assert_fits(view)


@pytest.mark.parametrize(
    ("finding", "line"),
    [
        (
            Finding(Vital.TELEGRAM, TelegramState(True, 12.3, 1)),
            "✅ Telegram: connected, ping 12 ms, 1 media session",
        ),
        (
            Finding(Vital.DATABASE, DatabaseState(2.0, "6.0.5", 5_000_000, True)),
            "✅ MongoDB: 6.0.5, private, 2 ms, 5.0 MB",
        ),
        (Finding(Vital.DATABASE, None), "❌ MongoDB\n      It does not answer."),
        (
            Finding(Vital.BROKER, BrokerState(True, False)),
            "⚠️ Broker: Redis\n      Redis does not answer, so work is taken up a few seconds later.",
        ),
        (Finding(Vital.DISK, DiskState(5 * 10**9, 9 * 10**9)), "✅ Disk: 5.00 GB of 9.00 GB free"),
        (
            Finding(Vital.MEMORY, MemoryState(10**8, 5 * 10**7, 2, None)),
            "✅ Memory: 100.0 MB, and 50.0 MB in 2 media processes",
        ),
        (
            Finding(Vital.LOOP, LoopState(900, 1)),
            "⚠️ Event loop: at most 900 ms late, 1 task\n      Something stops me for a moment now and then.",
        ),
        (Finding(Vital.DOWNLOADS, DownloadsState(2, 5)), "✅ Downloads: 2 running, 5 queued"),
        (
            Finding(Vital.COPIES, CopiesState(3, 2, 0)),
            "⚠️ Log copies: 3 waiting, 2 failed\n      Some have failed; /retry_logs tries them again.",
        ),
        (Finding(Vital.UPTIME, UptimeState(90_061)), "✅ Up: 1 day 1:01:01"),
    ],
)
async def test_each_line_says_how_it_is(finding: Finding, line: str) -> None:
    assert (await shown(health.health([finding]).text)).partition("\n\n")[2] == line


async def test_the_head_says_how_all_of_it_is() -> None:
    good, bad = Finding(Vital.UPTIME, UptimeState(1)), Finding(Vital.DISK, None)
    doubtful = Finding(Vital.LOOP, LoopState(900, 1))
    for found, head in (
        ([good], "is well"),
        ([good, doubtful], "needs a look"),
        ([bad, doubtful], "is broken"),
    ):
        assert head in (await shown(health.health(found).text)).splitlines()[0]


@pytest.mark.parametrize(("days", "is_warned_of"), [(-1, False), (0, False), (60, False), (61, True)])
def test_an_old_ytdlp_is_warned_of(days: int, is_warned_of: bool) -> None:
    today = VERSIONS.ytdlp.day + timedelta(days=days)
    assert ("⚠️" in health.versions(VERSIONS, today).text) is is_warned_of
    start = Start(VERSIONS, today, "medusa_bot", PremiumState.NONE, "", True, None, False, 0, 0, 0)
    assert ("⚠️" in operation.started(start).text) is is_warned_of


async def test_the_start_is_told_as_it_was() -> None:
    database = DatabaseState(1.0, "7.0.2", 1)
    usual = Start(VERSIONS, TODAY, "medusa_bot", PremiumState.USED, "", False, database, True, 3, 1, 2)
    text = await shown(operation.started(usual).text)
    for words in (
        "@medusa_bot · Premium: files of up to 4 GB",
        "🗄 MongoDB 7.0.2\n",
        "Redis: several processes",
        "yt-dlp 2026.10.26, 32 days old",
        "Going on with 3 downloads · 1 batch · 2 log copies",
    ):
        assert words in text
    lost = usual._replace(
        premium=PremiumState.UNUSABLE, premium_problem="It has no <Premium>.", is_private=True
    )
    text = await shown(operation.started(lost).text)
    assert "@medusa_bot · It has no <Premium>." in text
    assert "🗄 MongoDB 7.0.2, private\n" in text


def test_what_is_typed_behind_a_command() -> None:
    assert [operation.read_switch(words) for words in ([], ["on"], ["OFF"])] == [None, True, False]
    assert [operation.read_lines(words) for words in ([], ["1"], ["200"])] == [None, 1, 200]
    for words in (["perhaps"], ["on", "off"]):
        with pytest.raises(WrongArgument):
            operation.read_switch(words)
    for words in (["0"], ["-5"], ["many"], ["²"], ["9" * 30], ["1", "2"]):
        with pytest.raises(WrongArgument):
            operation.read_lines(words)
    assert faults.read_page("12") == 12
    for text in ("", "-1", "²", "12345", "x"):
        with pytest.raises(WrongArgument):
            faults.read_page(text)


def test_the_owner_is_told_that_every_process_starts_again() -> None:
    assert "all of them start again" in operation.restart_question(7).text


def test_the_buttons_under_a_fault_name_it_and_its_page() -> None:
    fault = Fault(id="ab12", kind="K", place="p", message="m", traceback="t", first=NOW, last=NOW)
    view = faults.page([fault], 2, has_more=True, first=17)
    assert [[button.data for button in row] for row in view.buttons] == [
        ["errors:ab12:see:2", "errors:ab12:forget:2"],
        ["errors:-:page:1", "errors:-:page:3"],
    ]
    assert "17." in view.text
    assert "seen 4 times more" in faults.summary([fault.evolve(count=5, told=1)]).text
