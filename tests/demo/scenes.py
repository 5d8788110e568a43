"""Conversations that the demo plays: those of the acceptance tests, on a stage as they need it."""

import time
import traceback
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from tests.acceptance import (
    test_batch,
    test_live,
    test_operation,
    test_own_access,
    test_people,
    test_photos,
    test_settings,
    test_shapes,
    test_statistics,
    test_subtitles,
    test_tasks,
    test_texts,
)
from tests.stage import Stage


@dataclass(frozen=True)
class Scene:
    """A conversation, in one part or several. `stage` makes the world that it takes place in."""

    name: str
    title: str
    parts: tuple[Callable[[Stage], Awaitable[None]], ...]
    stage: Callable[[], AbstractAsyncContextManager[Stage]] = Stage


@dataclass(frozen=True)
class Verdict:
    """How a scene went; an object of the demo's JSON."""

    name: str
    seconds: float
    problems: tuple[str, ...]
    violations: int = 0
    flood_waits: int = 0
    kind: str = "conversation"

    @property
    def ok(self) -> bool:
        """Whether it went as it must."""
        return not self.problems

    def to_json(self) -> dict[str, object]:
        """As the demo's JSON has it."""
        fields = {key: value for key, value in asdict(self).items() if key in _FIELDS}
        return {**fields, "ok": self.ok}


_FIELDS = ("name", "kind", "seconds", "problems")


async def perform(scene: Scene, watch: Callable[[Stage], None]) -> Verdict:
    """Play a scene on a stage of its own. `watch` is given the stage before anything happens on it."""
    problems = list[str]()
    violations = waits = 0
    began = time.monotonic()
    try:
        async with scene.stage() as stage:
            watch(stage)
            began = time.monotonic()
            try:
                for part in scene.parts:
                    await part(stage)
            finally:
                broken = [*map(str, stage.dc.take_violations()), *stage.dc.unhandled]
                problems += broken
                violations, waits = len(broken), stage.dc.stats().get("flood_waits", 0)
    except Exception as error:  # whatever a test ends with is the verdict
        problems.append(_reason(error))
    seconds = round(time.monotonic() - began, 2)
    return Verdict(scene.name, seconds, tuple(problems), violations, waits)


def _reason(error: Exception) -> str:
    """What failed, in a line, and the line of the test that demanded it: the chat is on the screen."""
    message = str(error).partition("\n")[0]
    frames = traceback.extract_tb(error.__traceback__)
    tests = [one for one in frames if Path(one.filename).name.startswith("test_")]
    place = f"{Path(tests[-1].filename).name}:{tests[-1].lineno}: {tests[-1].line}" if tests else ""
    return "\n".join(filter(None, (f"{type(error).__name__}: {message}".rstrip(": "), place)))


_PICTURE = partial(test_photos.test_a_photo, name="picture.jpg")

