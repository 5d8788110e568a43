"""Values as lines of JSON and back. Bytes travel as {"base64": ...}, dataclasses as objects."""

import base64
import dataclasses
import json
from typing import Any

from tests.dc.seen import Attachment, Button, Entity, Seen


def dump_line(value: object) -> str:
    """One line, without its end."""
    return json.dumps(_plain(value), separators=(",", ":"), ensure_ascii=False)


def load_line(line: str | bytes) -> dict[str, Any]:
    """What a line says."""
    loaded: dict[str, Any] = json.loads(line, object_hook=_bytes)
    return loaded


def load_seen(value: dict[str, Any]) -> Seen:
    """A snapshot that was dumped."""
    fields = dict(value)
    fields["entities"] = tuple(Entity(**one) for one in value["entities"])
    fields["buttons"] = tuple(tuple(Button(**one) for one in row) for row in value["buttons"])
    fields["media"] = Attachment(**value["media"]) if value["media"] else None
    fields["edits"], fields["reactions"] = tuple(value["edits"]), tuple(value["reactions"])
    return Seen(**fields)


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _bytes(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["base64"]) if value.keys() == {"base64"} else value
