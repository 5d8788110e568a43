"""./scripts/migrate: reads the command line, opens the database, does one thing, says what came of it."""

import argparse
import asyncio
import csv
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

from loguru import logger

from medusa.errors import MedusaError, WrongArgument
from medusa.migration import backup, report
from medusa.migration.backup import How
from medusa.migration.backup_file import Reader, Writer
from medusa.migration.environment import Environment
from medusa.migration.files import Files
from medusa.migration.found import Reject, Source
from medusa.migration.progress import ProgressLine
from medusa.migration.settings import Home, load_home, variables_of
from medusa.migration.takeover import Takeover
from medusa.storage.embedded import embedded_mongod
from medusa.storage.mongo import Store, connected

USAGE = """\
%(prog)s env [FILE]              the original bot's AUTH_USERS, CHANNELS, LOG_CHANNELS and the like
%(prog)s postgres [URL]          the earlier rewrite's PostgreSQL; without URL that of DATABASE_URL
%(prog)s files PATH [PATH ...]   its tables as .csv, .json or .jsonl files
%(prog)s export FILE             back up our own database
%(prog)s import FILE             restore such a backup"""
EPILOG = "All but export only look, unless there is --apply. docs/migration.md tells how a switch is made."
ANSWER_MS = 30_000
"""A query over many records may take longer than one for a message."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="migrate", usage=USAGE, epilog=EPILOG)
    made.add_argument("--from", dest="here", type=Path, default=Path(), help=argparse.SUPPRESS)
    what = made.add_subparsers(dest="what", required=True, metavar="WHAT", prog="migrate")
    env = what.add_parser("env", help="take over the original bot's environment")
    env.add_argument("file", nargs="?", type=Path, help="an env file; without it, the environment")
    postgres = what.add_parser("postgres", help="take over the earlier rewrite's database")
    postgres.add_argument("url", nargs="?", help="postgresql://…; without it, DATABASE_URL")
    files = what.add_parser("files", help="take over tables from files")
    files.add_argument("path", nargs="+", type=Path)
    for one in (env, postgres, files):
        _add_apply(one)
        one.add_argument("--overwrite", action="store_true", help="also change what was decided here")
        one.add_argument("--rejects", type=Path, default=Path("migration-rejects.csv"), metavar="FILE")
    export = what.add_parser("export", help="back up our own database")
    export.add_argument("file", type=Path)
    restore = what.add_parser("import", help="restore a backup")
    restore.add_argument("file", type=Path)
    _add_apply(restore)
    how = restore.add_mutually_exclusive_group()
    for name, text in ((How.MERGE, "what is there stays"), (How.OVERWRITE, "what is there is replaced")):
        how.add_argument(f"--{name}", dest="how", action="store_const", const=name, help=text)
    restore.set_defaults(how=How.REFUSE)
    return made


def _add_apply(one: argparse.ArgumentParser) -> None:
    one.add_argument("--apply", action="store_true", help="write; without it, only look")


async def run(given: argparse.Namespace) -> bool:
    """Do what the command line says; whether everything is there that should be. Raises MedusaError."""
    home = load_home()
    async with _open(home) as store:
        match given.what:
            case "export":
                return await _export(store, home, given.file)
            case "import":
                return await _import(store, given)
            case _:
                return await _take_over(store, home, given)


@asynccontextmanager
async def _open(home: Home) -> AsyncIterator[Store]:
    """The bot's database, or its private one while the bot does not run."""
    async with AsyncExitStack() as stack:
        uri = home.uri
        if uri is None:
            uri = await stack.enter_async_context(embedded_mongod(home.directory))
        yield await stack.enter_async_context(connected(uri, home.name, answer_ms=ANSWER_MS))


async def _check_version(store: Store) -> int:
    """The version of a database that a bot like this has made. Raises WrongArgument, NewerDatabase."""
    version = await store.schema.version()
    if version is None:
        raise WrongArgument(
            "No Medusa like this one has used the database. Start the bot once with these settings, or look "
            "whether MONGODB_URI and DATABASE_NAME are right."
        )
    store.schema.check(version)
    if version < store.schema.newest:
        raise WrongArgument(
            "An earlier Medusa has made the database. Start this one once: it brings it up to date."
        )
    return version


