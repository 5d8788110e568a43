"""The driver's errors become ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import BulkWriteError, OperationFailure, PyMongoError

from medusa.errors import StoreFull, StoreUnavailable

_OUT_OF_DISK_SPACE = 14031
_OVER_QUOTA = "over your space quota"
"""What MongoDB Atlas says (its error 8000, which is also said of much else)."""


@contextmanager
def translated() -> Iterator[None]:
    """Raises StoreUnavailable for whatever the driver raises; StoreFull, which is one, without room."""
    try:
        yield
    except PyMongoError as error:
        kind = StoreFull if _is_full(error) else StoreUnavailable
        raise kind(detail=f"{type(error).__name__}: {error}") from error


def _is_full(error: PyMongoError) -> bool:
    match error:
        case BulkWriteError(details=details):
            return any(one.get("code") == _OUT_OF_DISK_SPACE for one in details.get("writeErrors", ()))
        case OperationFailure(code=code):
            return code == _OUT_OF_DISK_SPACE or _OVER_QUOTA in str(error)
    return False
