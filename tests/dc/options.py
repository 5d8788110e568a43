"""What one data centre is like: addresses, limits and how strictly it paces."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.dc.flood import Pace

MIB = 1024 * 1024


@dataclass(frozen=True)
class Options:
    """Settings of a data centre, fixed for its life. The defaults are what the real service documents."""

    host: str = "127.0.0.1"
    port: int = 0  # 0: any free port
    media_port: int = 0
    dc_id: int = 2

    max_parts: int = 4000
    max_parts_premium: int = 8000
    text_limit: int = 4096  # UTF-16 units, after entity parsing
    caption_limit: int = 1024
    repeats: bool = False  # a used random_id is answered with its message, not with RANDOM_ID_DUPLICATE
    pace: Pace | None = field(default_factory=Pace)  # None: no flood limits

    discard: bool = False  # keep only sizes and hashes of what is uploaded
    blind: bool = False  # discard, and do not even decrypt or hash big parts: for benchmarks
    spool_above: int = 64 * MIB  # a file grows in memory up to here, then on disk
    spool_dir: Path | None = None  # None: the system's temporary directory

    latency: float = 0.0  # seconds added to every answer
    bandwidth: float | None = None  # bytes/s received by the whole server
    receive_buffer: int = 128 * 1024  # SO_RCVBUF: how much a stalled connection still swallows
    max_segment: int = (
        1448  # TCP_MAXSEG of Ethernet; with loopback's, a sender's kernel buffers 4 MB of a stall
    )

    press_timeout: float = 30.0  # seconds a pressed button waits for its answer
    grace: float = 0.3  # seconds an old main connection may linger beside its successor
    strict: bool = True  # leaving the data centre fails when somebody broke a rule
