"""The vault of cookies: whose are used for whom, and who can read them."""

import pytest

from medusa.errors import StoreUnavailable, WrongArgument
from medusa.seal import Seal
from medusa.vault import CookieVault, Sealed

OWNER, BOB, EVE = 1, 2, 3
SECRET = "not for anybody"


class MemoryCookies:
    """A CookieStore in memory."""

    def __init__(self) -> None:
        self.kept: dict[int, Sealed] = {}
        self.is_down = False

    def _look(self) -> None:
        if self.is_down:
            raise StoreUnavailable

    async def load(self, person_id: int) -> Sealed | None:
        self._look()
        return self.kept.get(person_id)

    async def save(self, person_id: int, sealed: Sealed) -> None:
        self._look()
        self.kept[person_id] = sealed

    async def remove(self, person_id: int) -> bool:
        self._look()
        return self.kept.pop(person_id, None) is not None


def vault(store: MemoryCookies, key: str = "a key", owner: int | None = OWNER) -> CookieVault:
    return CookieVault(store, Seal(key, purpose="cookies"), owner=owner)


def file(domain: str, value: str = SECRET, expires: int = 0) -> bytes:
    return f"{domain}\tFALSE\t/\tFALSE\t{expires}\tsid\t{value}\n".encode()


async def test_cookies_are_for_the_jobs_of_who_gave_them() -> None:
    there = vault(MemoryCookies())
    overview = await there.put(BOB, file("example.org"))
    assert [site.site for site in overview.sites] == ["example.org"]
    assert not overview.is_shared
    given = await there.cookies_for(BOB)
    assert given is not None
    assert given.person_id == BOB
    assert SECRET in given.text
    assert await there.cookies_for(EVE) is None
    assert await there.look(BOB) == overview
    assert await there.look(EVE) is None


async def test_what_is_kept_tells_nothing() -> None:
    store = MemoryCookies()
    await vault(store).put(BOB, file("example.org"))
    assert SECRET.encode() not in store.kept[BOB].data
    assert b"example.org" not in store.kept[BOB].data


async def test_the_owners_are_for_everybody_who_has_none_of_that_site() -> None:
    there = vault(MemoryCookies())
    assert (await there.put(OWNER, file("example.org", "shared") + file("example.com", "shared"))).is_shared
    await there.put(BOB, file("www.example.org", "own"))
    eve, bob, owner = [await there.cookies_for(person) for person in (EVE, BOB, OWNER)]
    assert eve is not None
    assert bob is not None
    assert owner is not None
    assert (eve.text.count("shared"), eve.person_id) == (2, EVE)
    assert (bob.text.count("shared"), bob.text.count("own")) == (1, 1)
    assert owner.text.count("shared") == 2


async def test_without_an_owner_nothing_is_shared() -> None:
    there = vault(MemoryCookies(), owner=None)
    await there.put(OWNER, file("example.org"))
    assert await there.cookies_for(BOB) is None


async def test_what_was_deleted_is_not_used_any_more() -> None:
    there = vault(MemoryCookies())
    await there.put(BOB, file("example.org"))
    assert await there.remove(BOB)
    assert not await there.remove(BOB)
    assert await there.cookies_for(BOB) is None


async def test_another_file_takes_the_place_of_the_first() -> None:
    there = vault(MemoryCookies())
    await there.put(BOB, file("example.org"))
    await there.put(BOB, file("example.com", "new"))
    given = await there.cookies_for(BOB)
    assert given is not None
    assert SECRET not in given.text


async def test_a_wrong_file_leaves_what_was_there() -> None:
    there = vault(MemoryCookies())
    await there.put(BOB, file("example.org"))
    with pytest.raises(WrongArgument):
        await there.put(BOB, b"[]")
    assert await there.cookies_for(BOB) is not None


async def test_expired_cookies_are_shown_and_not_used() -> None:
    there = vault(MemoryCookies())
    overview = await there.put(BOB, file("example.org", expires=1))
    assert overview.sites[0].expired == 1
    assert await there.cookies_for(BOB) is None


@pytest.mark.parametrize("thief", ["another key", "another person"])
async def test_sealed_cookies_open_with_their_key_and_in_their_place_only(thief: str) -> None:
    store = MemoryCookies()
    await vault(store).put(BOB, file("example.org"))
    store.kept[EVE] = store.kept[BOB]
    who, there = (BOB, vault(store, "a new key")) if thief == "another key" else (EVE, vault(store))
    assert await there.cookies_for(who) is None
    overview = await there.look(who)
    assert overview is not None
    assert (overview.is_lost, overview.sites) == (True, ())


async def test_without_a_database_a_link_waits_rather_than_go_without() -> None:
    store = MemoryCookies()
    store.is_down = True
    with pytest.raises(StoreUnavailable):
        await vault(store).cookies_for(BOB)
