"""Just enough of PromQL to see that an expression reads, and which metrics it names."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>"(?:[^"\\]|\\.)*")
    |(?P<duration>\[[0-9]+[smhdw]\])
    |(?P<number>[0-9]+(?:\.[0-9]+)?(?:e[0-9]+)?)
    |(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)
    |(?P<operator>=~|!~|==|!=|>=|<=|[-+*/%<>=,(){}])
    )""",
    re.VERBOSE,
)
FUNCTIONS = frozenset({"rate", "histogram_quantile", "absent", "changes", "sum", "min", "max"})
_GROUPINGS = frozenset({"by", "on"})
_BETWEEN = frozenset({"and", "or", ",", "+", "-", "*", "/", "%", "==", "!=", ">", "<", ">=", "<="})
_PAIRS = {")": "(", "}": "{"}


class Token(NamedTuple):
    kind: str
    text: str


def tokens(expression: str) -> Iterator[Token]:
    """Raises ValueError for what is no PromQL."""
    at, text = 0, expression.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ValueError(f"cannot read {text[at : at + 20]!r}")
        yield Token(match.lastgroup, match[match.lastgroup])
        at = match.end()


def metrics(expression: str) -> set[str]:
    """The metrics that it names. Raises ValueError where brackets do not match, an operand is missing or too
    many, or a function is unknown."""
    inside = [*tokens(expression)]
    _check_brackets(inside)
    plain = [*_without_labels(inside)]
    _check_operands(plain)
    named = [(token.text, then) for token, then in _with_next(plain) if _is_name(token)]
    unknown = {name for name, then in named if then == "("} - FUNCTIONS
    if unknown:
        raise ValueError(f"no functions: {unknown}")
    return {name for name, then in named if then != "("}


def _is_name(token: Token) -> bool:
    return token.kind == "name" and token.text not in _BETWEEN


def _with_next(inside: list[Token]) -> Iterator[tuple[Token, str]]:
    texts = [token.text for token in inside[1:]]
    return zip(inside, [*texts, ""], strict=True)


def _check_brackets(inside: list[Token]) -> None:
    open_: list[str] = []
    for token in inside:
        if token.text in _PAIRS.values():
            open_.append(token.text)
        elif token.text in _PAIRS and (not open_ or open_.pop() != _PAIRS[token.text]):
            raise ValueError("brackets do not match")
    if open_:
        raise ValueError("a bracket stays open")


def _without_labels(inside: list[Token]) -> Iterator[Token]:
    """Without matchers, and without what is grouped by."""
    closing = ""
    for token, then in _with_next(inside):
        if closing:
            closing = "" if token.text == closing else closing
        elif token.text == "{" or (token.text in _GROUPINGS and then == "("):
            closing = "}" if token.text == "{" else ")"
        else:
            yield token


def _check_operands(plain: list[Token]) -> None:
    is_due = True
    for token, then in _with_next(plain):
        if token.text == ")" or token.text in _BETWEEN:
            if is_due:
                raise ValueError(f"nothing before {token.text}")
            is_due = token.text != ")"
        elif token.text != "(" and token.kind != "duration":
            if not is_due:
                raise ValueError(f"nothing between it and {token.text}")
            is_due = then == "("
    if is_due:
        raise ValueError("it ends too early")
