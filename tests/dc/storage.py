"""Uploads in progress and files that are whole."""

import time
from dataclasses import dataclass, field
from hashlib import md5, sha256

from tests.dc.errors import Breach
from tests.dc.files import Arrival, Content, File
from tests.dc.options import Options
from tests.dc.state import Account
from tests.dc.uploads import Upload


@dataclass
class Transfer:
    """An upload and its bytes; `file` is set when a message has carried it."""

    upload: Upload
    content: Content
    file: File | None = None


@dataclass
class Storage:
    """What accounts have sent, by account and file_id; what messages carry, by document id."""

    options: Options
    transfers: dict[tuple[int, int], Transfer] = field(default_factory=dict)
    files: dict[int, File] = field(default_factory=dict)

    def limit(self, account: Account) -> int:
        """How many parts a file of this account may have."""
        return self.options.max_parts_premium if account.premium else self.options.max_parts

    async def save(
        self, account: Account, file_id: int, index: int, total: int | None, data: bytes, session: int
    ) -> Transfer:
        """Take in one part. Raises Breach."""
        big = total is not None
        transfer = self.transfers.get((account.id, file_id))
        if transfer is None:
            transfer = Transfer(Upload(self.limit(account), big), self._content())
        if transfer.upload.big is not big:
            raise Breach(
                "mixed_methods", 400, "FILE_PARTS_INVALID", "saveFilePart and saveBigFilePart for one file"
            )
        digest = b"" if self.options.blind else sha256(data).digest()
        is_new = transfer.upload.admit(index, total, len(data), digest)
        self.transfers[account.id, file_id] = transfer
        transfer.content.arrivals.append(Arrival(index, len(data), time.monotonic(), session))
        if is_new:
            await transfer.content.put(index, data, digest)
        return transfer

    def forget(self, account: Account, file_id: int, index: int) -> None:
        """Lose a part of an upload."""
        transfer = self.transfers[account.id, file_id]
        transfer.upload.forget(index)
        transfer.content.forget(index)

    def finish(self, account: Account, file_id: int, count: int, *, big: bool, checksum: str = "") -> File:
        """Make a file of an upload whose parts are all here. Raises Refusal or Breach."""
        transfer = self.transfers.get((account.id, file_id))
        if transfer is None:
            raise Breach("missing_part", 400, "FILE_PART_0_MISSING", f"nothing was uploaded as {file_id}")
        if transfer.upload.big is not big:
            raise Breach("mixed_methods", 400, "FILE_PARTS_INVALID", "inputFile and inputFileBig confused")
        transfer.upload.complete(count)
        if transfer.file is None:
            transfer.file = self.add(transfer.content, file_id, streamed=transfer.upload.streamed)
        if checksum and not transfer.content.discard and checksum != md5(transfer.file.bytes).hexdigest():
            raise Breach("checksum", 400, "MD5_CHECKSUM_INVALID")
        return transfer.file

    def add(self, content: Content, upload_id: int | None = None, *, streamed: bool = False) -> File:
        """Keep a whole file."""
        file = File(content, upload_id=upload_id, streamed=streamed)
        self.files[file.id] = file
        return file

    def find(self, file_id: int) -> File:
        """A whole file by its document id, or by the file_id under which it was uploaded. Raises KeyError."""
        if file_id in self.files:
            return self.files[file_id]
        by_upload = {file.upload_id: file for file in self.files.values()}
        return by_upload[file_id]

    @property
    def arrived(self) -> int:
        """Bytes of all parts of big files that were taken in; of those that came twice, twice."""
        big = [transfer for transfer in self.transfers.values() if transfer.upload.big]
        return sum(arrival.size for transfer in big for arrival in transfer.content.arrivals)

    def close(self) -> None:
        """Give the disk back."""
        for transfer in self.transfers.values():
            transfer.content.close()

    def _content(self) -> Content:
        return Content(
            self.options.discard or self.options.blind, self.options.spool_above, self.options.spool_dir
        )
