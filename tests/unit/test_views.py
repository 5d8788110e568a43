"""What people read: it fits, it is valid, and it says what was meant, whatever a site or a name holds."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyrogram.parser.html import HTML

from medusa.audit import Deed
from medusa.channel import OwnChannel
from medusa.commands import sections_for
from medusa.errors import BadLink, Cancelled, MedusaError, SlowedDown, WrongArgument
from medusa.log_channel import LogChannel, Tally
from medusa.model import (
    Choice,
    Download,
    Kind,
    Method,
    Person,
    Plan,
    Progress,
    Request,
    Sent,
    State,
    Subtitle,
)
from medusa.text import CAPTION_LIMIT, MESSAGE_LIMIT, clip, one_line, utf16_length
from medusa.user import Role, User
from medusa.views import channels as channels_view
from medusa.views import choices, job, logs, people, settings
from medusa.views.typed import ASKED
from medusa.views.view import Button, View, error, hashtag, host, name, title
from medusa.wishes import AudioFormat, Look, Preferences, Recording, Shape, Subtitles, Target, Thumbnail, Wish

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
TAGS = {"b", "i", "u", "s", "code", "a"}
FIELDS = ["User", "User ID", "Time", "Source", "URL", "File", "Type", "Size", "Quality", "Duration", "Bot"]
"""Of a log card, from top to bottom."""


# --- what there may be ----------------------------------------------------------------------------

nasty = st.sampled_from(
    [
        "",
        "   ",
        "👨‍👩‍👧‍👦" * 600,
        "\u202emoc.elpmaxe\u2066",
        "<b>not bold</b><script>alert(1)</script>",
        "&lt;&amp;currency;&#60;&copy=1",
        '"><a href="tg://user?id=1">',
        "a\nb\r\n\tc\x00\x1b[2J",
        "x" * 4000,
        "&" * 4000,
        "مرحبا" * 900,
    ]
)
texts = nasty | st.text(max_size=60)
addresses = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=60)
urls = addresses.map(lambda text: f"https://{text}") | st.sampled_from(
    ["https://[", "https://℀.example/", "https://e.org/?a=1&currency=2&section=3", "https://" + "ü" * 4000]
)
persons = st.builds(Person, id=st.integers(1, 2**53), name=texts, username=st.none() | texts.filter(bool))
plans = st.builds(
    Plan,
    method=st.sampled_from(Method),
    format_ids=st.just(("1",)),
    kind=st.sampled_from(Kind),
    file_name=texts,
    mime=st.just("video/mp4"),
    quality=texts,
)
seconds = st.none() | st.floats(0, 10**7)
sizes = st.integers(0, 2**45)
downloads = st.builds(
    lambda url, person, **fields: Download(
        id=secrets.token_urlsafe(9),
        request=Request(url=url, person=person, chat_id=person.id, message_id=1),
        state=State.DONE,
        created=NOW,
        updated=NOW,
        not_before=NOW,
        **fields,
    ),
    urls,
    persons,
    title=st.none() | texts,
    source=st.none() | texts,
    duration=seconds,
    seconds=seconds,
    plan=st.none() | plans,
    sent=st.lists(
        st.builds(
            Sent,
            chat_id=st.just(1),
            message_id=st.just(2),
            size=sizes,
            parts=st.just(1),
            plan=st.none() | plans,
            duration=seconds,
        ),
        max_size=3,
    ).map(tuple),
    subtitles=st.lists(
        st.builds(Subtitle, language=texts, name=texts, is_automatic=st.booleans()), max_size=24
    ).map(tuple),
    choices=st.lists(
        st.builds(Choice, label=st.just("1080p"), wish=st.just(Wish()), size=st.none() | sizes), max_size=12
    ).map(tuple),
)
progresses = st.builds(
    Progress,
    acknowledged=sizes,
    total=st.none() | sizes,
    total_is_exact=st.booleans(),
    down_speed=st.floats(0, 1e12),
    up_speed=st.floats(0, 1e12),
    eta=st.none() | st.floats(min_value=0),
    held=st.floats(0, 1e5),
    piece=st.none() | st.integers(1, 999),
)
problems = st.builds(BadLink, texts) | st.builds(SlowedDown, st.floats(0, 1e5)) | st.builds(Cancelled)
targets = st.builds(
    Target,
    chat_id=st.integers(-1_009_999_999_999, -1_000_000_000_001),
    topic=st.none() | st.integers(1, 2**31 - 1),
    title=texts,
)
an_own_channel = st.builds(OwnChannel, target=targets, owner=st.integers(1, 2**53), problem=st.none() | texts)
own_channels = st.lists(an_own_channel, max_size=60)
affixes = st.just("") | st.text(min_size=1, max_size=60)
preferences = st.builds(
    Preferences,
    wish=st.none() | st.just("ask") | st.builds(Wish, max_height=st.none() | st.integers(1, 9999)),
    shape=st.builds(
        Shape,
        as_document=st.booleans(),
        audio_format=st.none() | st.sampled_from(AudioFormat),
        subtitles=st.none() | st.builds(Subtitles, language=texts, as_file=st.booleans()),
        prefix=affixes,
        suffix=affixes,
    ),
    look=st.builds(
        Look,
        caption=st.none() | texts,
        thumbnail=st.sampled_from(Thumbnail),
        picture=st.none() | st.just("7-00"),
    ),
    target=st.none() | targets,
    archive=st.booleans(),
    credit=texts,
)
users = st.builds(User, person=persons, role=st.sampled_from(Role), preferences=preferences)
moments = st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
channels = st.builds(
    LogChannel,
    id=st.integers(-(2**45), -1),
    title=texts,
    backup=st.booleans(),
    error=st.none() | texts,
    since=moments,
    last_copy=moments,
)
counts = st.integers(0, 10**6)
many_channels = st.lists(st.tuples(channels, st.builds(Tally, counts, counts)), max_size=60)

deeds = st.builds(Deed, at=st.just(NOW), by=persons, what=texts, subject=texts, before=texts, after=texts)

VIEWS: dict[str, st.SearchStrategy[View]] = {
    "queued": st.builds(job.queued, urls, st.integers(0, 10**6), st.just("a" * 12)),
    "probing": st.builds(job.probing, downloads),
    "which_quality": st.builds(job.which_quality, downloads),
    "which_subtitles": st.builds(job.which_subtitles, downloads),
    "transferring": st.builds(job.transferring, downloads, progresses),
    "trying_again": st.builds(job.trying_again, downloads, problems, st.floats(0, 10**6)),
    "finished": st.builds(job.finished, downloads),
    "error": st.builds(error, problems),
    "deed_note": st.builds(logs.deed_note, deeds),
    "test_record": st.builds(logs.test_record, st.just("medusa_bot"), st.just(NOW)),
    "log_channels": st.builds(logs.log_channels, many_channels),
    "log_channel_news": st.builds(logs.log_channel_news, channels, counts),
    "backfilled": st.builds(logs.backfilled, channels, st.none() | st.integers(1, 10**9 - 1), counts),
    "retrying": st.builds(logs.retrying, counts),
    "log_channel_added": st.builds(logs.log_channel_added, channels),
    "log_channel_removed": st.builds(logs.log_channel_removed, st.integers(-(2**45), -1)),
    "log_channel_tested": st.builds(
        logs.log_channel_tested, st.lists(st.tuples(channels, st.none() | problems), max_size=60)
    ),
    "welcome": st.builds(people.welcome, persons, allowed=st.booleans()),
    "help_text": st.sampled_from(Role).map(sections_for).map(people.help_text),
    "too_much": st.builds(people.too_much),
    "chat_id": st.builds(people.chat_id, st.integers()),
    "info": st.builds(people.info, users),
    "settings": st.builds(settings.settings, users),
    "page": st.builds(settings.page, users, st.sampled_from([*choices.PAGES]), preferences, own_channels),
    "asking": st.builds(settings.asking, users, st.sampled_from([*choices.PAGES]), st.sampled_from(ASKED)),
    "which": st.builds(channels_view.which),
    "added": st.builds(channels_view.added, an_own_channel),
    "removed": st.builds(channels_view.removed, own_channels),
    "listed": st.builds(channels_view.listed, own_channels, is_everybodys=st.booleans()),
    "refused": st.builds(channels_view.refused, targets, problems),
    "nothing_to_cancel": st.builds(people.nothing_to_cancel),
    "cancelling": st.builds(people.cancelling, st.integers(0, 10**6)),
    "question_closed": st.builds(people.question_closed, st.integers(0, 10**6)),
}


# --- how Telegram sees it -------------------------------------------------------------------------


class Strict(HTMLParser):
    """Refuses what is not balanced or not among our tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, f"{self.open} is never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


