"""Bad servers: either the right bytes, or the right error; and nothing left behind."""

from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio

from medusa.errors import (
    BadLink,
    IndexTooSmall,
    MediaChildDied,
    MedusaError,
    PrivateAddress,
    ProtectedMedia,
    SourceChanged,
    SourceGone,
    SourceIncomplete,
    SourceRefused,
    SourceUnreachable,
    UnsupportedSite,
)
from medusa.media.choose import choose
from medusa.media.nursery import Nursery
from medusa.media.source import Source
from medusa.wishes import Wish
from tests.integration.media.conftest import IMPATIENT
from tests.integration.media.fetching import LARGEST, Fetched, fetch_all, probe, stream
from tests.site import Site

BIG = "big-5.mp4"

SURVIVED: dict[str, tuple[str, dict[str, object]]] = {
    "cut with ranges": (BIG, {"cut": 1_000_000}),
    "reset with ranges": (BIG, {"cut": 2_000_000, "reset": 1, "rate": 20_000_000}),
    "stalled with ranges": (BIG, {"stall": 3_000_000}),
    "cut segments": ("hls-ts", {"cut": 20_000}),
    "cut late": ("big-20-late.mp4", {"cut": 3_000_000}),
}
REFUSED: dict[str, tuple[str, dict[str, object], type[MedusaError]]] = {
    "cut without ranges": (BIG, {"cut": 1_000_000, "ranges": 0}, SourceIncomplete),
    "cut chunks": (BIG, {"cut": 1_000_000, "ranges": 0, "length": "none"}, SourceIncomplete),
    "cut without any length": (BIG, {"cut": 1_000_000, "ranges": 0, "length": "close"}, SourceIncomplete),
    "reset without any length": (
        BIG,
        {"cut": 1_000_000, "ranges": 0, "length": "close", "reset": 1, "rate": 9_000_000},
        SourceIncomplete,
    ),
    "stalled without ranges": (BIG, {"stall": 1_000_000, "ranges": 0}, SourceIncomplete),
    "a length too large": (BIG, {"length": 99_000_000, "ranges": 0}, SourceIncomplete),
    "a length too small": (BIG, {"length": 1_000_000, "ranges": 0}, SourceIncomplete),
    "changed in between": (BIG, {"cut": 1_000_000, "change": 500_000}, SourceChanged),
    "a segment that is not there": ("hls-ts", {"missing": 2}, SourceIncomplete),
    "the last segment is not there": ("hls-ts", {"missing": 4}, SourceIncomplete),
    "a segment of the sound": ("hls-split", {"missing": 1}, SourceIncomplete),
    "segments cut without ranges": ("hls-ts", {"cut": 20_000, "ranges": 0}, SourceIncomplete),
    "segments that stall": ("hls-ts", {"stall": 20_000, "ranges": 0}, SourceIncomplete),
    "a private segment": ("hls-private", {}, PrivateAddress),
    "a redirect to a private address": ("redirect-private", {}, PrivateAddress),
    "DRM": ("drm", {}, ProtectedMedia),
    "gone": ("gone", {}, SourceGone),
    "forbidden": ("mp4", {"status": 403}, SourceRefused),
    "broken": ("mp4", {"status": 500}, SourceUnreachable),
    "a page without media": ("empty-page", {}, UnsupportedSite),
}


class Outcomes(NamedTuple):
    """What every case became, fetched once for all tests here."""

    site: Site
    results: dict[str, Fetched | MedusaError]
    left_behind: list[Path]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outcomes(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Outcomes:
    base = tmp_path_factory.mktemp("jobs")
    async with Site() as site:
        links = {case: (site.url(name, **faults), Wish()) for case, (name, faults) in SURVIVED.items()}
        links |= {case: (site.url(name, **faults), Wish()) for case, (name, faults, _) in REFUSED.items()}
        source = Source(base, nursery, allow=[site.allow], patience=IMPATIENT)
        results = await fetch_all(source, links)
        return Outcomes(site, results, list(base.iterdir()))


@pytest.mark.parametrize("case", SURVIVED)
def test_a_server_that_can_resume(outcomes: Outcomes, case: str) -> None:
    name, _ = SURVIVED[case]
    got = outcomes.results[case]
    assert isinstance(got, Fetched), got
    if name == BIG:
        assert sha256(got.data).hexdigest() == outcomes.site.sha256(name)
    else:
        assert got.report().md5s == outcomes.site.track_md5(name)


@pytest.mark.parametrize("case", REFUSED)
def test_never_a_wrong_file(outcomes: Outcomes, case: str) -> None:
    *_, kind = REFUSED[case]
    error = outcomes.results[case]
    assert isinstance(error, MedusaError), "a file"
    assert type(error) is kind, error.detail


def test_nothing_is_left_behind_and_nothing_private_was_reached(outcomes: Outcomes) -> None:
    assert outcomes.left_behind == []
    assert outcomes.site.internal_hits == 0


async def test_a_private_address_is_refused_at_once(base: Path, site: Site, nursery: Nursery) -> None:
    closed = Source(base, nursery)
    with pytest.raises(PrivateAddress):
        await closed.probe(site.url("mp4"))
    assert not site.requests


async def test_a_port_where_nobody_listens(base: Path, nursery: Nursery) -> None:
    source = Source(base, nursery, allow=["127.0.0.1:9"])
    with pytest.raises(SourceUnreachable):
        await source.probe("http://127.0.0.1:9/x.mp4")


async def test_no_process_is_started_for_a_bad_link(source: Source, base: Path) -> None:
    with pytest.raises(BadLink):
        await source.probe("--exec=touch pwned")
    assert not base.exists()


@pytest.mark.parametrize("room", [4096, 5500], ids=["seen on the way", "seen at the end"])
async def test_too_little_room_for_the_index(source: Source, site: Site, base: Path, room: int) -> None:
    media = await probe(source, site.url("hls-ts"))
    plan = choose(media, Wish(), max_size=LARGEST)
    tight = plan.evolve(head_window=room)
    with pytest.raises(IndexTooSmall) as caught:
        await stream(source, media, tight)
    assert caught.value.retryable
    assert ("so far" in caught.value.detail) is (room == 4096)
    assert list(base.iterdir()) == []
    got = await stream(source, media, tight.evolve(head_window=tight.head_window * 8))
    assert got.report().is_faststart


async def test_a_recipe_that_is_damaged_is_a_child_that_died(source: Source, site: Site, base: Path) -> None:
    media = await probe(source, site.url("mp4"))
    plan = choose(media, Wish(), max_size=LARGEST)
    with pytest.raises(MediaChildDied) as caught:
        await stream(source, media.evolve(recipe=b"nonsense"), plan)
    assert "zlib" in caught.value.detail
    assert list(base.iterdir()) == []
