"""The files that a plan is cut into: how each is called and what it is in Telegram. Pure.

A plan that is rewritten is cut at key frames: each piece is a file of its own that plays. One that is passed
on is cut at any byte: its pieces are documents, and joined in order they are the file.
"""

from medusa.media import names
from medusa.model import Kind, Method, Plan


def is_larger(plan: Plan) -> bool:
    """Whether one file is taken to be too small for the plan, as far as anybody knows beforehand."""
    return (
        plan.size is not None and plan.max_size is not None and plan.size + plan.head_window > plan.max_size
    )


def may_exceed(size: int, limit: int, *, is_exact: bool) -> bool:
    """Whether so many bytes are more than `limit`, or may turn out to be: an estimate may be too low by a
    quarter."""
    return size > limit if is_exact else 5 * size > 4 * limit


def are_playable(plan: Plan) -> bool:
    """Whether each piece plays by itself, not only all of them joined."""
    return plan.method is not Method.PASS


def piece_of(plan: Plan, number: int) -> Plan:
    """The plan of file `number`, counted from 1, of several: with its name, kind and MIME type.

    For a stream that turned out to be one file, the plan itself holds.
    """
    stem, extension = names.split(plan.file_name)
    if are_playable(plan):
        return plan.evolve(file_name=names.fitted(stem, f" part {number}{extension}"))
    return plan.evolve(
        file_name=names.fitted(stem, f"{extension}.{number:03}"),
        kind=Kind.DOCUMENT,
        mime="application/octet-stream",
    )
