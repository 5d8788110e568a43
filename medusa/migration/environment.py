"""The settings of the original bot: AUTH_USERS, CHANNELS, LOG_CHANNELS, BACKUP_LOG_CHANNELS, OWNER."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping

from medusa.legacy import LogPlace, OpenGroup, OwnPlace, Record, Somebody
from medusa.migration import ids
from medusa.migration.found import Found, Reject, Unusable
from medusa.user import Role

NAMES = ("AUTH_USERS", "CHANNELS", "LOG_CHANNELS", "BACKUP_LOG_CHANNELS", "OWNER")

Make = Callable[[int], tuple[Record, ...]]


class Environment:
    """Source: a few variables."""

    def __init__(self, variables: Mapping[str, str | None], *, owner: int | None) -> None:
        """`owner`: that of our bot."""
        self._variables = {name: variables.get(name) or "" for name in NAMES}
        self._owner = owner

    async def count(self) -> int | None:
        """The entries of all lists."""
        return sum(1 for text in self._variables.values() for _ in ids.entries(text))

    async def read(self) -> AsyncIterator[Found | Reject]:
        """People, log channels, then the channels in which links were taken."""
        for found in self.found():
            yield found

    def found(self) -> Iterator[Found | Reject]:
        """The same without waiting."""
        primary = set(self._ids("LOG_CHANNELS", ids.channel_id))
        by = self._their_owner
        yield from self._owner_remark()
        yield from self._each("AUTH_USERS", ids.person_id, lambda one: (_user(one, by),))
        yield from self._each("LOG_CHANNELS", ids.channel_id, lambda one: (LogPlace(id=one),))
        yield from self._each(
            "BACKUP_LOG_CHANNELS",
            ids.channel_id,
            lambda one: () if one in primary else (LogPlace(id=one, backup=True),),
        )
        yield from self._each("CHANNELS", ids.channel_id, lambda one: _place(one, by))

    @property
    def _their_owner(self) -> int | None:
        return next(iter(self._ids("OWNER", ids.person_id)), self._owner)

    def _owner_remark(self) -> Iterator[Reject]:
        for entry, number in ids.listed(self._variables["OWNER"], ids.person_id):
            if isinstance(number, Unusable):
                yield Reject(_where("OWNER", entry), entry.text, str(number))
            elif number != self._owner:
                reason = "The owner is a setting, not data: put OWNER into config.env or the environment."
                yield Reject(_where("OWNER", entry), entry.text, reason)

    def _each(self, name: str, parse: Callable[[str], int], make: Make) -> Iterator[Found | Reject]:
        for entry, number in ids.listed(self._variables[name], parse):
            where = _where(name, entry)
            if isinstance(number, Unusable):
                yield Reject(where, entry.text, str(number))
            else:
                yield from (Found(where, record) for record in make(number))

    def _ids(self, name: str, parse: Callable[[str], int]) -> list[int]:
        found = (number for _, number in ids.listed(self._variables[name], parse))
        return [number for number in found if not isinstance(number, Unusable)]


def _user(number: int, by: int | None) -> Somebody:
    return Somebody(id=number, role=Role.USER, by=by)


def _place(number: int, owner: int | None) -> tuple[Record, ...]:
    """Everybody could send links there; in a channel, who posts speaks for its owner."""
    group = OpenGroup(id=number, by=owner)
    return (group,) if owner is None else (group, OwnPlace(id=number, owner=owner))


def _where(name: str, entry: ids.Written) -> str:
    return f"{name}, entry {entry.number}"
