"""What all errors have in common."""

from typing import ClassVar


class MedusaError(Exception):
    """Something went wrong."""

    advice: ClassVar[str] = ""
    retryable: ClassVar[bool] = False

    def __init__(self, sentence: str | None = None, *, detail: str = "") -> None:
        """`sentence` is for the person, by default the class's docstring; `detail` is for the log only."""
        self.sentence = sentence or (type(self).__doc__ or "").strip()
        """What went wrong, as the person reads it."""
        self.detail = detail
        super().__init__(self.sentence)
