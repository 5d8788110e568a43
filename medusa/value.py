"""What all domain values have in common."""

from typing import Self

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable value; `evolve` makes a changed copy."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    def evolve(self, **changes: object) -> Self:
        """A copy with these fields changed, validated like a new value."""
        return type(self).model_validate({**dict(self), **changes})
