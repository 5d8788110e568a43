"""What was taken over with its id alone gets its title when the bot starts."""

from pathlib import Path

from medusa.channel import OwnChannel
from medusa.log_channel import LogChannel
from medusa.storage.mongo import open_store
from medusa.telegram.client import make_client
from medusa.telegram.titles import Titles
from medusa.wishes import Target
from tests.dc import DataCenter
from tests.integration.clients import settings_for

GONE = -1009999999999


async def test_titles_are_asked_for_where_there_are_none(
    tmp_path: Path, mongo_uri: str, mongo_database: str
) -> None:
    async with DataCenter() as dc, open_store(mongo_uri, mongo_database) as store:
        bot = dc.bot(token="7000001:" + "A" * 35, username="medusa_bot")
        log, films = (dc.channel(name, admins=[bot]) for name in ("Log", "Films"))
        async with make_client(settings_for(dc, bot, tmp_path), plugins=None) as client:
            for channel_id in (log.id, GONE):
                await store.channels.add_log_channel(LogChannel(id=channel_id, title=str(channel_id)))
            await store.chats.open(films.id, str(films.id), 1)
            for owner, title in ((1, str(films.id)), (2, "My films")):
                target = Target(chat_id=films.id, title=title)
                await store.targets.add_target(OwnChannel(target=target, owner=owner))
            titles = Titles(client, store.unnamed)
            await titles.complete()
            assert {one.id: one.title for one in await store.channels.log_channels()} == {
                log.id: "Log",
                GONE: str(GONE),
            }
            assert await store.chats.all() == {films.id: "Films"}
            assert [one.target.title for one in await store.targets.targets(None)] == ["Films", "My films"]
            assert await store.unnamed.unnamed() == [GONE]
