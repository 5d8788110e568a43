"""Access hashes and file references: proof that an account was shown a thing, and valid for it alone."""

import hmac
import os
from dataclasses import dataclass, field
from hashlib import sha256

from tests.dc.errors import Breach, Refusal


@dataclass
class Hashes:
    """Derived from a secret, so that nothing needs to be stored. `epoch` ages file references."""

    secret: bytes = field(default_factory=lambda: os.urandom(32))
    epoch: int = 1

    def access(self, viewer: int, kind: str, target: int) -> int:
        """The access hash of user, channel or file `target` for `viewer`; never 0."""
        return int.from_bytes(self._digest(f"{viewer}/{kind}/{target}")[:8], "little", signed=True) or 1

    def reference(self, viewer: int, file: int) -> bytes:
        """A file reference of the current epoch."""
        return self.epoch.to_bytes(4, "big") + self._digest(f"{viewer}/reference/{file}/{self.epoch}")[:20]

    def check_reference(self, viewer: int, file: int, reference: bytes) -> None:
        """Raise Refusal for one that has expired, Breach for one that never was."""
        if not reference:
            raise Breach("file_reference", 400, "FILE_REFERENCE_EMPTY")
        epoch = int.from_bytes(reference[:4], "big")
        if reference[4:] != self._digest(f"{viewer}/reference/{file}/{epoch}")[:20]:
            raise Breach("file_reference", 400, "FILE_REFERENCE_INVALID", "another account's, or made up")
        if epoch != self.epoch:
            raise Refusal(400, "FILE_REFERENCE_EXPIRED")

    def expire_references(self) -> None:
        """Make every file reference given out so far stale."""
        self.epoch += 1

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self.secret, text.encode(), sha256)
