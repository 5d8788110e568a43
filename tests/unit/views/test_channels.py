"""What people read about their own channels, and about where a file went."""

import pytest

from medusa.channel import OwnChannel
from medusa.errors import ChatUnavailable
from medusa.model import Download, Sent
from medusa.views import channels, job
from medusa.wishes import Target
from tests.unit.jobs.memory import done

FILMS = Target(chat_id=-1001234567890, title="Films <b>")


def delivered(target: Target | None, *chats: int) -> Download:
    """A download whose files are in these chats."""
    sent = tuple(Sent(chat_id=chat, message_id=2, size=9, parts=1) for chat in chats)
    download = done("job")
    return download.evolve(sent=sent, request=download.request.evolve(target=target))


@pytest.mark.parametrize(
    ("target", "chats", "line"),
    [
        (None, (7,), ""),
        (FILMS, (FILMS.chat_id, FILMS.chat_id), "📣 In <b>Films &lt;b&gt;</b>."),
        (FILMS, (7,), "📣 Here, because I could not post in <b>Films &lt;b&gt;</b>."),
        (FILMS, (FILMS.chat_id, 7), "📣 Here, because I could not post in <b>Films &lt;b&gt;</b>."),
    ],
)
def test_the_status_message_says_where_the_file_went(
    target: Target | None, chats: tuple[int, ...], line: str
) -> None:
    lines = job.finished(delivered(target, *chats)).text.splitlines()
    assert [one for one in lines if one.startswith("📣")] == ([line] if line else [])


def test_each_channel_is_listed_as_it_is_named_to_commands() -> None:
    topic = OwnChannel(target=FILMS.evolve(topic=12), owner=7, problem="That topic is closed.")
    mine = channels.listed([topic], is_everybodys=False).text
    assert "<code>-1001234567890 12</code>\n⚠️ That topic is closed." in mine
    assert "of <code>7</code>" in channels.listed([topic], is_everybodys=True).text
    assert "/add_channel" in channels.listed([], is_everybodys=False).text


def test_who_loses_a_channel_reads_why_and_what_to_do() -> None:
    text = channels.refused(FILMS, ChatUnavailable("No.")).text
    assert text.splitlines() == [
        "⚠️ I cannot post in <b>Films &lt;b&gt;</b>: No.",
        ChatUnavailable.advice,
        "Your files come here until I can.",
    ]


def test_what_is_removed_is_named_once() -> None:
    twice = [OwnChannel(target=FILMS, owner=owner) for owner in (7, 8)]
    assert channels.removed(twice).text.count("Films") == 1
