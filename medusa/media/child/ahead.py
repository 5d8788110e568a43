"""Fetching the next few while one is being written: in order, and bounded in memory."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def fetch_ahead(
    tasks: Iterable[T], fetch: Callable[[T], R], *, size_of: Callable[[R], int], at_once: int, limit: int
) -> Iterator[tuple[T, R]]:
    """Each task with what `fetch` got for it, in order.

    At most `at_once` are on their way or waiting, fewer where their number times the largest so far exceeds
    `limit` bytes. The first comes alone: until then nothing is known of their size.
    """
    waiting: deque[tuple[T, Future[R]]] = deque()
    pool = ThreadPoolExecutor(at_once)
    depth = 1
    largest = 1

    def next_result() -> tuple[T, R]:
        nonlocal depth, largest
        task, future = waiting.popleft()
        result = future.result()
        largest = max(largest, size_of(result))
        depth = max(1, min(at_once, limit // largest))
        return task, result

    try:
        for task in tasks:
            while len(waiting) >= depth:
                yield next_result()
            waiting.append((task, pool.submit(fetch, task)))
        while waiting:
            yield next_result()
    finally:
        # Those that still fetch when this fails are not waited for.
        pool.shutdown(wait=False, cancel_futures=True)
