"""What people send, as Pyrogram hands it over: links in any prose, ids in any spelling."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrogram import raw
from pyrogram.enums import ChatType, MessageEntityType
from pyrogram.types import CallbackQuery, Chat, Message, MessageEntity
from pyrogram.types import User as TelegramUser

from medusa.errors import BadLink, NotYours, WrongArgument
from medusa.links import Link
from medusa.model import Person, Request
from medusa.telegram.incoming import (
    asked_about,
    channel_argument,
    chat,
    count_argument,
    links,
    origin,
    person,
    press_place,
    pressed,
    pressed_choice,
    pressed_page,
    request,
    words_behind,
)
from medusa.user import User
from medusa.wishes import Look, Preferences, Section, Shape, Target, Wish

A, B = "https://a.example.org/x?y=1&z=%20", "http://b.example.org"


def message(
    text: str | None = None, *behind: str, caption: str | None = None, sender: TelegramUser | None = None
) -> Message:
    """A message; `behind` are links behind words."""
    entities = [
        MessageEntity(type=MessageEntityType.TEXT_LINK, offset=0, length=1, url=url) for url in behind
    ]
    return Message(
        id=7,
        chat=Chat(id=1, type=ChatType.PRIVATE),
        from_user=sender,
        text=text,  # type: ignore[arg-type]
        caption=caption,  # type: ignore[arg-type]
        entities=entities if text is not None else None,
        caption_entities=entities if caption is not None else None,
    )


# --- links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (A, [A]),
        (f"look: {A}.", [A]),
        (f"{A}!?…", [A]),
        (f"({A})", [A]),
        (f"(see {A}).", [A]),
        (f"[{A}] «{A}» “{A}” ‘{A}’ <{A}> '{A}' \"{A}\" {{{A}}}", [A]),
        (f"[title]({A})", [A]),
        (f"{A}\n{B}\t{A}", [A, B]),
        (f"{B},{A};{B}", [B, A]),
        (f"{B}, {A}, and {B}", [B, A]),
        ("HTTPS://EXAMPLE.ORG/A", ["HTTPS://EXAMPLE.ORG/A"]),
        ("https://example.org/wiki/Film_(1999)", ["https://example.org/wiki/Film_(1999)"]),
        ("(https://example.org/wiki/Film_(1999))", ["https://example.org/wiki/Film_(1999)"]),
        ("https://example.org/a[1].mp4.", ["https://example.org/a[1].mp4"]),
        ("https://archive.org/web/https://a.org/", ["https://archive.org/web/https://a.org/"]),
        ("https://مثال.org/فيلم", ["https://مثال.org/فيلم"]),
        ("https://example.org/🎬!", ["https://example.org/🎬"]),
        ("https://", []),
        ("https://...", []),
        ("(https://)", []),
        ("ftp://example.org/a file:///etc/passwd example.org", []),
        ("", []),
    ],
)
def test_links_are_found_in_prose(text: str, found: list[str]) -> None:
    assert links(message(text)) == found
    assert links(message(caption=text)) == found


def test_links_behind_words_are_found_and_only_those_of_the_web() -> None:
    assert links(message(f"this and {B}", A, B, "tg://user?id=1", "mailto:a@b.c", "HTTP://C.org")) == [
        B,
        A,
        "HTTP://C.org",
    ]
    assert links(message(None, A, caption="this")) == [A]


def test_a_message_without_text_has_no_links() -> None:
    assert links(message()) == []


paths = st.text("abcdefghijklmnopqrstuvwxyz0123456789/_-?=&%.", max_size=30)
addresses = st.builds(
    "http{}://{}.org/{}x".format, st.sampled_from(["", "s"]), st.from_regex("[a-z]+", fullmatch=True), paths
)
wrappings = st.sampled_from(
    [
        "{}",
        "({})",
        "[{}]",
        "«{}»",
        "“{}”",
        "<{}>",
        '"{}"',
        "see {}.",
        "{}!",
        "{}, or",
        "{}…",
        "({}).",
        "\n{}\n",
    ]
)


@given(st.lists(st.tuples(wrappings, addresses), max_size=6), st.sampled_from([" ", "\n", ", ", " – "]))
def test_every_link_is_found_once_and_in_order(pieces: list[tuple[str, str]], between: str) -> None:
    text = between.join(wrapping.format(address) for wrapping, address in pieces)
    assert links(message(text)) == list(dict.fromkeys(address for _, address in pieces))


@given(st.text(), st.lists(st.text(), max_size=3))
def test_no_text_breaks_it(text: str, behind: list[str]) -> None:
    for found in links(message(text, *behind)), links(message(None, caption=text)):
        assert all(link.lower().startswith(("http://", "https://")) for link in found)
        assert len(set(found)) == len(found)


@given(st.lists(st.sampled_from(["https://", "http://", "(", ")", "[", "]", ".", ",", "a", " ", "…", "'"])))
def test_no_heap_of_punctuation_breaks_it(pieces: list[str]) -> None:
    assert all(len(link) > len("http://") for link in links(message("".join(pieces))))


# --- people and chats -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "name"), [("Ann", "Lee", "Ann Lee"), ("Ann", None, "Ann"), (None, None, "5")]
)
def test_a_person_has_a_name_whatever_their_account_shows(
    first: str | None, last: str | None, name: str
) -> None:
    user = TelegramUser(id=5, first_name=first, last_name=last, username="ann")
    assert person(user) == Person(id=5, name=name, username="ann")


def test_a_channel_is_no_person() -> None:
    with pytest.raises(BadLink, match="not with channels"):
        person(None)


def test_a_message_becomes_a_request() -> None:
    sent = message(A, sender=TelegramUser(id=5, first_name="Ann"))
    ann = User(person=Person(id=5, name="Ann"), preferences=Preferences(wish=Wish()))
    assert request(sent, Link(url=A), ann) == Request(
        url=A, person=ann.person, chat_id=1, message_id=7, wish=Wish(), fresh=False
    )


def test_a_request_has_all_that_its_person_has_set() -> None:
    sent = message(A, sender=TelegramUser(id=5, first_name="Ann"))
    chosen = Preferences(
        shape=Shape(as_document=True, prefix="a"),
        look=Look(caption="{title}"),
        target=Target(chat_id=-1001234567890),
        credit="The Anns",
    )
    made = request(sent, Link(url=A), User(person=Person(id=5, name="Ann"), preferences=chosen))
    assert (made.shape, made.look, made.target) == (chosen.shape, chosen.look, chosen.target)
    assert made.credit == "The Anns"


@pytest.mark.parametrize(("archive", "fresh"), [(True, True), (False, False), (False, True)])
def test_who_does_not_want_the_archive_gets_everything_fresh(archive: bool, fresh: bool) -> None:
    sent = message(A, sender=TelegramUser(id=5, first_name="Ann"))
    user = User(person=Person(id=5, name="Ann"), preferences=Preferences(archive=archive))
    assert request(sent, Link(url=A), user, fresh=fresh).fresh


def test_a_message_from_nowhere_is_refused() -> None:
    with pytest.raises(BadLink):
        chat(Message(id=1))


# --- arguments ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", ["-1001234567890", "−1001234567890", "–1001234567890", "—1001234567890", " -1001234567890  x"]
)
def test_a_channel_id_is_read_in_every_spelling(written: str) -> None:
    assert channel_argument(message(f"/addlog {written}")) == -1001234567890


@pytest.mark.parametrize(
    "written",
    [
        "",
        "1001234567890",
        "-123",
        "@channel",
        "-100",
        "-100x",
        "0",
        "-",
        "-1000000000000",
        "-100" + "9" * 30,
        "-100" + "9" * 5000,
    ],
)
def test_what_is_no_channel_id_is_refused_with_a_sentence(written: str) -> None:
    with pytest.raises(WrongArgument) as refused:
        channel_argument(message(f"/addlog {written}"))
    assert len(refused.value.sentence) < 200


@pytest.mark.parametrize(
    ("behind", "number"), [("", None), (" 50", 50), ("  1 ", 1), (" 999999999", 999999999)]
)
def test_how_many_is_read_behind_the_channel(behind: str, number: int | None) -> None:
    assert count_argument(message(f"/backfill -1001234567890{behind}")) == number


@pytest.mark.parametrize("behind", ["0", "-5", "x", "1 2", "1.5", "٣", "9" * 10, "9" * 4000])
def test_what_is_no_number_of_downloads_is_refused_with_a_sentence(behind: str) -> None:
    with pytest.raises(WrongArgument) as refused:
        count_argument(message(f"/backfill -1001234567890 {behind}"))
    assert len(refused.value.sentence) < 200


@given(st.text())
def test_no_argument_breaks_it(text: str) -> None:
    with suppress(WrongArgument):
        assert str(channel_argument(message(f"/addlog {text}"))).startswith("-100")


@pytest.mark.parametrize(
    ("data", "behind"),
    [
        ("pick:abc:1", "abc:1"),
        (b"cancel:abc", "abc"),
        ("cancel", ""),
        (b"\xff:\xfe", "\ufffd"),
        (None, ""),
    ],
)
def test_what_stands_behind_a_button(data: str | bytes | None, behind: str) -> None:
    assert pressed(press(data)) == behind


def press(data: str | bytes | None) -> CallbackQuery:
    return CallbackQuery(
        id="1", from_user=TelegramUser(id=5), chat_instance="1", message=message(A), data=data
    )


def test_a_chosen_quality_is_a_download_and_a_number() -> None:
    assert pressed_choice(press("pick:abc:12")) == ("abc", 12)


@given(st.one_of(st.binary(max_size=64), st.text(max_size=64)))
def test_a_forged_button_is_refused_and_never_fails(data: str | bytes) -> None:
    try:
        _, number = pressed_choice(press(data))
    except WrongArgument:
        return
    assert 0 <= number < 1000


def test_a_button_of_ones_own_list_is_an_action_and_a_page() -> None:
    assert pressed_page(press("tasks:5:page:12")) == ("page", 12)


def test_a_button_of_anothers_list_is_refused() -> None:
    with pytest.raises(NotYours):
        pressed_page(press("tasks:6:all:0"))


@given(st.one_of(st.binary(max_size=50), st.text(max_size=50).map(lambda text: f"history:5:page:{text}")))
def test_a_forged_page_is_refused_and_never_fails(data: str | bytes) -> None:
    try:
        _, number = pressed_page(press(data))
    except (NotYours, WrongArgument):
        return
    assert 0 <= number < 10**6


# --- what a command is about ----------------------------------------------------------------------


def answering(text: str, answered: Message) -> Message:
    """A message that answers another."""
    written = message(text)
    written.reply_to_message = answered
    return written


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (message("/t2t"), ""),
        (message("/t2t hello there"), "hello there"),
        (message("/t2t\nfirst\n\nsecond"), "first\n\nsecond"),
        (answering("/t2t", message("an old text")), "an old text"),
        (answering("/t2t", message(caption="below a film")), "below a film"),
        (answering("/t2t new", message("old")), "new"),
    ],
)
def test_the_words_of_a_command(written: Message, words: str) -> None:
    assert words_behind(written) == words


def test_the_links_of_a_command() -> None:
    assert asked_about(message(f"/ytm {A} 0:10-0:20")) == [
        Link(url=A, section=Section(start=10, end=20)),
    ]
    assert asked_about(answering("/ytm", message("here", B))) == [Link(url=B)]
    assert asked_about(answering(f"/ytm {A}", message(B))) == [Link(url=A)]
    assert asked_about(message("/ytm")) == []


# --- where an update came from --------------------------------------------------------------------


def test_an_update_is_answered_where_it_came_from() -> None:
    sent = raw.types.Message(id=9, peer_id=raw.types.PeerUser(user_id=5), date=0, message="hi")
    posted = raw.types.Message(id=9, peer_id=raw.types.PeerChannel(channel_id=6), date=0, message="hi")
    press = raw.types.UpdateBotCallbackQuery(
        query_id=1, user_id=5, peer=raw.types.PeerUser(user_id=5), msg_id=3, chat_instance=1
    )
    assert origin(raw.types.UpdateNewMessage(message=sent, pts=1, pts_count=1)) == (5, 9)
    assert origin(raw.types.UpdateNewChannelMessage(message=posted, pts=1, pts_count=1)) == (
        -1000000000006,
        9,
    )
    assert origin(press) == (5, None)
    assert (
        origin(raw.types.UpdateNewMessage(message=raw.types.MessageEmpty(id=1), pts=1, pts_count=1)) is None
    )
    assert origin("something else") is None


@pytest.mark.parametrize("gone", [None, Message(id=7, empty=True)])
def test_a_button_of_a_message_that_is_gone_says_so(gone: Message | None) -> None:
    sender = TelegramUser(id=1, first_name="A")
    query = CallbackQuery(id="1", from_user=sender, chat_instance="1", data="x", message=gone)
    with pytest.raises(WrongArgument, match="is gone"):
        press_place(query)