async def shown(text: str) -> str:
    """The text that people read, as the client makes it out of our HTML."""
    return str((await HTML(None).parse(text))["message"])


# --- every view -----------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
@given(data=st.data())
async def test_every_view_fits_and_is_valid(view: str, data: st.DataObject) -> None:
    drawn = data.draw(VIEWS[view])
    Strict(drawn.text)
    text = await shown(drawn.text)
    assert text.strip()
    assert utf16_length(text) <= MESSAGE_LIMIT
    assert "\u202e" not in text
    for button in (button for row in drawn.buttons for button in row):
        assert button.label.strip()
        assert 0 < len(button.data.encode()) <= 64
    assert all(drawn.buttons), "a row without buttons"


def test_no_view_is_left_out() -> None:
    public = {
        name
        for module in (job, logs, people, settings, channels_view)
        for name, member in vars(module).items()
        if isinstance(member, Callable)  # type: ignore[arg-type]
        and getattr(member, "__module__", "") == module.__name__
        and getattr(member, "__annotations__", {}).get("return") is View
        and not name.startswith("_")
    }
    assert public | {"error"} == set(VIEWS)


@given(texts)
async def test_what_a_site_wrote_is_shown_as_it_is(text: str) -> None:
    line = clip(one_line(text), 60)
    assert line in await shown(f"<b>{title(line)}</b>")
    assert line in await shown(error(BadLink(line)).text)


