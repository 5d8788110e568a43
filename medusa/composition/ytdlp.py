"""The yt-dlp that a process uses, and what the owner does about it."""

from collections.abc import Callable, Coroutine
from typing import NamedTuple

from medusa.composition.base import Base, Voice
from medusa.config import Duty, installer_environment
from medusa.media.installer import Installer
from medusa.media.pip import Pip
from medusa.media.trial import Trial
from medusa.model import Person
from medusa.telegram.release_answers import ReleaseAnswers, ReleaseHerald
from medusa.ytdlp.desk import ReleaseDesk
from medusa.ytdlp.follower import Follower
from medusa.ytdlp.weekly import Weekly


class YtDlp(NamedTuple):
    """What looks after it."""

    follower: Follower
    """In every process."""
    desk: ReleaseDesk
    weekly: Weekly
    """In the one that speaks with people."""

    def work(self, duty: Duty) -> list[Callable[[], Coroutine[None, None, None]]]:
        """What is to run all the time."""
        return [self.follower.run, *([self.desk.run, self.weekly.run] if duty.is_front else [])]


async def begin_ytdlp(base: Base, voice: Voice) -> YtDlp:
    """What looks after the yt-dlp of this process; the right one is used from the start if it lies here."""
    ytdlp = make_ytdlp(base, voice)
    await ytdlp.follower.begin()
    return ytdlp


def make_ytdlp(base: Base, voice: Voice) -> YtDlp:
    """The same, which has not looked yet."""
    settings, store = base.settings, base.store.releases
    bot = Person(id=int(settings.bot_token.get_secret_value().partition(":")[0]), name="Medusa")
    installer = Installer(
        settings.data_dir / "yt-dlp", Pip(installer_environment()), Trial(settings.data_dir / "jobs")
    )
    herald = ReleaseHerald(voice.client, voice.audit, bot, owner=settings.owner)
    follower = Follower(store, base.nursery.engine, installer, herald)
    answers = ReleaseAnswers(voice.client, voice.board)
    desk = ReleaseDesk(store, base.nursery.engine, installer, follower, base.policies, voice.audit, answers)
    return YtDlp(follower, desk, Weekly(store, base.policies, desk, herald, bot))
