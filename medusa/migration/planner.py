"""What becomes of a record beside what is there. Pure."""

from enum import StrEnum
from typing import NamedTuple

from medusa.legacy import Record


class Outcome(StrEnum):
    """What becomes of a record."""

    NEW = "new"  # it was not there
    FILLED = "filled"  # it was there, and lacked something
    SAME = "same"  # nothing changes
    KEPT = "kept"  # something else was decided there, which stays
    REPLACED = "replaced"  # something else was decided there, which is overwritten


WRITTEN = frozenset({Outcome.NEW, Outcome.FILLED, Outcome.REPLACED})
"""Outcomes after which there is something to write."""


class Difference(NamedTuple):
    """A field that is not the same on both sides."""

    name: str
    there: object
    wanted: object


class Change(NamedTuple):
    """What becomes of a record, and why."""

    outcome: Outcome
    record: Record
    fields: frozenset[str] = frozenset()
    """Those of it that are written, where it was there."""
    differences: tuple[Difference, ...] = ()


def plan(record: Record, there: Record | None, *, overwrite: bool) -> Change:
    """Compare a record with what is there of it. What nobody has decided is filled in; what somebody has
    decided stays, unless `overwrite`."""
    if there is None:
        return Change(Outcome.NEW, record)
    decided = [one for name in record.DECIDED if (one := _differing(name, there, record))]
    filled = [
        one for name in record.KNOWN if (one := _differing(name, there, record)) and _is_nothing(one.there)
    ]
    opposed = [one for one in decided if not _is_nothing(one.there)]
    wanted = [*filled, *(one for one in decided if overwrite or _is_nothing(one.there))]
    fields = frozenset(one.name for one in wanted)
    return Change(_outcome(fields, opposed, overwrite), record, fields, (*decided, *filled))


def _differing(name: str, there: Record, record: Record) -> Difference | None:
    """The difference in a field of which something is known here."""
    one = Difference(name, getattr(there, name), getattr(record, name))
    return None if _is_nothing(one.wanted) or one.there == one.wanted else one


def _is_nothing(value: object) -> bool:
    return value is None or value == ""


def _outcome(fields: frozenset[str], opposed: list[Difference], overwrite: bool) -> Outcome:
    if opposed:
        return Outcome.REPLACED if overwrite else Outcome.KEPT
    return Outcome.FILLED if fields else Outcome.SAME
