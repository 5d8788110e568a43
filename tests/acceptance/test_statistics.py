"""/stats: one's own numbers, and those of the bot as a picture that turns."""

import csv
import io
from datetime import UTC, datetime

import av
import pytest

from tests.acceptance.talk import PATIENCE, end, fetch, send
from tests.acceptance.test_tasks import forge
from tests.dc.person import Person
from tests.dc.seen import Seen
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAPER, NIGHT = (255, 255, 255), (23, 33, 43)


def corner(stage: Stage, seen: Seen) -> tuple[int, ...]:
    """The colour of a picture's first pixel. It is one for a phone."""
    assert seen.media is not None
    assert (seen.media.kind, seen.media.width, seen.media.height) == ("photo", 1080, 1080)
    with av.open(io.BytesIO(stage.dc.file(seen.media.file_id).bytes), "r") as container:
        return tuple(next(container.decode(video=0)).to_ndarray(format="rgb24")[0, 0].tolist())


async def turned(person: Person, shown: Seen, label: str) -> Seen:
    """The same message with another picture."""

    def is_another(seen: Seen) -> bool:
        return seen.id == shown.id and seen.media is not None and seen.media != shown.media

    await person.press(shown, label)
    return await person.expect(is_another, PATIENCE)


async def test_an_owner_looks_at_the_numbers(stage: Stage) -> None:
    ann = stage.ann
    media, _ = await fetch(stage, ann, stage.site.url("mp4"))
    assert (await end(ann, await send(ann, stage.site.url("gone")))).text.startswith("❌")
    await ann.says("/stats")
    shown = await ann.expect(lambda seen: seen.media is not None and "2 downloads" in seen.text, PATIENCE)
    assert "1 user" in shown.text
    assert "50 % delivered, 1 failed" in shown.text
    assert shown.labels[:4] == ["Today", "• Week", "Month", "All"]
    assert corner(stage, shown) == PAPER
    for label in ("Today", "Week", "Failures", "Dark"):
        shown = await turned(ann, shown, label)
        assert "2 downloads" in shown.text
    assert corner(stage, shown) == NIGHT
    assert {"• Week", "• Failures", "☀ Light", "Downloads"} <= {*shown.labels}
    await ann.press(shown, "CSV")
    file = await ann.expect(lambda seen: seen.media is not None and seen.media.kind == "document", PATIENCE)
    assert file.media is not None
    assert str(file.media.name).endswith(".csv")
    (row,) = csv.DictReader(io.StringIO(stage.dc.file(file.media.file_id).bytes.decode()))
    assert (row["delivered"], row["failed"], row["users"], row["success"]) == ("1", "1", "1", "0.5000")
    assert int(row["bytes"]) == media.size
    await ann.press(shown, "Mine")
    assert "127.0.0.1: 2" in (await ann.expect("Your downloads")).text


async def test_others_see_their_own_numbers_and_no_more(stage: Stage) -> None:
    eve, ann = stage.person("Eve", "eve"), stage.ann
    await eve.says("/stats")
    empty = await eve.expect("brought you nothing yet")
    for data in ("stats:week:failures:dark", "days:all"):
        assert (await forge(stage, eve, empty, data)).text
    await fetch(stage, eve, stage.site.url("mp4"))
    await eve.says("/stats rebuild 2026-11-27")
    own = await eve.expect("Your downloads")
    assert "7 days: 1 download" in own.text
    assert "100 % delivered" in own.text
    await ann.says("/stats me")
    own = await ann.expect("Your downloads")
    for data in ("stats:week:failures", "stats:year:failures:dark", "days:", "days:everything"):
        assert "do not know this button" in ((await forge(stage, ann, own, data)).text or "")


async def test_a_day_is_counted_anew(stage: Stage) -> None:
    ann = stage.ann
    await ann.says("/stats rebuild 2026-02-30")
    await ann.expect("Name the day")
    await ann.says("/stats rebuild 2020-01-01")
    await ann.expect("The first download that I know was over on")
    today = datetime.now(UTC).date()
    await ann.says(f"/stats rebuild {today}")
    await ann.expect(f"{today} is counted anew")