SCENES = (
    Scene(
        "batch",
        "A .txt with a line for each link",
        (test_batch.test_the_files_come_in_the_order_of_their_lines,),
    ),
    Scene(
        "batch-questions",
        "Each question about a batch, answered by hand",
        (test_batch.test_every_question_is_answered_by_hand,),
    ),
    Scene(
        "batch-pause",
        "A batch is paused, goes on, and is cancelled",
        (test_batch.test_pause_go_on_and_cancel,),
    ),
    Scene(
        "batch-retry", "What failed in a batch is tried again", (test_batch.test_what_failed_is_tried_again,)
    ),
    Scene(
        "batch-restart",
        "The bot is killed twice during a batch",
        (test_batch.killed_twice,),
        test_batch.lasting_stage,
    ),
    Scene(
        "batch-channel",
        "A .txt in one's own channel",
        (test_batch.test_a_list_that_is_posted_in_ones_own_channel_is_brought_there,),
    ),
    Scene(
        "playlist",
        "A playlist, of which two entries are wanted",
        (test_batch.test_a_playlist_is_offered_and_a_part_of_it_comes,),
    ),
    Scene(
        "audio-mp3",
        "The sound of a page as MP3, encoded on its way",
        (test_shapes.test_the_sound_of_a_page_with_its_tags,),
    ),
    Scene(
        "section",
        "Three seconds of a film",
        (test_shapes.test_a_part_of_a_film_under_another_name, test_shapes.test_a_part_that_there_is_not),
    ),
    Scene("rename", "A file under another name", (test_shapes.test_another_name,)),
    Scene(
        "subtitles",
        "Subtitles in the video",
        (test_subtitles.test_in_the_video,),
        test_subtitles.archive_stage,
    ),
    Scene(
        "subtitles-file",
        "Subtitles as a file",
        (test_subtitles.test_in_the_video, test_subtitles.test_as_a_file),
        test_subtitles.archive_stage,
    ),
    Scene("live", "A broadcast is recorded until somebody stops it", (test_live.test_stopped_and_kept,)),
    Scene("photo", "A link to a photo", (_PICTURE,)),
    Scene(
        "album",
        "Links to several pictures become an album",
        (test_photos.test_the_pictures_of_a_message_are_an_album,),
    ),
    Scene(
        "settings",
        "Every page of /settings",
        (test_settings.test_each_page_sets_its_own_field_and_shows_it,),
        test_settings.busy_stage,
    ),
    Scene(
        "caption",
        "A caption of one's own",
        (test_settings.test_a_caption_is_typed_previewed_and_used,),
        test_settings.busy_stage,
    ),
    Scene(
        "thumbnail",
        "One's own photo as the thumbnail",
        (test_settings.test_ones_own_photo_is_the_thumbnail,),
        test_settings.busy_stage,
    ),
    Scene(
        "channel",
        "Files go into one's own channel",
        (test_settings.test_files_go_into_ones_own_channel_as_long_as_it_takes_them,),
        test_settings.busy_stage,
    ),
    Scene(
        "topic",
        "Files go into a topic of a forum",
        (test_settings.test_files_go_into_a_topic,),
        test_settings.busy_stage,
    ),
    Scene(
        "cookies",
        "Cookies open a page for who gave them",
        (test_own_access.test_cookies_open_a_page_for_who_gave_them_and_for_nobody_else,),
        test_own_access.equipped_stage,
    ),
    Scene(
        "sources",
        "Sites that the deployer has added",
        (test_own_access.test_sites_that_were_added_are_listed_and_fetched,),
        test_own_access.equipped_stage,
    ),
    Scene(
        "text-tools",
        "A text, a list and a playlist become files",
        (
            test_texts.test_a_text_becomes_a_file,
            test_texts.test_a_list_becomes_a_page,
            test_texts.test_a_playlist_becomes_a_list,
        ),
    ),
    Scene(
        "tasks",
        "What is under way is seen and stopped",
        (test_tasks.test_what_is_under_way_is_shown_and_stopped,),
    ),
    Scene("history", "What one had before comes again", (test_tasks.test_the_past_is_shown_and_comes_again,)),
    Scene(
        "stats",
        "The owner looks at the bot's numbers, others at their own",
        (
            test_statistics.test_an_owner_looks_at_the_numbers,
            test_statistics.test_others_see_their_own_numbers_and_no_more,
        ),
    ),
    Scene(
        "admin",
        "The owner and an admin look after people, limits and the panel",
        (
            test_people.test_somebody_asks_for_access_and_gets_it,
            test_people.test_people_are_named_in_every_way,
            test_people.test_an_admin_decides_about_users_and_not_about_admins,
            test_people.test_the_panel_has_a_page_for_everything,
            test_people.test_limits_hold_and_say_when_it_goes_on,
            test_people.test_in_an_open_group_everybody_may_send_links,
        ),
        test_people.private_stage,
    ),
    Scene(
        "operation",
        "Health, log, restart, maintenance and settings from the chat",
        (
            test_operation.test_ping_and_version,
            test_operation.test_health,
            test_operation.test_the_log_as_a_file,
            test_operation.test_a_restart,
            test_operation.test_maintenance,
            test_operation.test_settings_are_changed_while_it_runs,
        ),
        test_operation.watched_stage,
    ),
)
