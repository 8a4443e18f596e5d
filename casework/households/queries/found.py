from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Row

from casework.access.actor import Actor
from casework.households import scope


def household_named(actor: Actor, household_id: uuid.UUID) -> Row[Any]:
    """One household with the columns of `scope.households`, for pages. Raises: NotFound."""
    return scope.household(actor, household_id)
