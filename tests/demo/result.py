"""What a case proved."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Result:
    """One line of the demo's table, one object of its JSON."""

    name: str
    kind: str
    """What arrived: video, audio, document; or refused, cancelled."""
    source_bytes: int
    sent_bytes: int
    identical: bool
    """The SHA-256 of the file, or the MD5 of every track where it was put into a new container; for a refusal
    or a cancel: that nothing arrived."""
    faststart: bool
    parts: int
    temp_bytes_peak: int
    seconds: float
    first_part_seconds: float | None
    log_copies: int
    problems: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it went as it must."""
        return not self.problems

    def to_json(self) -> dict[str, object]:
        """As the demo's JSON has it."""
        return {**asdict(self), "ok": self.ok}
