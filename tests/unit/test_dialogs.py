"""Whether a message is an answer, as many handlers ask."""

from medusa.dialogs import Dialog, Dialogs
from medusa.errors import StoreUnavailable


class Down:
    """A DialogStore whose database is down."""

    def __init__(self) -> None:
        self.asked = 0

    async def put(self, dialog: Dialog) -> None:
        raise StoreUnavailable

    async def find(self, chat_id: int, person_id: int) -> Dialog | None:
        self.asked += 1
        raise StoreUnavailable

    async def remove(self, chat_id: int, person_id: int, dialog_id: str | None) -> bool:
        raise StoreUnavailable


async def test_while_the_database_is_down_each_message_waits_for_it_once() -> None:
    store = Down()
    dialogs = Dialogs(store)
    for message in (7, 7, 7, 8):
        assert await dialogs.answered_by(1, message, 1) is None
    assert store.asked == 2
