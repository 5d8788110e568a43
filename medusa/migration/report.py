"""What ./scripts/migrate says at the end. Pure."""

from collections.abc import Iterator, Mapping

from medusa.legacy import Kind, Past
from medusa.migration.backup import Restoration
from medusa.migration.backup_file import Sum
from medusa.migration.planner import Change, Outcome
from medusa.migration.takeover import MOST_EXAMPLES, Outcomes

_SIGNS = {Outcome.NEW: "+", Outcome.FILLED: "~", Outcome.KEPT: "=", Outcome.REPLACED: "!"}
_LEGEND = "+ new   ~ filled in   = something else is there and stays   ! is overwritten"


def takeover(outcomes: Outcomes, *, applied: bool, rejects: str) -> str:
    """What has become of another bot's data, or would; `rejects` is the file that lists what was refused."""
    lines = [*_diff(outcomes), *_table(outcomes)]
    if outcomes.rejects:
        lines.append(f"{outcomes.rejects:,} entries cannot be taken over; {rejects} says which and why.")
    if outcomes.days and applied:
        lines.append(f"{len(outcomes.days):,} days of statistics were counted from old downloads.")
    if not applied:
        lines.append(
            f"Nothing was written. {outcomes.to_write:,} records would be: run it again with --apply."
            if outcomes.to_write
            else "Nothing was written, and there is nothing to write."
        )
    elif outcomes.missing:
        lines.append(f"{outcomes.missing:,} records are not there as they should be. Run it again.")
    else:
        total = sum(outcomes.counts.values())
        lines.append(f"Done, and counted again: all {total:,} records are there.")
    return "\n".join(lines)


def _diff(outcomes: Outcomes) -> Iterator[str]:
    shown = False
    for kind in Kind:
        for outcome, sign in _SIGNS.items():
            count = outcomes.counts[kind, outcome]
            for change in outcomes.examples.get((kind, outcome), ()):
                shown = True
                yield f"{sign} {kind}: {_described(change)}"
            if count > MOST_EXAMPLES:
                yield f"{sign} {kind}: … and {count - MOST_EXAMPLES:,} more"
    if shown:
        yield _LEGEND
        yield ""


def _described(change: Change) -> str:
    record = change.record
    key = record.key if not isinstance(record.key, tuple) else " of ".join(map(str, record.key))
    if isinstance(record, Past):
        return f"{key} {record.download.state} {record.download.request.url[:60]}"
    if change.outcome is Outcome.NEW:
        known = [str(one) for name in (*record.DECIDED, *record.KNOWN) if (one := getattr(record, name))]
        return " ".join([str(key), *known])
    changes = (f"{one.name}: {one.there} there, {one.wanted} here" for one in change.differences)
    return f"{key} {'; '.join(changes)}"


def _table(outcomes: Outcomes) -> Iterator[str]:
    columns = [*Outcome]
    yield f"{'':<20}" + "".join(f"{column:>10}" for column in columns)
    for kind in Kind:
        if outcomes.total(kind):
            counts = "".join(f"{outcomes.counts[kind, column]:>10,}" for column in columns)
            yield f"{kind:<20}{counts}"
    yield ""


def exported(sums: Mapping[str, Sum], path: str) -> str:
    """What a new backup holds."""
    lines = [f"{name:<12}{one.count:>12,}" for name, one in sums.items() if one.count]
    total = sum(one.count for one in sums.values())
    return "\n".join(
        [*lines, f"{path} is complete: {total:,} documents. It holds personal data: keep it safe."]
    )


def restored(found: Restoration, *, applied: bool) -> str:
    """What has become of a backup, or would."""
    names = ("in backup", "known", "written", "refused") if applied else ("in backup", "known", "new")
    lines = [f"{'':<12}" + "".join(f"{name:>12}" for name in names)]
    for collection, one in found.counts.items():
        numbers = [one.total, one.known]
        numbers += [one.written, one.refused] if applied else [one.total - one.known]
        lines.append(f"{collection:<12}" + "".join(f"{number:>12,}" for number in numbers))
    total = sum(one.total for one in found.counts.values())
    if not applied:
        lines.append(f"The backup is whole: {total:,} documents. Nothing was written; --apply does that.")
    elif found.missing:
        lines.append(f"{found.missing:,} documents are not there. Run it again with --merge.")
    else:
        lines.append("Done, and counted again: everything is there.")
    if refused := sum(one.refused for one in found.counts.values()):
        lines.append(f"{refused:,} were left out: they cannot be beside what is there.")
    return "\n".join(lines)
