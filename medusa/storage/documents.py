"""Domain values as documents of a database, and back. No I/O.

A document is a value's fields; its `id` is the document's `_id`.
"""

from typing import Any

from loguru import logger
from pydantic import ValidationError

from medusa.model import Download
from medusa.value import Value

Document = dict[str, Any]


def plain(value: Value) -> Document:
    """A value as a database takes it: enums as their strings, tuples as lists."""
    fields: Document = _simple(value.model_dump())
    return fields


def fields_of(changes: dict[str, object]) -> Document:
    """The same for some fields of a value."""
    fields: Document = _simple(
        {name: value.model_dump() if isinstance(value, Value) else value for name, value in changes.items()}
    )
    return fields


def document_of(value: Value) -> Document:
    """A value with an `id`, as a document."""
    fields = plain(value)
    return {"_id": fields.pop("id"), **fields}


def value_of(document: Document) -> Document:
    """The fields of the value in a document."""
    return {"id": document["_id"], **{name: value for name, value in document.items() if name != "_id"}}


def download_of(document: Document) -> Download:
    """The download in a document."""
    return Download.model_validate(value_of(document))


def readable(document: Document) -> Download | None:
    """The same; None, and a complaint, for a damaged one: it must not stand in the way of others."""
    try:
        return download_of(document)
    except ValidationError as error:
        logger.error("the record of download {} cannot be read: {}", document["_id"], error)
        return None


def _simple(value: Any) -> Any:
    match value:
        case dict():
            return {key: _simple(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_simple(inner.model_dump() if isinstance(inner, Value) else inner) for inner in value]
        case str():
            return str(value)
        case _:
            return value
