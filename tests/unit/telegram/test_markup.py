"""What people mark in their texts becomes the markup of captions, and the same again in the caption."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pyrogram.enums import MessageEntityType as Type
from pyrogram.parser.html import HTML
from pyrogram.types import Message, MessageEntity

from medusa.telegram.markup import marked, template, template_behind
from medusa.text import utf16_length
from medusa.views.caption import render

KINDS = (Type.BOLD, Type.ITALIC, Type.UNDERLINE, Type.STRIKETHROUGH, Type.CODE, Type.TEXT_LINK, Type.HASHTAG)
units = st.integers(0, 40)
entities = st.lists(
    st.builds(
        lambda kind, offset, length: MessageEntity(
            type=kind, offset=offset, length=length, url="https://e.org/🎬?a=1&b"
        ),
        st.sampled_from(KINDS),
        units,
        st.integers(1, 40),
    ),
    max_size=6,
)


def entity(kind: Type, offset: int, length: int, url: str | None = None) -> MessageEntity:
    return MessageEntity(type=kind, offset=offset, length=length, url=url)


def message(**fields: Any) -> Message:
    return Message(id=1, **fields)


def test_tags_stand_around_what_is_marked() -> None:
    text = "🎬 {title} <x> & site"
    marks = [
        entity(Type.BOLD, 3, 7),
        entity(Type.TEXT_LINK, 17, 4, 'https://e.org/?q="'),
        entity(Type.URL, 0, 2),
    ]
    assert marked(text, marks) == (
        '🎬 <b>{title}</b> &lt;x&gt; &amp; <a href="https://e.org/?q=&quot;">site</a>'
    )


def test_a_message_and_a_caption_are_templates() -> None:
    assert template(message(text="{title}", entities=[entity(Type.CODE, 0, 7)])) == "<code>{title}</code>"
    assert template(message(caption="a < b")) == "a &lt; b"
    assert template(message()) == ""


async def test_it_comes_out_as_it_was_written() -> None:
    text = "all {title} of it"
    html = render(marked(text, [entity(Type.BOLD, 0, 17), entity(Type.ITALIC, 4, 7)]), {"title": "Films"})
    parsed = await HTML(None).parse(html)
    assert parsed["message"] == "all Films of it"
    assert {(type(one).__name__, one.offset, one.length) for one in parsed["entities"]} == {
        ("MessageEntityBold", 0, 15),
        ("MessageEntityItalic", 4, 5),
    }


@given(st.text(st.characters(exclude_categories=["C"]), max_size=40), entities)
async def test_whatever_is_marked_no_word_is_lost(text: str, marks: list[MessageEntity]) -> None:
    within = [one for one in marks if one.offset + one.length <= utf16_length(text)]
    parsed = await HTML(None).parse(render(marked(text, within), {}))
    kept = "".join(parsed["message"].split())
    assert kept == "".join(text.split()) or "{" in text or any(map(_splits, [text] * len(within), within))


def _splits(text: str, one: MessageEntity) -> bool:
    """Whether a mark begins or ends inside of a character, which no client sends."""
    units = text.encode("utf-16-le")
    halves = (units[2 * place : 2 * place + 2] for place in (one.offset, one.offset + one.length))
    return any(len(half) == 2 and 0xDC <= half[1] <= 0xDF for half in halves)


def test_what_stands_behind_a_command_keeps_its_lines_and_its_marks() -> None:
    text = "/set 🎬  {title}\n\nby 🎬 {credit}"
    marks = [
        entity(Type.BOT_COMMAND, 0, 4),
        entity(Type.BOLD, 5, 6),  # begins before it
        entity(Type.ITALIC, text.index("by") + 1, 2),  # an emoji before it counts twice
    ]
    found = message(text=text, entities=marks)
    assert template_behind(found, 2, with_markup=False) == "{title}\n\nby 🎬 {credit}"
    assert template_behind(found, 2, with_markup=True) == "<b>{t</b>itle}\n\n<i>by</i> 🎬 {credit}"
    assert template_behind(found, 9, with_markup=True) == ""
    assert template_behind(message(caption="/set a a a"), 2, with_markup=True) == "a a"


@given(st.lists(st.sampled_from(["a", "ä", "🎬", "<b>"]), min_size=1).map(" ".join), entities)
def test_a_template_behind_words_is_that_of_the_rest(text: str, marks: list[MessageEntity]) -> None:
    whole = f"/set caption {text}"
    moved = [entity(one.type, one.offset + 13, one.length, one.url) for one in marks]
    found = template_behind(message(text=whole, entities=moved), 2, with_markup=True)
    assert found == template(message(text=text, entities=marks))
