"""The API methods this data centre knows. Importing the package registers them."""

from tests.dc.methods import (
    bots,
    channels,
    configuration,
    dialogs,
    downloading,
    forwarding,
    handling,
    login,
    people,
    reading,
    syncing,
    uploading,
    writing,
)

__all__ = [
    "bots",
    "channels",
    "configuration",
    "dialogs",
    "downloading",
    "forwarding",
    "handling",
    "login",
    "people",
    "reading",
    "syncing",
    "uploading",
    "writing",
]
