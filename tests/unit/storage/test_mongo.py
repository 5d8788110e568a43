"""The address of the database, before anything is connected."""

import pytest

from medusa.errors import SettingsError
from medusa.storage.mongo import open_store


@pytest.mark.parametrize(
    "uri", ["mongodb://me:half/other@@:x/", "mongodb://me:half@other:half/", "mongodb://"]
)
async def test_nothing_of_a_password_is_told_when_the_address_cannot_be_read(uri: str) -> None:
    with pytest.raises(SettingsError, match="MONGODB_URI cannot be read") as raised:
        async with open_store(uri, "medusa"):
            raise AssertionError("it was opened")
    error: BaseException | None = raised.value
    assert "other" not in f"{error} {raised.value.detail}"
    assert error is not None
    assert error.__cause__ is None
    assert error.__suppress_context__
