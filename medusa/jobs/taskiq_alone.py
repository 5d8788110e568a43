"""taskiq, without FastAPI.

Where FastAPI is installed, taskiq loads it, for dependencies that tickets do not have: 6 MB in every process,
whether it listens on PORT or not. For the time of the import, FastAPI is hidden.
"""

import sys
from typing import Any

_modules: dict[str, Any] = sys.modules  # None hides a module, which the type of sys.modules does not know
_is_loaded = "fastapi" in _modules
if not _is_loaded:
    _modules["fastapi"] = None
try:
    from taskiq import AckableMessage, AsyncBroker, InMemoryBroker, SendTaskError
    from taskiq.receiver import Receiver
    from taskiq_redis import RedisStreamBroker
finally:
    if not _is_loaded:
        del _modules["fastapi"]

__all__ = [
    "AckableMessage",
    "AsyncBroker",
    "InMemoryBroker",
    "Receiver",
    "RedisStreamBroker",
    "SendTaskError",
]
