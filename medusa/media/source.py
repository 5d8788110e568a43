"""The front door of medusa.media: what a link leads to, and its bytes."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from loguru import logger

from medusa.cookies import CookieFile
from medusa.errors import MediaChildDied, MedusaError, SourceUnreachable
from medusa.media import budget, pieces
from medusa.media.budget import Budget
from medusa.media.group import Group
from medusa.media.job import Job, media_child
from medusa.media.link import check_link
from medusa.media.nursery import Nursery
from medusa.media.order import Patience, ProbeOrder, StreamOrder
from medusa.media.records import BadRecord, Exit, Type, decode_json
from medusa.media.stream import MediaStream
from medusa.model import Media, Plan
from medusa.playlist import MOST_ENTRIES, Playlist

PROBE_TIME = 60.0
"""Seconds."""
PROBE_BYTES = 64 * 1024 * 1024
"""From all servers together: pages, playlists, the heads of files."""
LONGEST_RECIPE = 16 * 1024 * 1024
"""Bytes. A day of DASH in seconds has about 2 MB."""


class Source:
    """Fetches through media children. Safe to share: each call has a child of its own."""

    def __init__(
        self,
        directory: Path,
        nursery: Nursery,
        *,
        allow: Sequence[str] = (),
        plugins: Path | None = None,
        patience: Patience | None = None,
    ) -> None:
        """`directory`: where jobs get their private directories. `allow`: the entries of FETCH_ALLOW.

        `plugins`: the directory of SOURCES_DIR.
        """
        self._directory = directory
        self._allow = tuple(allow)
        self._plugins = str(plugins.absolute()) if plugins else ""
        self._patience = patience or Patience()
        self._nursery = nursery
        self._engine = nursery.engine

    async def probe(self, url: str, *, hint: str = "", cookies: CookieFile | None = None) -> Media | Playlist:
        """What the link leads to. Raises BadLink, SourceError or MediaChildDied; nothing is fetched yet.

        `hint`: see medusa.playlist.Entry. `cookies`: of the person whose link it is.
        """
        order = partial(
            ProbeOrder,
            check_link(url),
            patience=self._patience,
            hint=hint,
            cookies=cookies.text if cookies else "",
            plugins=self._plugins,
            most_entries=MOST_ENTRIES,
        )
        directory = self._engine.directory
        try:
            return await self._probe(order, cookies)
        except MediaChildDied:
            if self._engine.directory == directory:
                raise
            return await self._probe(order, cookies)  # by another yt-dlp, for this one was given up

    async def _probe(
        self, order: Callable[[str], ProbeOrder], cookies: CookieFile | None
    ) -> Media | Playlist:
        try:
            async with (
                asyncio.timeout(PROBE_TIME),
                media_child(self._group(), order, allow=self._allow, budget=Budget(PROBE_BYTES)) as job,
            ):
                code: int | None = None
                try:
                    found = await _found(job, cookies)
                    code = Exit.OK
                    return found
                except MedusaError as error:
                    code = job.exit_code if isinstance(error, MediaChildDied) else Exit.REPORTED
                    raise
                finally:
                    self._engine.ended(job.ytdlp, code, job.last_words)
        except TimeoutError as error:
            raise SourceUnreachable(detail=f"no answer to the probe in {PROBE_TIME:.0f} s") from error

    @asynccontextmanager
    async def open(self, media: Media, plan: Plan) -> AsyncIterator[MediaStream]:
        """The files that the plan describes, while the context is open."""

        def order(proxy: str) -> StreamOrder:
            return StreamOrder(
                method=plan.method.value,
                format_ids=plan.format_ids,
                kind="audio" if plan.sound_only else media.kind.value,
                container=plan.file_name.rpartition(".")[2].lower(),
                head_window=plan.head_window,
                size=plan.size if plan.size_is_exact else None,
                proxy=proxy,
                max_size=plan.max_size,
                is_larger=pieces.is_larger(plan) or plan.recording is not None,
                sound_only=plan.sound_only,
                bit_rate=plan.bit_rate,
                title=media.title,
                performer=media.performer or "",
                start=plan.section.start if plan.section else 0.0,
                end=plan.section.end if plan.section else None,
                is_recording=plan.recording is not None,
                recorded_seconds=plan.recording.seconds if plan.recording else None,
                subtitles=plan.subtitles.language if plan.subtitles else None,
                patience=self._patience,
            )

        limit = budget.of_stream(plan)
        async with media_child(self._group(), order, media.recipe, allow=self._allow, budget=limit) as job:
            try:
                yield MediaStream(job, plan)
            finally:
                # A crash may be of what was sent, or of PyAV.
                if job.exit_code == Exit.UNUSABLE:
                    self._engine.ended(job.ytdlp, job.exit_code, job.last_words)

    def _group(self) -> Group:
        return Group(self._directory, self._nursery)


async def _found(job: Job, cookies: CookieFile | None) -> Media | Playlist:
    data = bytearray()
    summary = b""
    async for record in job.records():
        if record.type is Type.DATA:
            data += record.payload
        else:
            summary = record.payload
        if len(data) > LONGEST_RECIPE:
            raise MediaChildDied(detail=f"a recipe of more than {LONGEST_RECIPE} bytes")
    try:
        values = decode_json(summary)
        logger.info("a link was looked at with yt-dlp {}", values.pop("ytdlp"))
        if "list" in values:
            return Playlist.model_validate_json(json.dumps(values["list"] | {"entries": json.loads(data)}))
        used = values.pop("used_cookies")
        private_to = cookies.person_id if cookies and used else None
        return Media.model_validate_json(json.dumps(values)).evolve(recipe=bytes(data), private_to=private_to)
    except (BadRecord, KeyError, ValueError) as error:  # a ValidationError is a ValueError
        raise MediaChildDied(detail=f"what was found: {error}") from error
