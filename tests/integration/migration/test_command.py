"""./scripts/migrate from the command line to what it prints, with real databases."""

import asyncio
import csv
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from medusa.migration.__main__ import main
from medusa.model import Person
from medusa.storage.embedded import embedded_mongod
from medusa.storage.mongo import Store, connected, open_store
from medusa.storage.schema import SCHEMA_ID
from medusa.user import Role
from tests.integration.migration.conftest import AFRESH, TABLES

LOG = -1001111111111
Done = tuple[int, str, str]
Run = Callable[..., Done]
Work = Callable[[Store], Coroutine[Any, Any, Any]]


class Bot:
    """A bot that has run once, and is asked about what it has."""

    def __init__(self, uri: str, name: str) -> None:
        self._uri, self._name = uri, name

    def do(self, work: Work) -> Any:
        async def opened() -> Any:
            async with connected(self._uri, self._name) as store:
                return await work(store)

        return asyncio.run(opened())

    def start(self) -> None:
        """What its start does to the database."""
        self.do(lambda store: store.prepare())

    def role(self, person: int) -> Role | None:
        user = self.do(lambda store: store.users.find_user(person))
        return user.grant.role if user and user.grant else None


@pytest.fixture
def bot(mongo_uri: str, mongo_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bot:
    for name in ("AUTH_USERS", "CHANNELS", "LOG_CHANNELS", "BACKUP_LOG_CHANNELS", "DATABASE_URL", "DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MONGODB_URI", mongo_uri)
    monkeypatch.setenv("DATABASE_NAME", mongo_database)
    monkeypatch.setenv("OWNER", "42")
    monkeypatch.chdir(tmp_path)
    return Bot(mongo_uri, mongo_database)


@pytest.fixture
def run(bot: Bot, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs it on the database of a bot that has run once: status, output, errors."""
    bot.start()

    def ran(*arguments: str) -> Done:
        capfd.readouterr()
        said = list[str]()
        status = main([*arguments], say=said.append)
        return status, capfd.readouterr().out, "".join(said)

    return ran


def test_the_environment_is_looked_at_then_taken_over(
    bot: Bot, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # As the original bot had it: this one would refuse to start with it.
    monkeypatch.setenv("AUTH_USERS", "7, @ann\n8")
    monkeypatch.setenv("LOG_CHANNELS", str(LOG))
    status, output, _ = run("env")
    assert status == 0
    assert "+ people: 7 user" in output
    assert "3 records would be: run it again with --apply." in output
    assert bot.role(7) is None
    status, output, _ = run("env", "--apply")
    assert (status, bot.role(7), bot.role(8)) == (0, Role.USER, Role.USER)
    assert "all 3 records are there." in output
    assert [channel.id for channel in bot.do(lambda store: store.channels.log_channels())] == [LOG]
    with (tmp_path / "migration-rejects.csv").open(newline="") as file:
        (reject,) = csv.DictReader(file)
    assert reject["where"] == "AUTH_USERS, entry 2"
    assert reject["reason"].startswith("This is a name.")
    assert "there is nothing to write" in run("env")[1]


def test_an_env_file_lies_where_the_caller_is(bot: Bot, run: Run, tmp_path: Path) -> None:
    place = tmp_path / "elsewhere"
    place.mkdir()
    (place / "old.env").write_text("AUTH_USERS=7 x\n")
    status, _, _ = run("--from", str(place), "env", "old.env", "--apply", "--rejects", "no.csv")
    assert (status, bot.role(7)) == (0, Role.USER)
    assert (place / "no.csv").exists()
    (place / "old.env").write_text("AUTH_USERS=7\n")
    run("--from", str(place), "env", "old.env", "--rejects", "no.csv")
    assert not (place / "no.csv").exists(), "nothing was refused this time"


def test_files_are_taken_over(bot: Bot, run: Run, tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text("telegram_id,is_authorized\n7,true\n")
    assert run("files", ".", "--apply")[0] == 0
    assert bot.role(7) is Role.USER


@pytest.mark.parametrize("where", ["argument", "environment"])
def test_the_rewrites_database_is_taken_over(
    bot: Bot, run: Run, postgres_server: str, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    async def fill() -> None:
        database = await asyncpg.connect(postgres_server)
        user = "INSERT INTO users (telegram_id, is_authorized) VALUES (7, true)"
        await database.execute(f"{AFRESH} {TABLES} {user}")
        await database.close()

    asyncio.run(fill())
    if where == "environment":
        monkeypatch.setenv("DATABASE_URL", postgres_server)
    assert run("postgres", *([postgres_server] if where == "argument" else []), "--apply")[0] == 0
    assert bot.role(7) is Role.USER


def test_a_backup_is_made_and_restored(
    bot: Bot, run: Run, monkeypatch: pytest.MonkeyPatch, mongo_uri: str, mongo_database: str
) -> None:
    ann = Person(id=7, name="Ann")
    bot.do(lambda store: store.users.see_user(ann))
    status, output, _ = run("export", "a.gz")
    assert status == 0
    assert "a.gz is complete: 1 documents." in output
    assert "There is a file" in run("export", "a.gz")[2]
    monkeypatch.setenv("DATABASE_NAME", f"{mongo_database}_2")
    fresh = Bot(mongo_uri, f"{mongo_database}_2")
    status, output, _ = run("import", "a.gz")
    assert status == 0
    assert "The backup is whole: 1 documents." in output
    assert fresh.do(lambda store: store.schema.version()) is None, "a look writes nothing"
    assert run("import", "a.gz", "--apply")[0] == 0
    assert fresh.do(lambda store: store.users.find_user(7)).person == ann
    assert fresh.do(lambda store: store.schema.version()) == fresh.do(_newest)
    status, _, errors = run("import", "a.gz", "--apply")
    assert status == 2
    assert "has data already: 1 users" in errors
    assert run("import", "a.gz", "--apply", "--merge")[0] == 0


async def _newest(store: Store) -> int:
    return store.schema.newest


def test_an_older_backup_is_brought_up_to_date(
    bot: Bot, run: Run, monkeypatch: pytest.MonkeyPatch, mongo_uri: str, mongo_database: str
) -> None:
    async def of_before(store: Store) -> None:
        person = {"id": 7, "name": "Ann", "username": None}
        await store.database["users"].insert_one({"_id": 7, "person": person, "archive": False})

    bot.do(of_before)
    run("export", "a.gz")
    _set_version_in("a.gz", 0)
    monkeypatch.setenv("DATABASE_NAME", f"{mongo_database}_2")
    assert run("import", "a.gz", "--apply")[0] == 0
    user = Bot(mongo_uri, f"{mongo_database}_2").do(lambda store: store.users.find_user(7))
    assert user.preferences.archive is False
    _set_version_in("a.gz", 99)
    status, _, errors = run("import", "a.gz")
    assert (status, "A newer Medusa has made this data" in errors) == (2, True)


def _set_version_in(path: str, version: int) -> None:
    """A backup of another version of the database. The header is not part of any checksum."""
    import gzip
    import json

    header, _, rest = gzip.decompress(Path(path).read_bytes()).partition(b"\n")
    changed = json.dumps({**json.loads(header), "schema": version}).encode()
    Path(path).write_bytes(gzip.compress(changed + b"\n" + rest))


def test_a_broken_backup_changes_nothing(run: Run, tmp_path: Path) -> None:
    run("export", "a.gz")
    (tmp_path / "a.gz").write_bytes((tmp_path / "a.gz").read_bytes()[:-20])
    status, _, errors = run("import", "a.gz", "--apply", "--overwrite")
    assert (status, errors.startswith("migrate: The backup is cut off")) == (2, True)


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("env",), ("export", "a.gz")])
def test_a_database_that_no_bot_has_used_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch, mongo_database: str, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DATABASE_NAME", f"{mongo_database}_typo")
    status, _, errors = run(*command)
    assert status == 2
    assert errors.startswith("migrate: No Medusa like this one has used the database. Start the bot once")


def test_so_is_one_of_another_version(bot: Bot, run: Run) -> None:
    async def older(store: Store) -> None:
        await store.database["settings"].update_one({"_id": SCHEMA_ID}, {"$set": {"version": 0}})

    async def newer(store: Store) -> None:
        await store.schema.set_version(store.schema.newest + 1)

    bot.do(older)
    assert "An earlier Medusa has made the database" in run("env")[2]
    bot.do(newer)
    assert "A newer Medusa has made this data" in run("env")[2]


def test_without_a_database_it_says_where_it_looked(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = list[str]()
    monkeypatch.delenv("MONGODB_URI")
    assert main(["env"], say=said.append) == 2
    assert "The bot has no database here: MONGODB_URI is not set" in said[0]
    monkeypatch.setenv("MONGODB_URI", "localhost")
    assert main(["env"], say=said.append) == 2
    assert "is not an address such as mongodb://" in said[1]
    monkeypatch.setenv("MONGODB_URI", f"mongodb://{str(tmp_path / 'no.sock').replace('/', '%2F')}")
    monkeypatch.setattr("medusa.migration.__main__.ANSWER_MS", 50)
    assert main(["env"], say=said.append) == 2
    assert "My database does not answer" in said[2]


def test_what_else_cannot_be_done_is_said_in_a_sentence(run: Run) -> None:
    assert "There is no file" in run("env", "none.env")[2]
    assert "There is no file" in run("import", "none.gz")[2]
    assert "set DATABASE_URL" in run("postgres")[2]
    with pytest.raises(SystemExit):
        main(["everything"])


@pytest.mark.slow
def test_the_private_database_is_used_while_the_bot_does_not_run(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data = tmp_path / "data" / "mongo"

    async def started() -> None:
        async with embedded_mongod(data) as uri, open_store(uri, "medusa"):
            pass

    async def counted() -> int:
        async with embedded_mongod(data) as uri, open_store(uri, "medusa") as store:
            return (await store.backup.counts())["users"]

    monkeypatch.delenv("MONGODB_URI")
    monkeypatch.setenv("DATABASE_NAME", "medusa")
    monkeypatch.setenv("AUTH_USERS", "7")
    asyncio.run(started())
    assert main(["env", "--apply"]) == 0
    assert asyncio.run(counted()) == 1
