"""What somebody may do in a channel."""

from dataclasses import dataclass, field, fields
from enum import Enum


class Status(Enum):
    """A person's or bot's place in a channel."""

    CREATOR = "creator"
    ADMIN = "admin"
    MEMBER = "member"
    LEFT = "left"  # never was here, or went away
    KICKED = "kicked"


@dataclass(frozen=True)
class Rights:
    """Administrator rights, named as in chatAdminRights."""

    change_info: bool = False
    post_messages: bool = False
    edit_messages: bool = False
    delete_messages: bool = False
    ban_users: bool = False
    invite_users: bool = False
    pin_messages: bool = False
    add_admins: bool = False

    @classmethod
    def full(cls) -> "Rights":
        """Every right."""
        return cls(**{one.name: True for one in fields(cls)})


@dataclass(frozen=True)
class Member:
    """Status and rights of one account in one channel; `by` is who gave them."""

    status: Status = Status.LEFT
    rights: Rights = field(default_factory=Rights)
    by: int = 0

    @property
    def is_admin(self) -> bool:
        return self.status in (Status.CREATOR, Status.ADMIN)

    @property
    def is_inside(self) -> bool:
        return self.status in (Status.CREATOR, Status.ADMIN, Status.MEMBER)
