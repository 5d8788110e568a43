"""Who asks at the same time is answered by one read, and never by one that began before they asked."""

import asyncio
import gc

import pytest

from medusa.storage.together import Together
from tests.unit.waiting import turns


class Book:
    """What is read: how many reads have begun. Each waits until the test lets it end."""

    def __init__(self) -> None:
        self.begun = 0
        self.ends = list[asyncio.Future[None]]()

    async def read(self) -> int:
        self.begun += 1
        number = self.begun
        end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ends.append(end)
        await end
        return number


async def test_all_who_come_while_one_is_under_way_share_the_next() -> None:
    book = Book()
    together = Together(book.read)
    first = [asyncio.create_task(together.ask()) for _ in range(3)]
    await turns()
    later = [asyncio.create_task(together.ask()) for _ in range(4)]
    await turns()
    assert book.begun == 1
    book.ends[0].set_result(None)
    assert await asyncio.gather(*first) == [1, 1, 1]
    await turns()
    last = asyncio.create_task(together.ask())
    await turns()
    book.ends[1].set_result(None)
    assert await asyncio.gather(*later) == [2, 2, 2, 2]
    await turns()
    book.ends[2].set_result(None)
    assert await last == 3
    again = asyncio.create_task(together.ask())
    await turns()
    book.ends[3].set_result(None)
    assert await again == 4


async def test_a_read_that_fails_fails_for_those_who_share_it() -> None:
    book = Book()
    together = Together(book.read)
    first = [asyncio.create_task(together.ask()) for _ in range(2)]
    await turns()
    later = asyncio.create_task(together.ask())
    await turns()
    book.ends[0].set_exception(OSError("gone"))
    for one in first:
        with pytest.raises(OSError, match="gone"):
            await one
    await turns()
    book.ends[1].set_result(None)
    assert await later == 2


async def test_who_gives_up_leaves_it_to_the_others() -> None:
    book = Book()
    together = Together(book.read)
    first, other = (asyncio.create_task(together.ask()) for _ in range(2))
    await turns()
    first.cancel()
    await turns()
    assert first.cancelled()
    book.ends[0].set_result(None)
    assert await other == 1


async def test_nobody_is_left_who_would_hear_that_it_failed() -> None:
    book = Book()
    together = Together(book.read)
    only = asyncio.create_task(together.ask())
    await turns()
    only.cancel()
    await turns()
    book.ends[0].set_exception(OSError("gone"))
    await turns()
    # Python complains of an exception that nobody has seen when it is thrown away.
    del together
    gc.collect()