# --- another bot's data ---------------------------------------------------------------------------


async def _take_over(store: Store, home: Home, given: argparse.Namespace) -> bool:
    source = _source(home, given)
    await _check_version(store)
    line = ProgressLine("read", sys.stderr, await source.count())
    with _Rejects(given.rejects) as rejects:
        work = Takeover(source, store.legacy, overwrite=given.overwrite, reject=rejects.add, tell=line)
        outcomes = await (work.apply() if given.apply else work.look())
    line.end()
    print(report.takeover(outcomes, applied=given.apply, rejects=str(given.rejects)))
    return not outcomes.missing


def _source(home: Home, given: argparse.Namespace) -> Source:
    match given.what:
        case "env":
            return Environment(variables_of(given.file), owner=home.owner)
        case "files":
            return Files(given.path)
        case _:
            url = given.url or variables_of(None)["DATABASE_URL"]
            if not url:
                raise WrongArgument("Give the address of the PostgreSQL database, or set DATABASE_URL.")
            # Its driver is installed when it is needed.
            from medusa.migration.postgres import Postgres

            return Postgres(url)


class _Rejects:
    """The list of what cannot be taken over, made with its first entry."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def __enter__(self) -> "_Rejects":
        self._path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, reject: Reject) -> None:
        """One more."""
        if self._file is None:
            try:
                self._file = self._path.open("w", encoding="utf-8", newline="")
            except OSError as error:
                raise WrongArgument(f"{self._path} cannot be written: {error.strerror}.") from error
            csv.writer(self._file).writerow(Reject._fields)
        csv.writer(self._file).writerow(reject)


# --- our own --------------------------------------------------------------------------------------


async def _export(store: Store, home: Home, path: Path) -> bool:
    version = await _check_version(store)
    line = ProgressLine("written", sys.stderr, sum((await store.backup.counts()).values()))
    sums = await backup.export(store.backup, partial(Writer, path, version, home.name), line)
    line.end()
    print(report.exported(sums, str(path)))
    return True


async def _import(store: Store, given: argparse.Namespace) -> bool:
    header = await asyncio.to_thread(lambda: Reader(given.file).header)
    store.schema.check(header.schema_version)
    there = await store.schema.version()
    if there is not None:
        store.schema.check(there)
    line = ProgressLine("checked", sys.stderr)
    found = await backup.look(store.backup, given.file, line)
    line.end()
    if given.apply:
        if given.how is How.REFUSE:
            await backup.check_empty(store.backup)
        # An older backup is brought up to date behind it, by this or by the next start of the bot.
        await store.schema.set_version(header.schema_version)
        total = sum(one.total for one in found.counts.values())
        line = ProgressLine("restored", sys.stderr, total)
        found = await backup.restore(store.backup, given.file, given.how, line)
        await store.prepare()
        line.end()
    print(report.restored(found, applied=given.apply))
    return not (given.apply and found.missing)


def main(arguments: list[str] | None = None, *, say: Callable[[str], object] = sys.stderr.write) -> int:
    """The exit status: 0, 1 when something is missing at the end, 2 when it could not be done."""
    given = _with_places(parser().parse_args(arguments))
    logger.remove()
    logger.add(sys.stderr, level="WARNING", format="{message}")
    try:
        return 0 if asyncio.run(run(given)) else 1
    except MedusaError as error:
        say(f"migrate: {' '.join(filter(None, (str(error), error.advice, _detail(error))))}\n")
    except KeyboardInterrupt:
        say("\nmigrate: stopped. What was written stays; run it again to go on.\n")
    return 2


def _with_places(given: argparse.Namespace) -> argparse.Namespace:
    """Files that are named lie where the caller is."""
    for name, value in vars(given).items():
        if name in ("file", "rejects") and value is not None:
            setattr(given, name, given.here / value)
        elif name == "path":
            given.path = [given.here / one for one in value]
    return given


def _detail(error: MedusaError) -> str:
    return f"({error.detail[:300]})" if error.detail else ""


if __name__ == "__main__":
    sys.exit(main())