# --- log cards ------------------------------------------------------------------------------------


@given(downloads)
async def test_a_log_card_fits_and_has_every_field(download: Download) -> None:
    assume(download.sent)
    card = logs.log_card(download, len(download.sent), bot="medusa_bot", now=NOW)
    Strict(card)
    text = await shown(card)
    assert utf16_length(text) <= CAPTION_LIMIT
    lines = text.splitlines()
    assert lines[0] == "📁 FILE DOWNLOAD LOG"
    assert [line.split(": ")[0].split(" ", 1)[1] for line in lines if ": " in line] == FIELDS
    assert lines[-1].startswith("#download #log #")


def delivered(*sent: Sent) -> Download:
    return Download(
        id="a",
        request=Request(
            url="https://video.example.org/watch?v=1&currency=EUR&section=2",
            person=Person(id=123, name="John Doe", username="john"),
            chat_id=123,
            message_id=1,
        ),
        state=State.DONE,
        created=NOW,
        updated=NOW,
        not_before=NOW,
        title="A film",
        source="YouTube",
        duration=212,
        plan=Plan(
            method=Method.MUX,
            format_ids=("1", "2"),
            kind=Kind.VIDEO,
            file_name="R&B <live>.mp4",
            mime="video/mp4",
            quality="720p",
        ),
        sent=sent,
    )


async def test_the_log_card_of_an_ordinary_download() -> None:
    download = delivered(Sent(chat_id=123, message_id=9, size=125_500_000, parts=240))
    assert (await shown(logs.log_card(download, 1, bot="medusa_bot", now=NOW))).splitlines() == [
        "📁 FILE DOWNLOAD LOG",
        "",
        "👤 User: John Doe (@john)",
        "🆔 User ID: 123",
        "🕐 Time: 2026-11-22 12:30:00 UTC",
        "🌐 Source: YouTube",
        "🔗 URL: https://video.example.org/watch?v=1&currency=EUR&section=2",
        "📄 File: R&B <live>.mp4",
        "🗂 Type: video",
        "📦 Size: 125.5 MB",
        "🎞 Quality: 720p",
        "⏱ Duration: 3:32",
        "🤖 Bot: @medusa_bot",
        "",
        "#download #log #video #youtube",
    ]


