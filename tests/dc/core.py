"""Everything a request handler may touch."""

from dataclasses import dataclass, field

from tests.dc.callbacks import Callbacks
from tests.dc.faults import Faults
from tests.dc.flood import Limiter
from tests.dc.hashes import Hashes
from tests.dc.journal import Journal
from tests.dc.media import Media
from tests.dc.options import Options
from tests.dc.session import AuthKey
from tests.dc.storage import Storage
from tests.dc.world import World


@dataclass
class Core:
    """The state of one data centre, without its sockets."""

    options: Options
    world: World = field(default_factory=World)
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
    hashes: Hashes = field(default_factory=Hashes)
    keys: dict[int, AuthKey] = field(default_factory=dict)
    media: dict[int, Media] = field(default_factory=dict)  # by file id
    addresses: dict[bool, tuple[str, int]] = field(default_factory=dict)  # by media
    login_codes: dict[str, tuple[str, str]] = field(default_factory=dict)  # by phone: its hash, the code

    def __post_init__(self) -> None:
        self.latency = self.options.latency
        self.limiter = Limiter(self.options.pace)
        self.storage = Storage(self.options)
        self.callbacks = Callbacks(self.world)
