"""Which sites the bot knows, asked of a media child: yt-dlp is not loaded here."""

import asyncio
from pathlib import Path

from pydantic import ValidationError

from medusa.errors import MediaChildDied
from medusa.media.budget import Budget
from medusa.media.group import Group
from medusa.media.job import media_child
from medusa.media.link import check_link
from medusa.media.nursery import Nursery
from medusa.media.order import Patience, SurveyOrder
from medusa.media.records import Type
from medusa.survey import Survey

SURVEY_TIME = 30.0
"""Seconds."""


class Catalogue:
    """Safe to share: each call has a child of its own."""

    def __init__(self, directory: Path, nursery: Nursery, *, plugins: Path | None = None) -> None:
        """`directory`: where jobs get their private directories. `plugins`: the directory of SOURCES_DIR."""
        self._directory = directory
        self._nursery = nursery
        self._plugins = str(plugins.absolute()) if plugins else ""

    async def survey(self, url: str = "") -> Survey:
        """All sources, and which one a link is for. Raises BadLink, MediaChildDied."""
        link = check_link(url) if url else ""

        def order(proxy: str) -> SurveyOrder:
            return SurveyOrder(url=link, proxy=proxy, patience=Patience(), plugins=self._plugins)

        group = Group(self._directory, self._nursery)
        try:
            async with (
                asyncio.timeout(SURVEY_TIME),
                media_child(group, order, budget=Budget(0)) as job,
            ):
                try:
                    found = [record.payload async for record in job.records() if record.type is Type.SUMMARY]
                finally:
                    self._nursery.engine.ended(job.ytdlp, job.exit_code, job.last_words)
        except TimeoutError as error:
            raise MediaChildDied(detail=f"no answer to the survey in {SURVEY_TIME:.0f} s") from error
        try:
            return Survey.model_validate_json(found[-1])
        except ValidationError as error:
            raise MediaChildDied(detail=f"a survey: {error}") from error
