"""Cookies in the real database: nothing of them can be read there."""

import pytest

from medusa.seal import Seal
from medusa.vault import CookieVault
from tests.integration.store.conftest import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

FILE = b".secret-site.example\tTRUE\t/\tTRUE\t1900000000\tsid\tsecret-value\n"


async def test_what_is_kept_is_sealed(server: Server) -> None:
    vault = CookieVault(server.store.cookies, Seal("key", purpose="cookies"), owner=None)
    put = await vault.put(5, FILE)
    look = await vault.look(5)
    assert look is not None
    assert look.sites == put.sites
    assert abs((look.changed - put.changed).total_seconds()) < 0.001  # the database keeps milliseconds
    given = await vault.cookies_for(5)
    assert given is not None
    assert "secret-value" in given.text

    (document,) = [one async for one in server.database["cookies"].find()]
    assert set(document) == {"_id", "sealed", "changed"}
    assert b"secret" not in bytes(document["sealed"])

    await vault.put(5, FILE.replace(b"secret-value", b"another"))
    assert await server.database["cookies"].count_documents({}) == 1
    assert await vault.remove(5)
    assert not await vault.remove(5)
    assert await vault.look(5) is None
