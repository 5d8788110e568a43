"""The original bot's settings."""

from pathlib import Path

import pytest

from medusa.errors import WrongArgument
from medusa.legacy import LogPlace, OpenGroup, OwnPlace, Record, Somebody
from medusa.migration.environment import Environment
from medusa.migration.found import Found, Reject
from medusa.migration.settings import variables_of
from medusa.user import Role

OWNER = 42


def found(**variables: str) -> list[Record]:
    return [one.record for one in Environment(variables, owner=OWNER).found() if isinstance(one, Found)]


def rejects(**variables: str) -> list[tuple[str, str]]:
    all_of_it = Environment(variables, owner=OWNER).found()
    return [(one.where, one.reason) for one in all_of_it if isinstance(one, Reject)]


def user(number: int) -> Somebody:
    return Somebody(id=number, role=Role.USER, by=OWNER)


def test_people_may_use_the_bot() -> None:
    assert found(AUTH_USERS="7, 8\n7") == [user(7), user(8)]


def test_a_channel_that_is_both_is_a_primary_one() -> None:
    assert found(LOG_CHANNELS="-1001111111111", BACKUP_LOG_CHANNELS="-1001111111111 -1002222222222") == [
        LogPlace(id=-1001111111111),
        LogPlace(id=-1002222222222, backup=True),
    ]


def test_a_channel_takes_links_of_everybody_and_is_its_owners() -> None:
    channel = -1001111111111
    assert found(CHANNELS="-1001111111111", OWNER="9") == [
        OpenGroup(id=channel, by=9),
        OwnPlace(id=channel, owner=9),
    ]
    assert list(Environment({"CHANNELS": str(channel)}, owner=None).found()) == [
        Found("CHANNELS, entry 1", OpenGroup(id=channel))
    ]


def test_what_is_refused_is_told_with_its_place() -> None:
    assert [where for where, _ in rejects(AUTH_USERS="7,@ann,8,x", CHANNELS="5")] == [
        "AUTH_USERS, entry 2",
        "AUTH_USERS, entry 4",
        "CHANNELS, entry 1",
    ]


def test_the_owner_is_no_data() -> None:
    assert rejects(OWNER=str(OWNER)) == []
    ((where, reason),) = rejects(OWNER="43")
    assert (where, "config.env" in reason) == ("OWNER, entry 1", True)
    assert len(rejects(OWNER="me")) == 1


async def test_all_entries_are_counted() -> None:
    variables: dict[str, str | None] = {"AUTH_USERS": "1 2", "OWNER": "3", "OTHER": "4 5 6", "CHANNELS": None}
    assert await Environment(variables, owner=None).count() == 3


def test_an_env_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "old.env"
    file.write_text("export AUTH_USERS='1,\n2'\nOWNER=3 # me\nCHANNELS=\nLOG_CHANNELS=$AUTH_USERS\nalone\n")
    read = variables_of(file)
    assert read["AUTH_USERS"] == "1,\n2"
    assert (read["OWNER"], read["CHANNELS"], read["LOG_CHANNELS"]) == ("3", "", "$AUTH_USERS")
    with pytest.raises(WrongArgument, match="There is no file"):
        variables_of(tmp_path / "none.env")


def test_the_environment_is_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTH_USERS", "1,@ann")
    monkeypatch.delenv("OWNER", raising=False)
    assert variables_of(None)["AUTH_USERS"] == "1,@ann"
    assert variables_of(None)["OWNER"] == ""
