"""Where the files of an earlier download are."""

from medusa.model import CopyState, Download, LogCopy, Method, Plan, Sent
from medusa.telegram.archive import posts_of
from tests.unit.jobs.memory import done

PLAN = Plan(method=Method.PASS, format_ids=("1",), kind="video", file_name="a.mp4", mime="video/mp4")
SENT = Sent(chat_id=1, message_id=9, size=1, parts=1)


def copied(channel: int, number: int = 1, **fields: object) -> LogCopy:
    known: dict[str, object] = {"state": CopyState.SENT, "message_id": 10 * -channel + number}
    return LogCopy(channel_id=channel, number=number).evolve(**{**known, **fields})


def download(*copies: LogCopy, files: int = 1) -> Download:
    return done().evolve(plan=PLAN, sent=(SENT,) * files, log_copies=copies)


def test_every_channel_that_has_the_file_will_do() -> None:
    assert posts_of(download(copied(-1), copied(-2))) == [[(-1, 11)], [(-2, 21)]]


def test_what_is_not_in_a_channel_cannot_come_from_there() -> None:
    pending, failed = copied(-1, state=CopyState.PENDING), copied(-2, state=CopyState.FAILED)
    unknown = copied(-3, message_id=None)
    assert posts_of(download(pending, failed, unknown, copied(-4))) == [[(-4, 41)]]
    assert posts_of(download()) == []


def test_of_several_files_a_channel_must_have_all_in_their_order() -> None:
    copies = (copied(-1, 2), copied(-2, 1), copied(-1, 1), copied(-2, 2, state=CopyState.FAILED))
    assert posts_of(download(*copies, files=2)) == [[(-1, 11), (-1, 12)]]


def test_a_record_that_does_not_say_what_its_file_is_will_not_do() -> None:
    assert posts_of(download(copied(-1)).evolve(plan=None)) == []
    of_its_own = SENT.evolve(plan=PLAN)
    assert posts_of(download(copied(-1)).evolve(plan=None, sent=(of_its_own,))) == [[(-1, 11)]]
    assert posts_of(download(copied(-1)).evolve(sent=())) == []
