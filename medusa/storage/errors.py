"""The driver's errors become ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import PyMongoError

from medusa.errors import StoreUnavailable


@contextmanager
def translated() -> Iterator[None]:
    """Raises StoreUnavailable for whatever the driver raises."""
    try:
        yield
    except PyMongoError as error:
        raise StoreUnavailable(detail=f"{type(error).__name__}: {error}") from error
