"""The data centre as tests use it: started with `async with`, then spoken to in-process."""

import base64
import secrets
import struct
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from tests.dc import methods as _registered  # noqa: F401 - importing it registers the API methods
from tests.dc.channel import ChannelChat
from tests.dc.core import Core
from tests.dc.envelope import key_id
from tests.dc.errors import Violation
from tests.dc.faults import Faults
from tests.dc.files import File
from tests.dc.members import Rights
from tests.dc.options import Options
from tests.dc.person import HasAccount, Person
from tests.dc.rsakey import server_key
from tests.dc.server import Server
from tests.dc.session import AuthKey
from tests.dc.state import Account
from tests.dc.updates import Publisher
from tests.dc.wire import Link

_SESSION_STRING = ">BI?256sQ?"  # pyrogram.storage.Storage.SESSION_STRING_FORMAT


@dataclass(frozen=True)
class Endpoint:
    """What a client needs to know to connect."""

    host: str
    port: int
    key_pem: bytes


@dataclass(frozen=True)
class Bot:
    """A bot that some client can log in as."""

    account: Account

    @property
    def id(self) -> int:
        return self.account.id

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def username(self) -> str:
        return self.account.username or ""

    @property
    def token(self) -> str:
        return self.account.token or ""


class DataCenter:
    """A loopback Telegram. Leaving it raises AssertionError when a rule was broken (see Options.strict)."""

    def __init__(self, options: Options | None = None) -> None:
        self.core = Core(options or Options())
        self.key = server_key()
        self._server = Server(self.core, self.key)
        self.core.world.subscribers.append(Publisher(self.core, self._server.transmit))

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.stop()
        self.core.storage.close()
        if kind is None and self.core.options.strict:
            self.check()

    # who and where

    def bot(self, name: str = "Medusa", *, username: str = "medusa_bot", token: str | None = None) -> Bot:
        """A new bot. A token, when given, begins with a number and a colon."""
        return Bot(self.core.world.add_bot(name, username, token))

    def person(
        self,
        name: str,
        *,
        username: str | None = None,
        premium: bool = False,
        phone: str | None = None,
        password: str | None = None,
    ) -> Person:
        """A new human; with a phone number (digits) a client can log in as them."""
        account = self.core.world.add_person(name, username, premium=premium)
        account.phone, account.password = phone, password
        return Person(self.core, account)

    def login_code(self, phone: str) -> str:
        """The code that was sent to this phone number last. Raises KeyError."""
        return self.core.login_codes[phone][1]

    def channel(
        self,
        title: str,
        *,
        admins: Iterable[HasAccount] = (),
        members: Iterable[HasAccount] = (),
        rights: Rights | None = None,
        username: str | None = None,
        broadcast: bool = True,
        protected: bool = False,
        forum: bool = False,
    ) -> ChannelChat:
        """A new channel, or a supergroup when not `broadcast`; private unless it has a username."""
        world = self.core.world
        owner = world.add_person(f"Owner of {title}")
        state = world.add_channel(
            title, owner, username, broadcast=broadcast and not forum, protected=protected, forum=forum
        )
        channel = ChannelChat(self.core, state, owner)
        channel.add(*members)
        for admin in admins:
            channel.promote(admin, rights)
        return channel

    def session_string(self, who: HasAccount, *, api_id: int = 1) -> str:
        """A Pyrogram session string that is logged in as `who`. Every call makes another key."""
        secret = secrets.token_bytes(256)
        key = AuthKey(secret, key_id(secret), secrets.token_bytes(8), who.account)
        self.core.keys[key.id] = key
        packed = struct.pack(
            _SESSION_STRING,
            self.core.options.dc_id,
            api_id,
            False,
            secret,
            who.account.id,
            who.account.is_bot,
        )
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    def end_sessions(self, who: HasAccount) -> None:
        """Log somebody out everywhere, as "Terminate session" does: AUTH_KEY_UNREGISTERED from now on."""
        for key in self.core.keys.values():
            if key.account is who.account:
                key.account = None

    @property
    def endpoint(self) -> Endpoint:
        """The main address and the public key."""
        return Endpoint(*self.core.addresses[False], self.key.pem)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the main address."""
        return self.core.addresses[False]

    @property
    def media_address(self) -> tuple[str, int]:
        """Host and port of the media address."""
        return self.core.addresses[True]

    # what happened

    @property
    def violations(self) -> list[Violation]:
        """Every rule that was broken."""
        return self.core.journal.violations

    @property
    def unhandled(self) -> list[str]:
        """Methods that were called and are not known here."""
        return self.core.journal.unhandled

    def take_violations(self) -> list[Violation]:
        """Return the violations and forget them: for tests that break rules on purpose."""
        return self.core.journal.take_violations()

    def check(self) -> None:
        """Raise AssertionError when a rule was broken, a method was unknown or a handler here failed."""
        self.core.journal.check()

    def file(self, file_id: int) -> File:
        """A file by its document id (Attachment.file_id) or by the upload's file_id. Raises KeyError."""
        return self.core.storage.find(file_id)

    @property
    def files(self) -> list[File]:
        """Every file that hangs on a message or hung on one."""
        return list(self.core.storage.files.values())

    def stats(self) -> dict[str, Any]:
        """Counters: see Journal; and what is open now."""
        journal = self.core.journal
        links = self._server.links
        return {
            **journal.counts,
            "calls": dict(journal.calls),
            "violations": [str(one) for one in journal.violations],
            "unhandled": journal.unhandled,
            "crashes": journal.crashes,
            "open_main": sum(not link.media for link in links),
            "open_media": sum(link.media for link in links),
            "received": journal.counts["received"] + sum(link.received for link in links),
            "uploaded": sum(one.content.size for one in self.core.storage.transfers.values()),
            "arrived": self.core.storage.arrived,
            "time": time.monotonic(),
        }

    # what goes wrong

    @property
    def faults(self) -> Faults:
        """Programme faults here."""
        return self.core.faults

    @property
    def latency(self) -> float:
        """Seconds added to every answer."""
        return self.core.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self.core.latency = seconds

    @property
    def bandwidth(self) -> float | None:
        """Bytes a second that the whole server receives; None for all it can."""
        return self._server.bandwidth.rate

    @bandwidth.setter
    def bandwidth(self, rate: float | None) -> None:
        self._server.bandwidth.rate = rate

    def connections(self, *, media: bool | None = None) -> Sequence[Link]:
        """Open connections, all or those of one address. Each can drop() or stall() now."""
        return [link for link in self._server.links if media is None or link.media is media]

    def expire_file_references(self) -> None:
        """Make every file reference given out so far stale."""
        self.core.hashes.expire_references()