async def test_the_log_card_of_one_of_several_files_is_about_that_file() -> None:
    whole = delivered().plan
    assert whole is not None
    first = Sent(chat_id=123, message_id=9, size=2_000_000_000, parts=3815)
    part = whole.evolve(file_name="R&B part 2.mp4")
    second = Sent(chat_id=123, message_id=10, size=5_000_000, parts=10, plan=part, duration=61)
    card = await shown(logs.log_card(delivered(first, second), 2, bot="medusa_bot", now=NOW))
    for line in ("📄 File: R&B part 2.mp4 (part 2 of 2)", "📦 Size: 5.0 MB", "⏱ Duration: 1:01"):
        assert line in card.splitlines()


# --- what single views say ------------------------------------------------------------------------


def running(**fields: object) -> Download:
    return Download(
        id="job",
        request=Request(
            url="https://example.org/film", person=Person(id=1, name="Ann"), chat_id=1, message_id=1
        ),
        state=State.RUNNING,
        created=NOW,
        updated=NOW,
        not_before=NOW,
    ).evolve(**fields)


def test_the_question_has_a_button_for_each_choice_and_one_to_cancel() -> None:
    choices = tuple(Choice(label=f"{height}p", wish=Wish(max_height=height)) for height in (1080, 720, 360))
    view = job.which_quality(running(choices=choices, title="Film", source="Site", duration=61))
    assert view.text == "🎬 <b>Film</b>\nSite · 1:01\nWhich quality?"
    assert view.buttons == (
        (Button("1080p", "pick:job:0"), Button("720p", "pick:job:1")),
        (Button("360p", "pick:job:2"),),
        (Button("✖ Cancel", "cancel:job"),),
    )


def test_a_size_is_on_the_button_where_it_is_known() -> None:
    choice = Choice(label="720p", wish=Wish(), size=1_500_000)
    assert job.which_quality(running(choices=(choice,))).buttons[0][0].label == "720p · 1.5 MB"


def test_progress_without_a_total_promises_nothing() -> None:
    view = job.transferring(running(), Progress(acknowledged=2_000_000, down_speed=10, up_speed=1000))
    assert view.text == "📤 <b>Your file</b>\n2.0 MB\n⬇️ 10 B/s · ⬆️ 1.0 kB/s"


def test_progress_with_a_total_shows_a_bar_and_the_end() -> None:
    progress = Progress(acknowledged=500, total=1000, eta=61.2, held=12)
    assert job.transferring(running(title="Film"), progress).text.splitlines() == [
        "📤 <b>Film</b>",
        "▰▰▰▰▰▱▱▱▱▱ 50%",
        "500 B of about 1.0 kB",
        "⬇️ 0 B/s · ⬆️ 0 B/s · 1:01 left",
        "🐢 Telegram is slowing us down; going on in 12 s.",
    ]


@pytest.mark.parametrize("eta", [86_400.0, 1e200, float("inf")])
def test_an_end_beyond_a_day_is_not_shown(eta: float) -> None:
    assert "left" not in job.transferring(running(), Progress(acknowledged=1, total=2, eta=eta)).text


def test_what_has_ended_has_no_buttons() -> None:
    sent = Sent(chat_id=1, message_id=2, size=1000, parts=1)
    done = job.finished(running(title="Film", sent=(sent,), seconds=65))
    assert done == View("✅ <b>Film</b>\n1.0 kB in 1:05")
    archived = job.finished(running(title="Film", sent=(sent,), seconds=2, archived=True))
    assert archived == View("✅ <b>Film</b>\n1.0 kB from the archive in 2 s")
    named = running().request.evolve(shape=Shape(name="Sea.mp4"))
    assert job.finished(running(title="Film", request=named)).text.startswith("✅ <b>Sea.mp4</b>")
    assert error(MedusaError()) == View("❌ Something went wrong.")
    assert error(Cancelled()) == View("🚫 Cancelled.")


