"""What the driver says, and what people are told."""

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteError,
)

from medusa.errors import StoreFull, StoreUnavailable
from medusa.storage.errors import translated

FULL = 14031


@pytest.mark.parametrize(
    "error",
    [
        OperationFailure("no space left", FULL),
        WriteError("no space left", FULL),
        BulkWriteError({"writeErrors": [{"code": 11000}, {"code": FULL}]}),
        OperationFailure("you are over your space quota, using 513 MB of 512 MB", 8000),
    ],
)
def test_a_database_without_room(error: PyMongoError) -> None:
    with pytest.raises(StoreFull) as caught, translated():
        raise error
    assert "no room" in caught.value.sentence
    assert "accepted nothing" in caught.value.sentence


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect("connection closed"),
        NotPrimaryError("not primary"),
        ServerSelectionTimeoutError("no primary"),
        OperationFailure("not allowed", 8000),
        BulkWriteError({"writeErrors": [{"code": 11000}]}),
    ],
)
def test_one_that_does_not_answer(error: PyMongoError) -> None:
    with pytest.raises(StoreUnavailable) as caught, translated():
        raise error
    assert type(caught.value) is StoreUnavailable
    assert type(error).__name__ in caught.value.detail
