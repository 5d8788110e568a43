"""Captions: within Telegram's limit and valid, whatever a template and a site's words hold."""

from contextlib import suppress
from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyrogram.parser.html import HTML
from pyrogram.raw.types import MessageEntityTextUrl

from medusa.errors import WrongArgument
from medusa.kept import Finished, Uploaded
from medusa.model import Download, Item, Kind, Media, Method, Person, Plan, Request, State, Summary
from medusa.text import CAPTION_LIMIT, one_line, utf16_length
from medusa.views.caption import BATCH_DEFAULT, DEFAULT, EXAMPLE, FIELDS, caption, check, fields_of, render
from medusa.wishes import Look, Shape
from tests.unit.test_views import NOW, Strict, shown, texts, urls

words = (
    texts
    | st.sampled_from(["A title " * 1250, "🎬" * 10_000, "\ud83c", "{title}", "<b>", "</code>", "&amp;lt;"])
    | st.text(st.characters(exclude_categories=[]), max_size=40)
)
marks = st.sampled_from(
    [
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<u>",
        "</s>",
        "<code>",
        "</code>",
        '<a href="{url}">',
        "</a>",
        "\n",
        "\n\n",
        '<a href="https://e.org/{title}">',
        '<a href="tg://user?id=7">',
        '<a href="">',
        "<script>",
        "{nonsense}",
    ]
)
templates = st.lists(marks | st.sampled_from([f"{{{name}}}" for name in FIELDS]) | words, max_size=12).map(
    "".join
)
fields = st.fixed_dictionaries({}, optional={**dict.fromkeys(FIELDS, words), "url": urls})


def unmarked(text: str) -> list[str]:
    """The words of a text: the client trims spaces next to markup."""
    return text.split()


@given(templates, fields)
@example("{title}" * 200, {"title": "x" * 10_000})
@example("<b><b>{title}</b>", {"title": "</b>"})
@example("x" * 5000, {})
async def test_every_caption_is_valid_and_fits(template: str, given_fields: dict[str, str]) -> None:
    html = render(template, given_fields)
    Strict(html)
    parsed = await HTML(None).parse(html)
    assert utf16_length(parsed["message"]) <= CAPTION_LIMIT
    assert all(entity.write() for entity in parsed["entities"] or ()), "what is on the wire"
    assert "\u202e" not in parsed["message"]


@given(words)
async def test_what_a_field_holds_is_shown_as_it_is(text: str) -> None:
    line = one_line(text)
    html = render("<b>{title}</b> | {credit}", {"title": line[:200], "credit": "me"})
    assert unmarked(await shown(html)) == unmarked(f"{line[:200]} | me")


@given(words)
async def test_what_is_no_markup_is_shown_as_it_is(text: str) -> None:
    line = one_line(text)[:200].replace("{", "(")
    assert unmarked(await shown(render(escape(line), {}))) == unmarked(line)


@given(words, words, st.integers(1, 12))
async def test_the_title_is_shortened_first_and_the_markup_never(title: str, credit: str, times: int) -> None:
    template = "<b>{title}</b>\n" * times + "<code>end</code>\n{credit}"
    text = await shown(render(template, {"title": "T" + title, "credit": credit[:300]}))
    assert "end" in text
    assert " ".join(unmarked(text)).endswith(" ".join(["end", *unmarked(one_line(credit[:300]))])) or (
        utf16_length(credit) > 300
    )


def test_a_long_title_gives_way_to_all_else() -> None:
    text = render("{title}\n{name}\n{credit}", {"title": "t" * 9000, "name": "n" * 500, "credit": "c" * 400})
    assert text.split("\n") == ["t" * 121 + "…", "n" * 500, "c" * 400]


async def test_a_line_of_empty_fields_is_left_out_with_its_gap() -> None:
    template = "{title}\n\n{batch}: {index}\n\nby {credit} {part}\n{link}"
    assert render(template, {"title": "T"}) == "T\n"
    full = render(template, {"title": "T", "credit": "me", "source": "e.org", "url": "https://e.org"})
    assert full == 'T\n\nby me \n<a href="https://e.org">e.org</a>'
    assert render("a\n\nb", {}) == "a\n\nb", "nobody's own gaps are touched"


@given(templates)
def test_a_template_is_taken_or_refused_with_a_reason(template: str) -> None:
    with suppress(WrongArgument):
        check(template)
        assert "{nonsense}" not in template
        assert one_line(template)


@pytest.mark.parametrize(
    "template", ["", "  \n", "<b></b>", "x" * 1025, "{Title}", "{title} {size_mb}", "{}"]
)
def test_a_wrong_template_is_refused(template: str) -> None:
    with pytest.raises(WrongArgument):
        check(template)


