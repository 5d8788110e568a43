"""What a data centre answers instead of a result.

Refusal                  an RPC error, as the real service words it
└── Breach               the same, for what a correct client never does: also recorded as a Violation
"""

from dataclasses import dataclass


class Refusal(Exception):
    """The request is answered by rpc_error `code` `text`."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text


class Breach(Refusal):
    """A refusal that names the rule which was broken."""

    def __init__(self, rule: str, code: int, text: str, detail: str = "") -> None:
        super().__init__(code, text)
        self.rule = rule
        self.detail = detail


@dataclass(frozen=True)
class Violation:
    """One broken rule: what, by whom, in which request."""

    rule: str
    method: str
    error: str
    detail: str
    account: int | None
    session: int

    def __str__(self) -> str:
        return f"{self.rule} ({self.method} -> {self.error}) {self.detail}, account {self.account}"
