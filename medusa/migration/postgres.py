"""The PostgreSQL database of the earlier rewrite. The only file that knows its driver."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from medusa.errors import WrongArgument
from medusa.migration.found import Found, Reject, Unusable
from medusa.migration.rows import READERS, records_of

AT_ONCE = 1000
"""Rows that are fetched with one request, so that memory does not grow with the table."""
_OF_DOWNLOADS = (
    "SELECT d.*, u.telegram_id, u.username, u.first_name, u.last_name "
    "FROM downloads d LEFT JOIN users u ON u.id = d.user_id ORDER BY d.id"
)
"""A download names its person by the number of their row, not by their Telegram id."""


class Postgres:
    """Source: tables that are read in one transaction, as they were at its beginning."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def count(self) -> int | None:
        """The rows of all tables. Raises WrongArgument."""
        async with self.reading() as connection:
            found: list[int] = [
                await connection.fetchval(f"SELECT count(*) FROM {table}")  # a name of ours
                for table in await _tables(connection)
            ]
        return sum(found)

    async def read(self) -> AsyncIterator[Found | Reject]:
        """Table by table. Raises WrongArgument."""
        async with self.reading() as connection:
            for table in await _tables(connection):
                async for found in _rows(connection, table):
                    yield found

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Any]:
        """A connection, in a transaction that cannot write. Raises WrongArgument."""
        try:
            connection = await asyncpg.connect(self._url, timeout=20)
        except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise WrongArgument(
                "The PostgreSQL database does not let me in.", detail=f"{type(error).__name__}: {error}"
            ) from error
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                yield connection
        except asyncpg.PostgresError as error:
            raise WrongArgument(
                "The PostgreSQL database is not that of the earlier Medusa.", detail=str(error)
            ) from error
        finally:
            await connection.close(timeout=10)


async def _tables(connection: Any) -> list[str]:
    """Those of ours that are there, in their order. Raises WrongArgument when there is none."""
    query = "SELECT tablename FROM pg_tables WHERE schemaname = ANY (current_schemas(false))"
    there = {row["tablename"] for row in await connection.fetch(query)}
    tables = [table for table in READERS if table in there]
    if not tables:
        raise WrongArgument("That database has none of the tables of the earlier Medusa.")
    return tables


async def _rows(connection: Any, table: str) -> AsyncIterator[Found | Reject]:
    query = _OF_DOWNLOADS if table == "downloads" else f"SELECT * FROM {table} ORDER BY id"
    async for row in connection.cursor(query, prefetch=AT_ONCE):
        where = f"{table}, id {row['id']}"
        try:
            for record in records_of(table, row):
                yield Found(where, record)
        except Unusable as error:
            yield Reject(where, _shown(row), str(error))


def _shown(row: Any) -> str:
    """A row in short, for who looks for it."""
    named = {
        name: row.get(name) for name in ("telegram_id", "channel_id", "url", "date", "key") if row.get(name)
    }
    return ", ".join(f"{name} {value}" for name, value in named.items())[:200]
