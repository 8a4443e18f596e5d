"""Who acts: built once per request, passed to every action."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from casework.access.permissions import Permission
from casework.access.roles import ROLES, Role

#: The id under which the command line acts; belongs to no account.
SYSTEM_ID = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at work, with the region the work is bounded by.

    `region_code` is None for the whole nation; `area_id` is set when the region lies within
    one regency, which is true of every facilitator and of most supervisors.
    """

    user_id: uuid.UUID
    username: str
    name: str
    role: Role
    region_code: str | None
    region_name: str
    area_id: int | None
    time_zone: str
    locale: str = "id"
    #: When the person stopped being a facilitator; None for who never was one.
    facilitated_until: datetime | None = None

    def may(self, permission: Permission) -> bool:
        return permission in ROLES[self.role].permissions


def command_line() -> Actor:
    """The operator at the server's command line: an administrator of the whole nation."""
    return Actor(
        user_id=SYSTEM_ID,
        username="flask",
        name="flask",
        role=Role.ADMINISTRATOR,
        region_code=None,
        region_name="Indonesia",
        area_id=None,
        time_zone="Asia/Jakarta",
    )
