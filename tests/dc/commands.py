"""The data centre by commands: what `python -m tests.dc` understands, one JSON object a line.

A command is {"id": 1, "do": "person", "name": "Ann"}; its answer {"id": 1, "ok": ...} or, when it failed,
{"id": 1, "error": text, "kind": class}. What is seen in a chat comes as {"chat": key, "seen": {...}}, and
what the bot shows to do there as {"chat": key, "action": name}, before the answer to the command that caused
it. Persons and bots are named by id, chats by key: a person's id, "person/bot", or a channel's id.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.dc.channel import ChannelChat
from tests.dc.conversation import Conversation
from tests.dc.datacenter import Bot, DataCenter
from tests.dc.faults import Fault
from tests.dc.members import Rights
from tests.dc.person import Dialog, HasAccount, Person


class Commands:
    """Every public method is a command; its keyword arguments are the fields of the line."""

    def __init__(self, dc: DataCenter, emit: Callable[[dict[str, Any]], None]) -> None:
        self._dc = dc
        self._emit = emit
        self._bots: dict[int, Bot] = {}
        self._dialogs: dict[str, Dialog] = {}
        self._channels: dict[str, ChannelChat] = {}
        self._faults: list[Fault] = []

    async def bot(self, **settings: Any) -> dict[str, Any]:
        """A new bot: name, username, token."""
        bot = self._dc.bot(**settings)
        self._bots[bot.id] = bot
        return {"id": bot.id, "name": bot.name, "username": bot.username, "token": bot.token}

    async def person(self, **settings: Any) -> dict[str, Any]:
        """A new person: name, username, premium."""
        person = self._dc.person(**settings)
        self._dialogs[str(person.id)] = person
        return self._watched(str(person.id), person)

    async def dialog(self, person: int, bot: int) -> dict[str, Any]:
        """A person's chat with a bot."""
        owner = self._dialogs[str(person)]
        assert isinstance(owner, Person)
        dialog = owner.chat(self._bots[bot])
        if dialog is owner:
            return {"chat": str(person)}
        self._dialogs[f"{person}/{bot}"] = dialog
        return self._watched(f"{person}/{bot}", dialog)

    async def channel(
        self,
        title: str,
        admins: list[int],
        members: list[int],
        rights: dict[str, bool] | None,
        **settings: Any,
    ) -> dict[str, Any]:
        """A new channel: title, admins, members, rights, username, broadcast, protected."""
        channel = self._dc.channel(
            title,
            admins=[self._who(one) for one in admins],
            members=[self._who(one) for one in members],
            rights=Rights(**rights) if rights else None,
            **settings,
        )
        self._channels[str(channel.id)] = channel
        return self._watched(str(channel.id), channel)

    async def act(self, chat: str, what: str, message: int | None = None, **settings: Any) -> object:
        """A method of a dialog or channel chat; `message` is the number of the one it concerns."""
        target: Any = self._dialogs.get(chat) or self._channels[chat]
        arguments = [self._seen(target, message)] if message is not None else []
        if reply := settings.pop("reply_to", None):
            settings["reply_to"] = self._seen(target, reply)
        done = getattr(target, what)(*arguments, **settings)
        return await done if hasattr(done, "__await__") else done

    async def forward(self, chat: str, source: str, message: int) -> object:
        """A person forwards a message of another chat."""
        origin: Any = self._dialogs.get(source) or self._channels[source]
        return await self._dialogs[chat].forwards(origin.message_of(self._seen(origin, message)))

    async def block(self, person: int, bot: int, blocked: bool) -> None:
        """A person stops a bot, or lets it back in."""
        owner = self._dialogs[str(person)]
        assert isinstance(owner, Person)
        (owner.blocks if blocked else owner.unblocks)(self._bots[bot])

    async def member(self, channel: str, what: str, who: int, rights: dict[str, bool] | None = None) -> None:
        """Somebody's place in a channel: add, promote, demote, kick, restore."""
        chat, account = self._channels[channel], self._who(who)
        if what == "promote":
            chat.promote(account, Rights(**rights) if rights else None)
        else:
            getattr(chat, what)(account)

    async def session_string(self, person: int) -> str:
        """A session string of a person."""
        return self._dc.session_string(self._who(person))

    async def fault(self, what: str, values: list[Any], **selectors: Any) -> int:
        """Programme a fault by the name of a method of Faults; returns its number."""
        self._faults.append(getattr(self._dc.faults, what)(*values, **selectors))
        return len(self._faults) - 1

    async def faults(self) -> list[dict[str, Any]]:
        """All programmed faults with their counts."""
        return [{**vars(one), "action": one.action.value} for one in self._faults]

    async def clear_faults(self) -> None:
        """Let everything work again."""
        self._dc.faults.clear()

    async def line(self, latency: float, bandwidth: float | None) -> None:
        """Latency and bandwidth from now on."""
        self._dc.latency, self._dc.bandwidth = latency, bandwidth

    async def cut(self, what: str, media: bool | None) -> int:
        """ "drop" or "stall" open connections now; returns how many."""
        links = self._dc.connections(media=media)
        for link in links:
            getattr(link, what)()
        return len(links)

    async def file(self, file_id: int, save_as: str | None = None) -> dict[str, Any]:
        """A received file; its bytes are written to a path when one is given."""
        file = self._dc.file(file_id)
        if save_as is not None:
            Path(save_as).write_bytes(file.bytes)
        return {
            "id": file.id,
            "size": file.size,
            "sha256": None if file.content.discard else file.sha256,
            "tree_sha256": file.tree_sha256,
            "arrivals": file.arrivals,
        }

    async def stats(self) -> dict[str, Any]:
        """Counters."""
        return self._dc.stats()

    async def take_violations(self) -> list[str]:
        """Violations so far; they are forgotten."""
        return [str(one) for one in self._dc.take_violations()]

    async def check(self) -> None:
        """Fail when a rule was broken, a method was unknown or a handler failed."""
        self._dc.check()

    async def expire_file_references(self) -> None:
        """Make every file reference given out so far stale."""
        self._dc.expire_file_references()

    def _watched(self, key: str, chat: Conversation) -> dict[str, Any]:
        def tell(seen: object) -> None:
            self._emit({"chat": key, "seen": seen})

        for state in chat.states:
            tell(state)
        chat.listeners.append(tell)
        if isinstance(chat, Dialog):
            chat.action_listeners.append(lambda name: self._emit({"chat": key, "action": name}))
        return {"chat": key}

    def _who(self, number: int) -> HasAccount:
        if number in self._bots:
            return self._bots[number]
        return self._dialogs[str(number)]

    def _seen(self, chat: Conversation, number: int) -> Any:
        return next(one for one in chat.messages if one.id == number)
