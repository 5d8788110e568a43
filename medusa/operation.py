"""What those who run the bot have for that."""

from typing import NamedTuple

from medusa.faults import Faults
from medusa.health import Health
from medusa.log_ring import LogRing
from medusa.restarts import Restarts


class Operation(NamedTuple):
    """What plugins may call of it."""

    health: Health
    log: LogRing
    faults: Faults
    restarts: Restarts
