"""A loopback Telegram data centre: real MTProto over TCP, strict rules, faults on demand. See README.md."""

from tests.dc.callbacks import Answer
from tests.dc.channel import ChannelChat
from tests.dc.client import bot_client, make_client, trust, user_client
from tests.dc.conversation import Conversation, Unseen
from tests.dc.datacenter import Bot, DataCenter, Endpoint
from tests.dc.errors import Refusal, Violation
from tests.dc.faults import Action, Fault, Faults
from tests.dc.files import File, tree_sha256
from tests.dc.flood import Pace
from tests.dc.members import Rights
from tests.dc.options import Options
from tests.dc.person import Dialog, Person
from tests.dc.remote import RemoteDataCenter, RemoteError
from tests.dc.seen import Attachment, Button, Entity, Seen

__all__ = [
    "Action",
    "Answer",
    "Attachment",
    "Bot",
    "Button",
    "ChannelChat",
    "Conversation",
    "DataCenter",
    "Dialog",
    "Endpoint",
    "Entity",
    "Fault",
    "Faults",
    "File",
    "Options",
    "Pace",
    "Person",
    "Refusal",
    "RemoteDataCenter",
    "RemoteError",
    "Rights",
    "Seen",
    "Unseen",
    "Violation",
    "bot_client",
    "make_client",
    "tree_sha256",
    "trust",
    "user_client",
]
