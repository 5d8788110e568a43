"""The use case: one link becomes its messages, or an error and nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import cast

import pytest

from medusa.allowance import Allowance
from medusa.cookies import CookieFile
from medusa.delivery import Archive, Delivered, Delivery
from medusa.errors import (
    AccountLost,
    ChatUnavailable,
    IndexTooSmall,
    MediaUnreadable,
    MedusaError,
    OverLimit,
    PartRefused,
    PartsMissing,
    SourceError,
    SourceIncomplete,
    SourceUnreachable,
    StoreUnavailable,
    StreamedTotalRefused,
    SubtitlesLost,
    TelegramUnreachable,
    UnsupportedSite,
)
from medusa.kept import Finished
from medusa.media.choose import choose
from medusa.media.identity import fingerprint
from medusa.media.reservation import LIMIT
from medusa.media.stream import MediaStream
from medusa.metering import Metering
from medusa.model import (
    Choice,
    Download,
    Format,
    Frame,
    Item,
    Kind,
    LogCopy,
    Media,
    Method,
    Plan,
    Progress,
    Sent,
    State,
    Subtitle,
    Summary,
)
from medusa.playlist import Entry, Playlist
from medusa.transfer import Account, Transfer, file_key
from medusa.turn import OutOfTurn
from medusa.upload.keeping import Keeper
from medusa.upload.parts import PART_SIZE, UNKNOWN_TOTAL, Part
from medusa.upload.uploader import Uploader
from medusa.wishes import Recording, Shape, Subtitles, Wish
from tests.unit.jobs.memory import queued
from tests.unit.upload.memory import KeptFiles
from tests.unit.waiting import turns, until

BEST = Wish()
BODY = Random(1).randbytes(3 * PART_SIZE + 99)
COPIES = (LogCopy(channel_id=-1),)


def video(height: int, **fields: object) -> Format:
    known: dict[str, object] = {
        "id": str(height),
        "protocol": "https",
        "container": "mp4",
        "video_codec": "avc1.4d401e",
        "audio_codec": "mp4a.40.2",
        "height": height,
        "size": len(BODY),
    }
    return Format.model_validate(known | fields)


def media(*formats: Format) -> Media:
    return Media(
        url="https://example.org/film",
        title="Film",
        source="Example",
        kind=Kind.VIDEO,
        formats=formats or (video(720),),
        duration=60,
    )


NEEDS_INDEX = media(video(720, is_fragmented=True))
"""What is written anew on the way, with an index at its head."""


class Stream:
    """The frames of BODY, in files of `piece` bytes; `fails` is raised in the middle, `end` when all has
    come."""

    def __init__(
        self, plan: Plan, body: bytes, piece: int, fails: MedusaError | None, end: MedusaError | None
    ) -> None:
        self.plan = plan
        self.body = body
        self.received = 0
        self.expected = len(BODY)
        self.closed = False
        self.finished = False
        self.piece = piece
        self.fails = fails
        self.end = end

    def finish(self) -> None:
        self.finished = True

    async def files(self) -> AsyncIterator["File"]:
        for start in range(0, len(self.body), self.piece):
            file = File(self, start)
            yield file
            assert file.over, "the next file was asked for too early"


class File:
    """One of them."""

    def __init__(self, stream: Stream, start: int) -> None:
        self.number = 1 + start // stream.piece
        self.body = stream.body[start : start + stream.piece]
        self.over = False
        self._stream = stream

    @property
    def is_last(self) -> bool:
        if not self.over:
            raise RuntimeError("the file is not over")
        return self._stream.received == len(BODY)

    @property
    def summary(self) -> Summary:
        if not self.over:
            raise RuntimeError("the file is not over")
        return Summary(size=len(self.body), duration=61.5, width=1280, height=720)

    async def __aiter__(self) -> AsyncIterator[Frame]:
        for offset in range(0, len(self.body), 300_000):
            await asyncio.sleep(0)
            if self._stream.fails and self._stream.received:
                raise self._stream.fails
            data = self.body[offset : offset + 300_000]
            self._stream.received += len(data)
            yield Frame(offset, data)
        if self._stream.end and self._stream.received == len(BODY):
            raise self._stream.end
        self.over = True


class FakeSource:
    """`ends` is given out in turn, one for each opening: what is raised when all has come."""

    def __init__(self, found: Media | Playlist | MedusaError) -> None:
        self.found = found
        self.asked: list[tuple[str, str, CookieFile | None]] = []
        self.fails: MedusaError | None = None
        self.ends: list[MedusaError | None] = []
        self.streams: list[Stream] = []
        self.body = BODY
        self.piece = len(BODY)

    async def probe(self, url: str, *, hint: str = "", cookies: CookieFile | None = None) -> Media | Playlist:
        await asyncio.sleep(0)
        self.asked.append((url, hint, cookies))
        if isinstance(self.found, MedusaError):
            raise self.found
        return self.found

    @asynccontextmanager
    async def open(self, found: Media, plan: Plan) -> AsyncIterator[MediaStream]:
        stream = Stream(plan, self.body, self.piece, self.fails, self.ends.pop(0) if self.ends else None)
        self.streams.append(stream)
        try:
            await asyncio.sleep(0)
            yield cast(MediaStream, stream)
        finally:
            stream.closed = True
            await asyncio.sleep(0)

    @property
    def windows(self) -> list[int]:
        """The reservations that were tried."""
        return [stream.plan.head_window for stream in self.streams]


class FakeAccount:
    """Keeps parts and messages. It does not take parts that name no total when `wants_total`."""

    def __init__(self, max_parts: int = 100) -> None:
        self.max_parts = max_parts
        self.uploader = Uploader(self, max_parts=max_parts)
        self.wants_total = False
        self.refuses: MedusaError | None = None
        self.refuses_message: MedusaError | None = None
        self.id = 7
        self.stop_after: int | None = None
        """It takes no more parts than these."""
        self.received: list[int] = []
        self.refuses_messages: list[MedusaError] = []
        """What it answers to the next messages."""
        self.parts: dict[int, dict[int, Part]] = {}
        self.sent: list[tuple[Download, Media, Finished]] = []
        self.on_send: Callable[[], None] = lambda: None
        self.go = asyncio.Event()
        self.go.set()
        self._turns = asyncio.Semaphore(2)

    def held(self) -> float:
        return 1.5

    async def turn(self, file_id: int) -> None:
        await self._turns.acquire()

    def end_turn(self) -> None:
        self._turns.release()

    async def save(self, file_id: int, part: Part) -> None:
        await self.go.wait()
        await asyncio.sleep(0)
        if self.wants_total and part.total == UNKNOWN_TOTAL:
            raise StreamedTotalRefused
        if self.refuses:
            raise self.refuses
        if len(self.received) == self.stop_after:
            await asyncio.Event().wait()
        self.received.append(part.index)
        self.parts.setdefault(file_id, {})[part.index] = part

    async def send(self, download: Download, found: Media, file: Finished) -> Sent:
        await asyncio.sleep(0)
        self.on_send()
        if self.refuses_messages:
            raise self.refuses_messages.pop(0)
        if self.refuses_message:
            raise self.refuses_message
        self.sent.append((download, found, file))
        return Sent(
            chat_id=download.request.chat_id,
            message_id=76 + len(self.sent),
            size=file.uploaded.size,
            parts=file.uploaded.parts,
            plan=file.plan if file.piece else None,
            duration=file.summary.duration,
        )

    @property
    def plans(self) -> list[Plan]:
        """Of the files that were sent."""
        return [file.plan for _, _, file in self.sent]

    def file(self, number: int = 1) -> bytes:
        """The file of the message that was sent."""
        parts = self.parts[self.sent[number - 1][2].uploaded.file_id]
        return b"".join(parts[index].data for index in range(len(parts)))


class FakeAccounts:
    """The first account that was not given up."""

    def __init__(self, *accounts: FakeAccount) -> None:
        self.there = list(accounts)
        self.asked: list[Plan] = []

    async def for_plan(self, plan: Plan) -> FakeAccount:
        await asyncio.sleep(0)
        self.asked.append(plan)
        return self.there[0]

    def give_up(self, account: Account) -> bool:
        del self.there[:-1]
        return account is not self.there[0]


class FakeTurns:
    """Lets everybody send, or nobody."""

    def __init__(self) -> None:
        self.is_turn = True

    async def check(self, download: Download) -> None:
        if not self.is_turn:
            raise OutOfTurn


class Scene:
    """A delivery and everything around it."""

    def __init__(self, directory: Path, found: Media | Playlist | MedusaError | None = None) -> None:
        self.source = FakeSource(found or media())
        self.account = FakeAccount()
        self.accounts = FakeAccounts(self.account)
        self.directory = directory
        self.progress: list[tuple[Download, Progress]] = []
        self.copies_problem: MedusaError | None = None
        self.cookies: CookieFile | None = None
        self.unfolded: list[tuple[Download, Playlist]] = []
        self.recorded: list[Download] = []
        """After each of several messages."""
        self.counted: list[int] = []
        """Bytes that were reserved, and what they turned out to be."""
        self.kept = KeptFiles()
        self.keeper = Keeper(self.kept, seconds=0)
        self.turns = FakeTurns()
        self.transfer = Transfer(
            self.source,
            self.keeper,
            on_progress=lambda download, progress: self.progress.append((download, progress)),
            turns=self.turns,
            spool_directory=directory,
            progress_seconds=0,
        )
        self.use_archive(None)

    def use_archive(self, archive: Archive | None) -> None:
        """Deliver with this archive."""
        self.delivery = Delivery(
            self.source,
            self.accounts,
            self.transfer,
            self.keeper,
            archive=archive,
            cookies=self,
            unfold=self.unfold,
            log_copies=self.log_copies,
            on_sent=self.on_sent,
            metering=Metering(self),
        )

    async def reserve(self, person_id: int, key: str, size: int, allowance: Allowance) -> None:
        if allowance.bytes_per_day and size > allowance.bytes_per_day:
            raise OverLimit("so many bytes")
        self.counted.append(size)

    async def settle(self, person_id: int, key: str, size: int, allowance: Allowance) -> None:
        self.counted.append(size)

    async def cookies_for(self, person_id: int) -> CookieFile | None:
        await asyncio.sleep(0)
        return self.cookies

    async def unfold(self, download: Download, playlist: Playlist) -> None:
        await asyncio.sleep(0)
        self.unfolded.append((download, playlist))

    async def on_sent(self, download: Download, /, **changes: object) -> None:
        await asyncio.sleep(0)
        if self.kept.down:
            raise StoreUnavailable
        self.recorded.append(download.evolve(**changes))

    async def log_copies(self) -> tuple[LogCopy, ...]:
        await asyncio.sleep(0)
        if self.copies_problem:
            raise self.copies_problem
        return COPIES

    async def deliver(
        self,
        wish: Wish | None = BEST,
        *,
        fresh: bool = False,
        shape: Shape | None = None,
        allowance: Allowance | None = None,
    ) -> Delivered:
        request = queued().request.evolve(
            wish=wish, fresh=fresh, shape=shape or Shape(), allowance=allowance or Allowance()
        )
        return await self.delivery.deliver(queued().evolve(request=request))

    def assert_nothing_is_left(self) -> None:
        assert all(stream.closed for stream in self.source.streams)
        assert list(self.directory.iterdir()) == []
        assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.fixture
def scene(tmp_path: Path) -> Callable[..., Scene]:
    return lambda found=None: Scene(tmp_path, found)


MakeScene = Callable[..., Scene]


# --- it works -------------------------------------------------------------------------------------


async def test_a_link_becomes_a_message(scene: MakeScene) -> None:
    s = scene()
    delivered = await s.deliver()
    assert delivered.state is State.DONE
    assert s.account.file() == BODY
    ((download, found, file),) = s.account.sent
    assert found == s.source.found
    assert (download.title, download.source) == ("Film", "Example")
    assert (file.piece, file.plan) == (None, delivered.changes["plan"])
    assert (file.summary.size, file.uploaded.size) == (len(BODY), len(BODY))
    s.assert_nothing_is_left()


@pytest.mark.parametrize(
    ("allowance", "sentence"),
    [
        (Allowance(duration=59), "That is 1m long, and you may have 59s."),
        (Allowance(size=len(BODY) - 1), "That is larger than"),
        (Allowance(bytes_per_day=1), "so many bytes"),
    ],
)
async def test_what_is_more_than_somebody_may_have_is_not_brought(
    scene: MakeScene, allowance: Allowance, sentence: str
) -> None:
    s = scene(media(video(720, size_is_exact=True)))
    with pytest.raises(OverLimit, match=sentence):
        await s.deliver(allowance=allowance)
    assert s.account.sent == []
    s.assert_nothing_is_left()


async def test_what_turns_out_to_be_more_than_somebody_may_have_is_not_brought_either(
    scene: MakeScene,
) -> None:
    s = scene(NEEDS_INDEX)
    with pytest.raises(OverLimit, match="That is larger than"):
        await s.deliver(allowance=Allowance(size=len(BODY) - 1))
    assert s.account.sent == []
    assert s.counted[-1] == 0, "it is counted although it did not come"
    s.assert_nothing_is_left()


async def test_what_somebody_gets_is_counted(scene: MakeScene) -> None:
    s = scene()
    await s.deliver(allowance=Allowance(duration=60, size=len(BODY)))
    assert s.counted == [len(BODY), len(BODY)]


async def test_a_playlist_is_handed_on_and_nothing_is_fetched(scene: MakeScene) -> None:
    entries = tuple(Entry(url=f"https://example.org/{number}", title=f"{number}") for number in (1, 2))
    playlist = Playlist(url="https://example.org/list", title="All", source="Example", entries=entries)
    s = scene(playlist)
    assert await s.deliver() == Delivered(State.UNFOLDED, playlist.facts())
    assert s.unfolded == [(queued().evolve(request=queued().request.evolve(wish=BEST)), playlist)]
    assert (s.account.sent, s.source.streams) == ([], [])
    s.assert_nothing_is_left()


async def test_each_try_opens_the_link_with_the_cookies_that_there_are_then(scene: MakeScene) -> None:
    s = scene(SourceUnreachable())
    request = queued().request.evolve(hint="of the playlist")
    for s.cookies in (CookieFile("secret", 1), None):
        with pytest.raises(SourceUnreachable):
            await s.delivery.deliver(queued().evolve(request=request))
    assert s.source.asked == [
        (request.url, "of the playlist", CookieFile("secret", 1)),
        (request.url, "of the playlist", None),
    ]


async def test_what_is_known_then_is_in_the_record(scene: MakeScene) -> None:
    delivered = await scene().deliver()
    record = queued().evolve(state=delivered.state, **delivered.changes)
    assert (record.title, record.source, record.duration) == ("Film", "Example", 61.5)
    assert record.sent == (Sent(chat_id=1, message_id=77, size=len(BODY), parts=4, duration=61.5),)
    assert record.log_copies == COPIES
    assert record.plan is not None
    assert record.seconds is not None
    assert 0 <= record.seconds < 60


# --- the question ---------------------------------------------------------------------------------


async def test_where_there_is_a_choice_the_person_is_asked_first(scene: MakeScene) -> None:
    s = scene(media(video(1080), video(720)))
    s.copies_problem = StoreUnavailable()
    delivered = await s.deliver(None)
    record = queued().evolve(state=delivered.state, **delivered.changes)
    assert record.state is State.ASKING
    assert [choice.label for choice in record.choices] == [
        "1080p",
        "720p",
        "Audio only",
        "MP3",
        "M4A",
        "Opus",
    ]
    assert record.title == "Film"
    assert s.source.streams == []
    assert s.account.sent == []


async def test_where_there_is_none_nobody_is_asked(scene: MakeScene) -> None:
    assert (await scene().deliver(None)).state is State.DONE


async def test_who_has_a_wish_is_not_asked_and_gets_it(scene: MakeScene) -> None:
    s = scene(media(video(1080), video(720)))
    await s.deliver(Wish(max_height=720))
    assert s.account.plans[0].format_ids == ("720",)


# --- it fails -------------------------------------------------------------------------------------


async def test_a_link_to_nothing_fails_with_its_reason(scene: MakeScene) -> None:
    s = scene(UnsupportedSite())
    with pytest.raises(UnsupportedSite):
        await s.deliver()
    assert s.source.streams == []


async def test_without_a_database_nothing_is_fetched(scene: MakeScene) -> None:
    s = scene()
    s.copies_problem = StoreUnavailable()
    with pytest.raises(StoreUnavailable):
        await s.deliver()
    assert s.source.streams == []
    assert s.account.parts == {}


async def test_a_source_that_fails_in_the_middle_is_never_a_success(scene: MakeScene) -> None:
    s = scene()
    s.source.fails = SourceIncomplete()
    with pytest.raises(SourceIncomplete):
        await s.deliver()
    assert s.account.sent == []
    s.assert_nothing_is_left()


async def test_a_source_that_fails_at_the_very_end_is_never_a_success(scene: MakeScene) -> None:
    s = scene()
    s.source.ends = [SourceIncomplete()]
    with pytest.raises(SourceIncomplete):
        await s.deliver()
    totals = {part.total for parts in s.account.parts.values() for part in parts.values()}
    assert totals == {UNKNOWN_TOTAL}, "Telegram must not take the file for complete"
    assert s.account.sent == []
    s.assert_nothing_is_left()


async def test_a_part_that_is_refused_ends_it(scene: MakeScene) -> None:
    s = scene()
    s.account.refuses = PartRefused()
    with pytest.raises(PartRefused):
        await s.deliver()
    assert s.account.sent == []
    s.assert_nothing_is_left()


async def test_a_message_that_is_refused_is_no_success(scene: MakeScene) -> None:
    s = scene()
    s.account.refuses_message = ChatUnavailable()
    with pytest.raises(ChatUnavailable):
        await s.deliver()
    s.assert_nothing_is_left()


# --- a second try that knows more -----------------------------------------------------------------


async def test_an_index_that_needs_more_room_gets_twice_as_much(scene: MakeScene) -> None:
    s = scene(NEEDS_INDEX)
    s.source.ends = [IndexTooSmall(), IndexTooSmall()]
    assert (await s.deliver()).state is State.DONE
    first = s.source.windows[0]
    assert first > 0
    assert s.source.windows == [first, 2 * first, 4 * first]
    assert s.account.file() == BODY
    assert len(s.account.sent) == 1
    s.assert_nothing_is_left()


async def test_an_index_that_never_fits_is_given_up(scene: MakeScene) -> None:
    s = scene(NEEDS_INDEX)
    s.source.ends = [IndexTooSmall() for _ in range(100)]
    with pytest.raises(IndexTooSmall):
        await s.deliver()
    assert LIMIT / 2 < s.source.windows[-1] <= LIMIT
    assert s.account.sent == []
    s.assert_nothing_is_left()


async def test_a_file_without_a_reservation_is_not_tried_for_ever(scene: MakeScene) -> None:
    s = scene()
    s.source.ends = [IndexTooSmall() for _ in range(100)]
    with pytest.raises(IndexTooSmall):
        await s.deliver()
    assert s.source.windows == [0]


async def test_a_server_that_wants_the_total_gets_it_by_way_of_the_disk(scene: MakeScene) -> None:
    s = scene()
    s.account.wants_total = True
    assert (await s.deliver()).state is State.DONE
    assert s.account.file() == BODY
    assert {part.total for part in s.account.parts[s.account.sent[0][2].uploaded.file_id].values()} == {4}
    assert len(s.source.streams) == 2
    s.assert_nothing_is_left()


async def test_by_way_of_the_disk_an_index_gets_more_room_too(scene: MakeScene) -> None:
    s = scene(NEEDS_INDEX)
    s.account.wants_total = True
    s.source.ends = [None, IndexTooSmall(), None]
    assert (await s.deliver()).state is State.DONE
    first = s.source.windows[0]
    assert s.source.windows == [first, first, 2 * first]
    s.assert_nothing_is_left()


@pytest.mark.parametrize("problem", [SourceIncomplete(), MediaUnreadable()])
async def test_by_way_of_the_disk_a_failure_is_no_success_either(
    scene: MakeScene, problem: MedusaError
) -> None:
    s = scene()
    s.account.wants_total = True
    s.source.ends = [None, problem]
    with pytest.raises(type(problem)):
        await s.deliver()
    assert s.account.sent == []
    s.assert_nothing_is_left()


# --- several files --------------------------------------------------------------------------------


async def test_what_is_too_large_for_one_file_becomes_several_messages(scene: MakeScene) -> None:
    s = scene()
    s.source.piece = 2 * PART_SIZE
    delivered = await s.deliver()
    record = queued().evolve(state=delivered.state, **delivered.changes)
    assert s.account.file(1) + s.account.file(2) == BODY
    assert [plan.file_name for plan in s.account.plans] == ["Film.mp4.001", "Film.mp4.002"]
    assert [file.piece for _, _, file in s.account.sent] == [1, 2]
    assert [sent.message_id for sent in record.sent] == [77, 78]
    assert [sent.size for sent in record.sent] == [2 * PART_SIZE, PART_SIZE + 99]
    assert [(copy.channel_id, copy.number) for copy in record.log_copies] == [(-1, 1), (-1, 2)]
    assert record.duration == 2 * 61.5
    s.assert_nothing_is_left()


async def test_each_file_is_sent_before_the_next_one_is_uploaded(scene: MakeScene) -> None:
    s = scene()
    s.source.piece = PART_SIZE
    uploaded: list[int] = []
    s.account.on_send = lambda: uploaded.append(len(s.account.parts))
    await s.deliver()
    assert uploaded == [1, 2, 3, 4]


async def test_several_files_go_by_way_of_the_disk_too(scene: MakeScene) -> None:
    s = scene()
    s.source.piece = 2 * PART_SIZE
    s.account.wants_total = True
    await s.deliver()
    assert s.account.file(1) + s.account.file(2) == BODY
    s.assert_nothing_is_left()


async def test_a_failure_in_a_later_file_is_no_success(scene: MakeScene) -> None:
    s = scene()
    s.source.piece = 2 * PART_SIZE
    s.source.ends = [SourceIncomplete()]
    with pytest.raises(SourceIncomplete):
        await s.deliver()
    assert [file.piece for _, _, file in s.account.sent] == [1]
    s.assert_nothing_is_left()


async def test_each_of_several_messages_is_recorded_at_once(scene: MakeScene) -> None:
    s = scene()
    s.source.piece = 2 * PART_SIZE
    s.source.ends = [SourceIncomplete()]
    with pytest.raises(SourceIncomplete):
        await s.deliver()
    (recorded,) = s.recorded
    assert [sent.message_id for sent in recorded.sent] == [77]
    assert [(copy.number, copy.next_try) for copy in recorded.log_copies] == [(1, None)]
    assert recorded.plan is not None


async def test_without_a_database_several_messages_still_arrive(scene: MakeScene) -> None:
    s = scene()
    s.source.piece = 2 * PART_SIZE
    s.kept.down = True
    assert (await s.deliver()).state is State.DONE
    assert s.account.file(1) + s.account.file(2) == BODY


async def test_the_only_message_is_recorded_with_its_end(scene: MakeScene) -> None:
    s = scene()
    await s.deliver()
    assert s.recorded == []


async def test_progress_counts_all_files_and_says_which_one_is_on_its_way(scene: MakeScene) -> None:
    s = scene()
    s.source.piece = PART_SIZE
    await s.deliver()
    pieces = [progress.piece for _, progress in s.progress]
    assert [piece for piece in dict.fromkeys(pieces) if piece] == [2, 3, 4]
    acknowledged = [progress.acknowledged for _, progress in s.progress]
    assert acknowledged == sorted(acknowledged)
    assert acknowledged[-1] >= 3 * PART_SIZE


async def test_where_several_files_are_expected_the_first_has_its_number_too(scene: MakeScene) -> None:
    s = scene(media(video(720, size_is_exact=True)))
    s.account.max_parts = 2
    s.source.piece = 2 * PART_SIZE
    await s.deliver()
    assert s.progress[0][1].piece == 1


# --- going on after an interruption ---------------------------------------------------------------


async def interrupted(s: Scene, parts: int = 2) -> None:
    """A delivery that was stopped when Telegram had so many parts."""
    s.account.stop_after = parts
    delivery = asyncio.create_task(s.deliver())
    await until(lambda: len(s.account.received) == parts)
    delivery.cancel()
    await asyncio.gather(delivery, return_exceptions=True)
    s.account.stop_after = None
    s.account.received.clear()


async def test_what_telegram_has_is_not_sent_again(scene: MakeScene) -> None:
    s = scene()
    await interrupted(s)
    await s.deliver()
    assert sorted(s.account.received) == [2, 3]
    assert s.account.file() == BODY
    assert len(s.account.sent) == 1
    s.assert_nothing_is_left()


async def test_what_telegram_has_is_no_speed(scene: MakeScene) -> None:
    s = scene()
    await interrupted(s, parts=3)
    s.progress.clear()
    s.account.go.clear()
    delivery = asyncio.create_task(s.deliver())
    await until(lambda: s.progress and s.progress[-1][1].acknowledged == 3 * PART_SIZE)
    assert s.progress[-1][1].up_speed == 0
    s.account.go.set()
    await delivery


async def test_a_file_that_is_not_the_same_any_more_begins_anew(scene: MakeScene) -> None:
    s = scene()
    await interrupted(s)
    changed = bytes(BODY[:10]) + b"changed" + BODY[17:]
    s.source.body = changed
    assert (await s.deliver()).state is State.DONE
    assert s.account.file() == changed
    assert len(s.account.parts) == 2, "it has another file id"
    s.assert_nothing_is_left()


async def test_parts_that_telegram_has_forgotten_are_sent_again(scene: MakeScene) -> None:
    s = scene()
    await interrupted(s)
    s.account.refuses_messages = [PartsMissing()]
    assert (await s.deliver()).state is State.DONE
    assert s.account.file() == BODY
    assert len(s.account.parts) == 2
    s.assert_nothing_is_left()


async def test_a_file_that_only_lacks_its_message_is_not_even_fetched_again(scene: MakeScene) -> None:
    s = scene()
    s.account.refuses_messages = [TelegramUnreachable()]
    with pytest.raises(TelegramUnreachable):
        await s.deliver()
    s.source.found = UnsupportedSite()  # the link works no more
    delivered = await s.deliver()
    assert (delivered.state, delivered.changes["title"]) == (State.DONE, "Film")
    assert delivered.changes["fingerprint"] == fingerprint(media(), s.account.plans[0])
    assert delivered.changes["log_copies"] == COPIES
    assert len(s.source.streams) == 1
    assert s.account.file() == BODY
    ((_, found, file),) = s.account.sent
    assert (found.title, found.recipe, file.summary.duration) == ("Film", b"", 61.5)


async def test_a_ready_file_that_telegram_has_forgotten_is_fetched_again(scene: MakeScene) -> None:
    s = scene()
    s.account.refuses_messages = [TelegramUnreachable(), PartsMissing()]
    with pytest.raises(TelegramUnreachable):
        await s.deliver()
    assert (await s.deliver()).state is State.DONE
    assert len(s.source.streams) == 2
    assert s.account.file() == BODY


async def test_a_ready_file_of_another_account_is_fetched_again(scene: MakeScene) -> None:
    s = scene()
    s.account.refuses_messages = [TelegramUnreachable()]
    with pytest.raises(TelegramUnreachable):
        await s.deliver()
    other = FakeAccount()
    other.id = 8
    s.accounts.there.insert(0, other)
    assert (await s.deliver()).state is State.DONE
    assert other.file() == BODY


async def test_of_several_files_each_goes_on_where_it_was(scene: MakeScene) -> None:
    s = scene()
    s.source.piece = 2 * PART_SIZE
    await interrupted(s, parts=3)
    await s.deliver()
    assert s.account.received == [1], "the first file was there, and half of the second one"
    assert [file.piece for _, _, file in s.account.sent] == [1, 1, 2]
    s.assert_nothing_is_left()


async def test_without_a_database_an_upload_still_ends_well(scene: MakeScene) -> None:
    s = scene()
    s.kept.down = True
    assert (await s.deliver()).state is State.DONE
    assert s.account.file() == BODY


async def test_a_file_made_by_another_plan_is_another_file(scene: MakeScene) -> None:
    s = scene(NEEDS_INDEX)
    s.source.ends = [IndexTooSmall()]
    assert (await s.deliver()).state is State.DONE
    assert len({key.name for key in s.kept.parts}) == 2
    s.assert_nothing_is_left()


# --- the archive ----------------------------------------------------------------------------------


class FakeArchive:
    """Has what it was told of."""

    def __init__(self) -> None:
        self.has: set[str] = set()
        self.asked: list[str] = []

    async def resend(self, download: Download, found: Media, fingerprint: str) -> tuple[Sent, ...] | None:
        await asyncio.sleep(0)
        self.asked.append(fingerprint)
        if fingerprint not in self.has:
            return None
        return (Sent(chat_id=download.request.chat_id, message_id=5, size=9, parts=1),)


def with_archive(s: Scene) -> FakeArchive:
    """The same scene, whose delivery has an archive."""
    archive = FakeArchive()
    s.use_archive(archive)
    return archive


async def test_what_the_archive_has_is_not_fetched(scene: MakeScene) -> None:
    s = scene()
    archive = with_archive(s)
    first = await s.deliver()
    assert isinstance(first.changes["fingerprint"], str)
    assert first.changes["archived"] is False
    archive.has = {first.changes["fingerprint"]}
    s.kept.complete_ones.clear()
    again = await s.deliver()
    assert again.changes["archived"] is True
    assert again.changes["fingerprint"] == first.changes["fingerprint"]
    assert again.changes["sent"] == (Sent(chat_id=1, message_id=5, size=9, parts=1),)
    assert again.changes["log_copies"] == COPIES
    assert len(s.source.streams) == len(s.account.sent) == 1


async def test_a_fresh_file_is_fetched_and_archived_all_the_same(scene: MakeScene) -> None:
    s = scene()
    archive = with_archive(s)
    delivered = await s.deliver(fresh=True)
    assert archive.asked == []
    assert isinstance(delivered.changes["fingerprint"], str)
    assert delivered.changes["archived"] is False


# --- accounts -------------------------------------------------------------------------------------


async def test_a_file_is_cut_at_what_its_account_can_carry(scene: MakeScene) -> None:
    s = scene()
    await s.deliver()
    assert s.source.streams[0].plan.max_size == 100 * PART_SIZE
    assert s.accounts.asked[0].size == len(BODY)


async def test_an_account_that_is_lost_on_the_way_is_replaced(scene: MakeScene) -> None:
    s = scene()
    lost = FakeAccount(max_parts=200)
    lost.refuses = AccountLost()
    s.accounts.there.insert(0, lost)
    await s.deliver()
    assert lost.sent == []
    assert s.account.file() == BODY
    assert [stream.plan.max_size for stream in s.source.streams] == [200 * PART_SIZE, 100 * PART_SIZE]
    s.assert_nothing_is_left()


async def test_the_last_account_cannot_be_replaced(scene: MakeScene) -> None:
    s = scene()
    s.account.refuses = AccountLost()
    with pytest.raises(AccountLost):
        await s.deliver()
    assert len(s.source.streams) == 1


# --- progress -------------------------------------------------------------------------------------


async def test_progress_grows_until_everything_is_there(scene: MakeScene) -> None:
    s = scene()
    await s.deliver()
    acknowledged = [progress.acknowledged for _, progress in s.progress]
    assert acknowledged[0] == 0
    assert acknowledged == sorted(acknowledged)
    assert max(acknowledged) > PART_SIZE
    download, progress = s.progress[0]
    assert (download.id, download.title) == ("job", "Film")
    assert (progress.total, progress.held) == (len(BODY), 1.5)


async def test_progress_ends_with_the_transfer(scene: MakeScene) -> None:
    s = scene()
    await s.deliver()
    reported = len(s.progress)
    await turns()
    assert len(s.progress) == reported


# --- stopping -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [*range(30), 40, 60, 100])
async def test_stopping_at_any_moment_leaves_nothing(scene: MakeScene, count: int) -> None:
    s = scene(NEEDS_INDEX)
    delivering = asyncio.create_task(s.deliver())
    await turns(count)
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)
    assert delivering.cancelled() or s.account.sent
    s.assert_nothing_is_left()


@pytest.mark.parametrize("count", range(0, 60, 4))
async def test_stopping_on_the_way_by_the_disk_leaves_nothing(scene: MakeScene, count: int) -> None:
    s = scene(NEEDS_INDEX)
    s.account.wants_total = True
    delivering = asyncio.create_task(s.deliver())
    await until(lambda: len(s.source.streams) == 2 and s.source.streams[1].received)
    await turns(count)
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)
    assert delivering.cancelled() or s.account.sent
    s.assert_nothing_is_left()


async def test_stopping_while_telegram_takes_no_part_leaves_nothing(scene: MakeScene) -> None:
    s = scene()
    s.account.go.clear()
    delivering = asyncio.create_task(s.deliver())
    await until(lambda: s.source.streams and s.source.streams[0].received)
    await turns()
    delivering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivering
    assert s.account.sent == []
    s.assert_nothing_is_left()


# --- turns ----------------------------------------------------------------------------------------


async def test_a_file_whose_turn_has_not_come_is_kept_and_sent_later(scene: MakeScene) -> None:
    s = scene()
    s.turns.is_turn = False
    with pytest.raises(OutOfTurn):
        await s.deliver()
    assert s.account.sent == []
    probes = len(s.source.streams)
    with pytest.raises(OutOfTurn):
        await s.deliver()
    s.turns.is_turn = True
    assert (await s.deliver()).state is State.DONE
    assert len(s.source.streams) == probes, "it is not fetched again"
    assert len(s.account.sent) == 1
    s.assert_nothing_is_left()


# --- subtitles and broadcasts ---------------------------------------------------------------------

SUBTITLED = media().evolve(subtitles=(Subtitle(language="en"),))
BESIDE, INSIDE = (
    Shape(subtitles=Subtitles(language="en", as_file=True)),
    Shape(subtitles=Subtitles(language="en")),
)


async def test_subtitles_follow_their_video(scene: MakeScene) -> None:
    s = scene(SUBTITLED)
    delivered = await s.deliver(shape=BESIDE)
    video, texts = s.account.plans
    assert (video.method, texts.method) == (Method.PASS, Method.SUBTITLES)
    assert [file.piece for _, _, file in s.account.sent] == [None, None]
    assert delivered.changes["log_copies"] == tuple(
        copy.evolve(number=number) for number in (1, 2) for copy in COPIES
    )
    assert len(s.recorded) == 1, "the video is on record before the subtitles are fetched"


async def test_a_video_is_delivered_without_subtitles_that_are_lost(scene: MakeScene) -> None:
    s = scene(SUBTITLED)
    s.source.ends = [None, SubtitlesLost()]
    delivered = await s.deliver(shape=BESIDE)
    assert delivered.state is State.DONE
    assert [plan.method for plan in s.account.plans] == [Method.PASS]


async def test_the_same_where_they_were_to_be_kept_in_it(scene: MakeScene) -> None:
    s = scene(SUBTITLED)
    s.source.ends = [SubtitlesLost(), None]
    delivered = await s.deliver(shape=INSIDE)
    assert [stream.plan.subtitles is not None for stream in s.source.streams] == [True, False]
    assert cast(Plan, delivered.changes["plan"]).subtitles is None


async def test_after_a_crash_nobody_forgets_the_subtitles(scene: MakeScene) -> None:
    s = scene(SUBTITLED)
    s.account.refuses_messages = [TelegramUnreachable()]
    with pytest.raises(TelegramUnreachable):
        await s.deliver(shape=BESIDE)
    await s.deliver(shape=BESIDE)
    assert [plan.method for plan in s.account.plans] == [Method.PASS, Method.SUBTITLES]


async def test_of_a_broadcast_is_asked_how_much(scene: MakeScene) -> None:
    s = scene(media().evolve(is_live=True))
    for wish in (None, Wish(max_height=480)):
        asked = await s.deliver(wish)
        assert asked.state is State.ASKING
        wishes = [choice.wish for choice in cast(tuple[Choice, ...], asked.changes["choices"])]
        lengths = [one.recording and one.recording.seconds for one in wishes]
        assert lengths == [600, 1800, 3600, 10800, None]
        assert {one.max_height for one in wishes} == {wish and wish.max_height}
    delivered = await s.deliver(wishes[-1])
    assert cast(Plan, delivered.changes["plan"]).recording == Recording()
    assert s.progress[0][1].elapsed is not None


async def test_what_was_to_end_before_it_began_ends_at_once(scene: MakeScene) -> None:
    s = scene(media().evolve(is_live=True))
    request = queued().request.evolve(wish=Wish(recording=Recording()))
    await s.delivery.deliver(queued(finish_requested=True).evolve(request=request))
    assert s.source.streams[0].finished


async def test_each_try_of_a_recording_is_another_file() -> None:
    plan = choose(media().evolve(is_live=True), Wish(recording=Recording()), max_size=10**9)
    first, second = (file_key(queued(claims=number), 7, plan, 1) for number in (1, 2))
    assert first != second


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (media().evolve(is_live=True), "live now"),
        (Playlist(url="https://example.org/list", title="All", source="Example", entries=()), "playlist"),
    ],
)
async def test_what_has_to_be_asked_about_is_no_item_of_a_batch(
    scene: MakeScene, found: Media | Playlist, sentence: str
) -> None:
    s = scene(found)
    item = Item(batch="b", number=2, batch_name="Course")
    request = queued().request.evolve(item=item)
    with pytest.raises(SourceError, match=sentence):
        await s.delivery.deliver(queued().evolve(request=request))
    assert s.unfolded == []
    assert s.account.sent == []