def test_of_several_files_the_end_shows_the_size_and_the_number() -> None:
    sent = Sent(chat_id=1, message_id=2, size=1_500_000_000, parts=2862)
    done = job.finished(running(title="Film", sent=(sent, sent), seconds=65))
    assert done == View("✅ <b>Film</b>\n3.00 GB · 2 parts in 1:05")


def test_the_file_that_is_on_its_way_is_named_where_there_are_others() -> None:
    view = job.transferring(running(title="Film"), Progress(acknowledged=1, piece=2))
    assert view.text.startswith("📤 <b>Film</b> · part 2\n")
    assert " · part " not in job.transferring(running(title="Film"), Progress(acknowledged=1)).text


def test_advice_comes_on_a_line_of_its_own() -> None:
    assert error(BadLink()).text == f"❌ That is not a link that I can fetch.\n{BadLink.advice}"


@pytest.mark.parametrize(("ahead", "text"), [(0, "Queued</b>\n"), (3, "Queued</b> · 3 before you\n")])
def test_who_waits_learns_how_many_are_before_them(ahead: int, text: str) -> None:
    assert text in job.queued("https://example.org/a", ahead, "job").text


@pytest.mark.parametrize(
    ("url", "shown_as"),
    [
        ("https://user:password@Example.ORG:8080/a?b", "example.org"),
        ("https://[::1]/", "::1"),
        ("https://[", "https://["),
        ("https://", "https://"),
    ],
)
def test_the_site_of_a_link_without_what_is_nobodys_business(url: str, shown_as: str) -> None:
    assert host(url) == shown_as


@pytest.mark.parametrize("blank", ["", " ", "\u202e", "\x00"])
def test_nothing_is_nameless(blank: str) -> None:
    assert title(blank) == "Your file"
    assert name(blank) == "you"


@pytest.mark.parametrize(
    ("source", "tag"),
    [("YouTube", "#youtube"), ("example.org", "#exampleorg"), ("9", ""), (None, ""), ("…", "")],
)
def test_a_hashtag_is_one_word_with_a_letter(source: str | None, tag: str) -> None:
    assert hashtag(source) == tag


def test_a_long_list_of_channels_says_how_many_are_left_out() -> None:
    channels = [
        (LogChannel(id=-1001234567890 - n, title=f"{n} " + "x" * 64, error="y" * 120), Tally(n, n))
        for n in range(50)
    ]
    lines = logs.log_channels(channels).text.splitlines()
    assert lines[-1] == f"… and {50 - (len(lines) - 4) // 2} more"


def test_a_channel_shows_how_it_is_and_what_it_still_has_to_get() -> None:
    lines = logs.log_channels(
        [
            (LogChannel(id=-1001, title="Main", last_copy=NOW), Tally()),
            (LogChannel(id=-1002, title="Spare", backup=True, error="No <way>", since=NOW), Tally(12, 1)),
        ]
    ).text.splitlines()
    assert lines == [
        "📁 <b>Log channels</b>",
        "/retry_logs tries the failed copies again.",
        "",
        "✅ <b>Main</b> <code>-1001</code> · primary · works",
        "last copy 2026-11-22 12:30 UTC",
        "⚠️ <b>Spare</b> <code>-1002</code> · backup · broken since 2026-11-22 12:30 UTC: No &lt;way&gt;",
        "no copy yet · 12 waiting · 1 failed",
    ]
    assert "no log channels" in logs.log_channels([]).text
    assert logs.log_channel_tested([]) == logs.log_channels([])


def test_the_owner_hears_what_is_wrong_and_when_it_is_over() -> None:
    broken = LogChannel(id=-1001, title="Main", error="I am banned.")
    assert logs.log_channel_news(broken, 3).text.splitlines() == [
        "⚠️ I cannot post in the log channel <b>Main</b>: I am banned.",
        "Add me there as an admin who may post messages. Its copies wait until then; nothing is lost.",
    ]
    works = broken.evolve(error=None)
    assert [logs.log_channel_news(works, number).text for number in (0, 1, 12)] == [
        "✅ The log channel <b>Main</b> works again.",
        "✅ The log channel <b>Main</b> works again; 1 copy is on its way.",
        "✅ The log channel <b>Main</b> works again; 12 copies are on their way.",
    ]