@pytest.mark.parametrize(
    "template", [DEFAULT, BATCH_DEFAULT, "{uploader}", "a } b { c", *map("{{{}}}".format, FIELDS)]
)
def test_a_right_template_is_taken(template: str) -> None:
    check(template)


def test_the_example_has_all_fields() -> None:
    assert {*EXAMPLE} | {"link"} == {*FIELDS}


# --- the caption of a file ------------------------------------------------------------------------

ANN = Person(id=7, name="Ann & Co")
MEDIA = Media(
    url="https://e.org/v?a=1&b=2", title="A <film>", source="E", kind=Kind.VIDEO, formats=(), duration=212
)
PLAN = Plan(
    method=Method.MUX,
    format_ids=("1",),
    kind=Kind.VIDEO,
    file_name="A film.mp4",
    mime="video/mp4",
    quality="720p",
)
FILE = Finished(
    plan=PLAN,
    summary=Summary(size=9, duration=212.0, width=1280, height=720),
    uploaded=Uploaded(file_id=1, parts=1, size=125_500_000),
    piece=None,
)


def download(**request: object) -> Download:
    asked = Request(url=MEDIA.url, person=ANN, chat_id=7, message_id=1)
    return Download(
        id="job",
        request=asked.evolve(**request),
        state=State.RUNNING,
        created=NOW,
        updated=NOW,
        not_before=NOW,
    )


def test_the_standard_caption() -> None:
    link = '<a href="https://e.org/v?a=1&amp;b=2">E</a>'
    assert caption(download(), MEDIA, FILE) == f"<b>A &lt;film&gt;</b>\n{link}"
    assert caption(download(), MEDIA, FILE.evolve(piece=2)) == f"<b>A &lt;film&gt;</b> · part 2\n{link}"
    assert caption(download(), MEDIA.evolve(title=" \n"), FILE).startswith("<b>Your file</b>")


def test_a_link_that_was_renamed_has_its_new_name_as_title() -> None:
    file = FILE.evolve(plan=FILE.plan.evolve(file_name="[Ann] Sea_sun.mp4"))
    shape = Shape(name="Sea/sun.avi", prefix="[Ann] ")
    assert caption(download(shape=shape), MEDIA, file).startswith("<b>Sea_sun</b>\n")
    assert caption(download(shape=shape.evolve(name=None)), MEDIA, file).startswith("<b>A &lt;film&gt;</b>\n")


BATCH = download(item=Item(batch="b", number=1, batch_name="Maths", name="Lesson 1"), credit="Team")


async def test_the_caption_of_a_batch_is_that_of_the_original_bot() -> None:
    text = caption(BATCH, MEDIA, FILE)
    assert (await shown(text)).splitlines() == [
        "——— ✦ 001 ✦ ———",
        "",
        "🎞️ Title : Lesson 1",
        "├── Extension :  Team .mp4",
        "├── Resolution : [1280x720]",
        "",
        "📚 Course : Maths",
        "",
        "🌟 Extracted By : Team",
    ]
    (link,) = [
        one for one in (await HTML(None).parse(text))["entities"] if isinstance(one, MessageEntityTextUrl)
    ]
    assert link.url == MEDIA.url


@pytest.mark.parametrize(
    ("mime", "icon"),
    [("application/pdf", "📁"), ("image/png", "🖼️"), ("audio/mpeg", "🎵"), ("text/html; charset=utf-8", "🌐")],
)
async def test_what_is_no_video_has_its_icon_and_no_resolution(mime: str, icon: str) -> None:
    other = FILE.evolve(plan=PLAN.evolve(mime=mime), summary=Summary(size=9))
    lines = (await shown(caption(BATCH, MEDIA, other))).splitlines()
    assert lines[2] == f"{icon} Title : Lesson 1"
    assert lines[4:6] == ["", "📚 Course : Maths"]


def test_the_fields_of_a_file() -> None:
    found = fields_of(download(credit="The Anns"), MEDIA.evolve(performer="Bob"), FILE)
    assert found == {
        "title": "A <film>",
        "name": "A film",
        "extension": "mp4",
        "size": "125.5 MB",
        "duration": "3:32",
        "quality": "720p",
        "resolution": "1280x720",
        "source": "E",
        "url": MEDIA.url,
        "date": "2026-11-22",
        "performer": "Bob",
        "credit": "The Anns",
        "part": "",
        "icon": "🎞️",
        "index": "",
        "batch": "",
    }
    assert fields_of(download(), MEDIA, FILE)["credit"] == "Ann & Co"
    bare = fields_of(download(), MEDIA, FILE.evolve(plan=PLAN.evolve(file_name="README")))
    assert (bare["name"], bare["extension"]) == ("README", "")


def test_ones_own_template_is_used_for_batches_too() -> None:
    own = BATCH.request.evolve(look=Look(caption="{index} {title}"))
    assert caption(BATCH.evolve(request=own), MEDIA, FILE) == "001 Lesson 1"
