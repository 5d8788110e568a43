"""What is said at the end."""

from medusa.legacy import Kind, LogPlace, OwnPlace, Somebody
from medusa.migration import report
from medusa.migration.backup import Count, Restoration
from medusa.migration.backup_file import Sum
from medusa.migration.planner import plan
from medusa.migration.takeover import MOST_EXAMPLES, Outcomes
from medusa.user import Role
from tests.unit.migration.test_takeover import past

ANN = Somebody(id=7, role=Role.USER, name="Ann")


def outcomes() -> Outcomes:
    found = Outcomes()
    found.add(plan(ANN, None, overwrite=False))
    found.add(plan(ANN, ANN.evolve(role=Role.BANNED), overwrite=False))
    found.add(plan(ANN, ANN.evolve(role=None), overwrite=False))
    found.add(plan(LogPlace(id=-1), LogPlace(id=-1, active=False), overwrite=True))
    found.add(plan(OwnPlace(id=-1, owner=7), None, overwrite=False))
    found.add(plan(past(5), None, overwrite=False))
    return found


def test_a_look_is_a_diff_and_a_table() -> None:
    lines = report.takeover(outcomes(), applied=False, rejects="no.csv").splitlines()
    assert "+ people: 7 user Ann" in lines
    assert "= people: 7 role: banned there, user here" in lines
    assert "~ people: 7 role: None there, user here" in lines
    assert "! log channels: -1 active: False there, True here" in lines
    assert "+ own channels: -1 of 7" in lines
    assert any(line.startswith("+ downloads: old-5 done https://") for line in lines)
    assert ["people", "1", "1", "0", "1", "0"] in [line.split() for line in lines]
    assert lines[-1] == "Nothing was written. 5 records would be: run it again with --apply."


def test_of_many_some_are_shown() -> None:
    found = Outcomes()
    for number in range(1, 1500):
        found.add(plan(ANN.evolve(id=number), None, overwrite=False))
    said = report.takeover(found, applied=False, rejects="")
    assert said.count("+ people: ") == MOST_EXAMPLES + 1
    assert "… and 1,489 more" in said


def test_the_last_line_says_whether_all_is_there() -> None:
    found = outcomes()
    assert report.takeover(found, applied=True, rejects="").endswith("all 6 records are there.")
    found.missing, found.rejects = 2, 3
    said = report.takeover(found, applied=True, rejects="no.csv")
    assert said.endswith("2 records are not there as they should be. Run it again.")
    assert "3 entries cannot be taken over; no.csv says which and why." in said
    assert "there is nothing to write" in report.takeover(Outcomes(), applied=False, rejects="")


def test_every_kind_has_room_in_the_table() -> None:
    assert all(len(kind) < 20 for kind in Kind)


def test_a_backup() -> None:
    said = report.exported({"users": Sum(count=1200, sha256="x"), "audit": Sum(count=0, sha256="y")}, "a.gz")
    assert said.splitlines()[0].split() == ["users", "1,200"]
    assert "a.gz is complete: 1,200 documents." in said


def test_a_restoration() -> None:
    found = Restoration({"users": Count(total=5, known=2, written=3, refused=0, there=5)})
    assert "--apply does that" in report.restored(found, applied=False)
    assert report.restored(found, applied=True).endswith("everything is there.")
    found.add("users", total=3, refused=1)
    said = report.restored(found, applied=True)
    assert "2 documents are not there." in said
    assert "1 were left out" in said