def test_a_backfill_says_how_many_come() -> None:
    main = LogChannel(id=-1001, title="Main")
    assert [
        logs.backfilled(channel, last, number).text
        for channel, last, number in (
            (main, None, 12),
            (main, 50, 1),
            (main, None, 0),
            (main.evolve(error="I am banned."), None, 2),
        )
    ] == [
        "✅ 12 finished downloads are on their way into <b>Main</b>, the oldest first.",
        "✅ 1 of the last 50 finished downloads is on its way into <b>Main</b>.",
        "✅ There is nothing to queue for <b>Main</b>: each copy is there, waits or has failed. "
        "/log_channels shows how many.",
        "✅ 2 finished downloads are on their way into <b>Main</b>, the oldest first.\n"
        "I cannot post there now, so they wait until I can.",
    ]


def test_a_stranger_is_told_their_id_and_a_user_what_to_do() -> None:
    person = Person(id=77, name="<Ann>")
    assert "<code>77</code>" in people.welcome(person, allowed=False).text
    assert "Send me a link" in people.welcome(person, allowed=True).text


def test_a_broadcast_asks_how_much() -> None:
    wish = Wish(recording=Recording(seconds=600))
    view = job.which_quality(running(title="News", choices=(Choice(label="10 min", wish=wish),)))
    assert view.text.endswith("\nThis is live now. How much of it shall I record?")
    assert [[button.label for button in row] for row in view.buttons] == [["10 min"], ["✖ Cancel"]]


def test_a_recording_shows_its_length_and_can_be_kept() -> None:
    view = job.transferring(running(title="News"), Progress(acknowledged=2_000_000, elapsed=754))
    assert view.text.splitlines()[:2] == ["🔴 <b>News</b>", "Recording: 12:34 · 2.0 MB"]
    assert [[button.data for button in row] for row in view.buttons] == [["finish:job", "cancel:job"]]


@pytest.mark.parametrize("came", ["kept", "beside", "not", "sound"])
def test_who_asked_for_subtitles_learns_that_there_are_none(came: str) -> None:
    plan = Plan(method=Method.REMUX, format_ids=("1",), kind=Kind.VIDEO, file_name="a.mp4", mime="video/mp4")
    text = Subtitle(language="en")
    plan = plan.evolve(subtitles=text if came == "kept" else None, sound_only=came == "sound")
    sent = [Sent(chat_id=1, message_id=2, size=1000, parts=1)]
    if came == "beside":
        sent.append(sent[0].evolve(plan=plan.evolve(method=Method.SUBTITLES)))
    request = running().request.evolve(shape=Shape(subtitles=Subtitles(language="en-<b>")))
    view = job.finished(running(title="Film", request=request, plan=plan, sent=tuple(sent)))
    assert ("There are no subtitles in “en-&lt;b&gt;”." in view.text) == (came == "not")
    assert "parts" not in view.text


def test_subtitles_are_chosen_by_the_buttons_that_show_them() -> None:
    offered = (Subtitle(language="en", name="English"), Subtitle(language="pt-BR", is_automatic=True))
    asked = running(subtitles=offered, choices=(Choice(label="720p", wish=Wish()),))
    assert "💬 Subtitles: none" in [
        button.label for row in job.which_quality(asked).buttons for button in row
    ]
    found = {}
    for row in job.which_subtitles(asked).buttons:
        for button in row:
            _, _, number, way = button.data.split(":")
            found[row[0].label, way] = job.subtitles(asked, number, way)
    assert found == {
        ("English", "video"): Subtitles(language="en"),
        ("English", "file"): Subtitles(language="en", as_file=True),
        ("pt-BR (automatic)", "video"): Subtitles(language="pt-BR"),
        ("pt-BR (automatic)", "file"): Subtitles(language="pt-BR", as_file=True),
        ("No subtitles", ""): None,
    }
    for forged in ("", "2", "-1", "9" * 9, "٣", "x"):
        with pytest.raises(WrongArgument):
            job.subtitles(asked, forged, "file")
