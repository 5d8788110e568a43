"""Which plans the database has for the queries of the store: it is asked to explain what it was sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

Document = dict[str, Any]

EXPLAINED = frozenset({"find", "aggregate", "count", "distinct", "findAndModify", "update", "delete"})
_NO_PART = frozenset(
    {"lsid", "$db", "$clusterTime", "$readPreference", "txnNumber", "writeConcern", "ordered"}
)


class Overheard(CommandListener):
    """Hears what a client says to the database, while it listens."""

    def __init__(self) -> None:
        self.commands: list[Document] = []
        self._listens = False

    @contextmanager
    def listening(self) -> Iterator[list[Document]]:
        """The commands that are said meanwhile."""
        self.commands, self._listens = [], True
        try:
            yield self.commands
        finally:
            self._listens = False

    def started(self, event: CommandStartedEvent) -> None:
        """A command is sent."""
        if self._listens and event.command_name in EXPLAINED:
            self.commands.append(dict(event.command))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """It went well."""

    def failed(self, event: CommandFailedEvent) -> None:
        """It did not."""


def to_explain(command: Document) -> list[Document]:
    """The same as the database can explain it: one update or deletion at a time."""
    plain = {name: value for name, value in command.items() if name not in _NO_PART}
    for many in ("updates", "deletes"):
        if many in plain:
            return [{**plain, many: [one]} for one in plain[many]]
    return [plain]


async def stages(database: AsyncDatabase[Document], command: Document) -> list[str]:
    """The stages of the winning plans of a command."""
    found = list[str]()
    for one in to_explain(command):
        found += winning(await database.command("explain", one, verbosity="queryPlanner"))
    return found


def winning(explained: Any, *, within: bool = False) -> list[str]:
    """The stages of all winning plans in an explanation, wherever they are."""
    match explained:
        case dict():
            own = [explained["stage"]] if within and "stage" in explained else []
            inner = (
                stage
                for name, value in explained.items()
                if name != "rejectedPlans"
                for stage in winning(value, within=within or name == "winningPlan")
            )
            return [*own, *inner]
        case list():
            return [stage for one in explained for stage in winning(one, within=within)]
        case _:
            return []
