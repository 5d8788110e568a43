"""What watches the fuzz run and the search for secrets sees what it is to see."""

import base64
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrogram import raw

from medusa.commands import COMMANDS
from tests.attacks import html, outgoing, queries
from tests.attacks.plants import ALL, Search, forms
from tests.attacks.tokens import MARK
from tests.attacks.updates import Chance
from tests.attacks.watch import Watch
from tests.attacks.words import Words

PEER = raw.types.InputPeerUser(user_id=1, access_hash=1)


def message(text: str, *entities: Any, data: bytes = b"x") -> Any:
    button = raw.types.KeyboardInlineButton(text="b", type=raw.types.InlineButtonTypeCallback(data=data))
    markup = raw.types.ReplyInlineMarkup(rows=[raw.types.KeyboardInlineButtonRow(buttons=[button])])
    return raw.functions.messages.SendMessage(
        peer=PEER, message=text, random_id=1, entities=list(entities), reply_markup=markup
    )


@pytest.mark.parametrize(
    ("text", "is_good"),
    [
        ('<b>a</b> &lt;b&gt; <a href="x">y</a>', True),
        ("<b>a", False),
        ("a</b>", False),
        ("<b><i>a</b></i>", False),
        ("<blink>a</blink>", False),
        ("<b class='x'>a</b>", False),
        ("<!-- a -->", False),
        ("1 < 2", False),
    ],
)
def test_html_is_read_strictly(text: str, is_good: bool) -> None:
    assert (html.problems(text) == []) is is_good


@pytest.mark.parametrize(
    "query",
    [
        message("a" * 4097),
        message("🧨" * 2049),
        message(" "),
        message("a", data=b"x" * 65),
        message("a", raw.types.MessageEntityBold(offset=0, length=2)),
        message(MARK, raw.types.MessageEntityBold(offset=0, length=len(MARK))),
        message("a", raw.types.MessageEntityTextUrl(offset=0, length=1, url="tg://user?id=1")),
        raw.functions.messages.SetBotCallbackAnswer(query_id=1, cache_time=0, message="a" * 201),
        raw.functions.messages.SendMedia(
            peer=PEER, media=raw.types.InputMediaEmpty(), message="a" * 1025, random_id=1
        ),
    ],
)
def test_what_must_not_leave_is_seen(query: Any) -> None:
    assert list(outgoing.problems(query))


def test_what_may_leave_is_no_problem() -> None:
    bold = raw.types.MessageEntityBold(offset=0, length=4096)
    assert not list(outgoing.problems(message(f"<b>{MARK}</b>".ljust(4096, "x"), bold)))


@pytest.mark.parametrize("found", [{"a": {"$where": "1"}}, {"q": [{MARK: 1}]}, {"$function": {}}])
def test_operators_of_people_are_seen(found: dict[str, Any]) -> None:
    assert list(queries.problems(found, queries.ours()))
    assert not list(queries.problems({"q": {"$set": {"text": '{"$where": 1}'}}}, queries.ours()))


@pytest.mark.parametrize(
    ("line", "unhandled", "found"),
    [
        ("2026-01-01 00:00:00.000+00:00 INFO     fine\n    second line\n", 0, 0),
        ("2026-01-01 00:00:00.000+00:00 ERROR    bad\n", 1, 1),
        ("2026-01-01 00:00:00.000+00:00 INFO     fine\n2026-01-01 ERROR forged\n", 0, 1),
        ("2026-01-01 00:00:00.000+00:00 INFO     \x1b[31m\n", 0, 1),
        ("2026-01-01 00:00:00.000+00:00 INFO     \u202e\n", 0, 1),
        ("no head\n", 0, 1),
    ],
)
def test_the_log_is_watched(line: str, unhandled: int, found: int) -> None:
    watch = Watch()
    watch.logged(line)
    assert (watch.unhandled, len(watch.report())) == (unhandled, found)


@given(st.sampled_from(sorted(ALL)), st.binary(max_size=5), st.binary(max_size=5))
def test_a_secret_is_found_in_each_form(name: str, before: bytes, behind: bytes) -> None:
    secret = ALL[name]
    for data in (
        secret.encode(),
        quote(secret, safe="").encode(),
        repr(secret).encode(),
        base64.b64encode(before + secret.encode() + behind),
        base64.urlsafe_b64encode(before + secret.encode() + behind),
        secret.encode().hex().encode(),
    ):
        search = Search({name: secret})
        search.look("here", b"..." + data + b"...")
        assert search.leaks == [f"{name} in here"], data
    assert not Search({name: secret}).leaks
    assert all(len(form) > 7 for form in forms(secret)), "so short that it is found by chance"


def test_the_same_seed_makes_the_same_inputs() -> None:
    first, second = (
        [str(Chance(Random(5), (), lambda *_: None).update()) for _ in range(1)] for _ in range(2)
    )
    assert first == second


def test_no_command_is_left_out() -> None:
    words = Words(Random(1))
    called = {words.next_command().split()[0] for _ in range(200)}
    assert {f"/{name}" for command in COMMANDS for name in command.names} <= called
