from __future__ import annotations

from sqlalchemy import Subquery, select

from casework.accounts.models import User


def people() -> Subquery:
    """Columns id, name, username, role, region_code, is_active (not disabled), has_password
    (has signed up): what other features may know of a person."""
    return select(
        User.id,
        User.name,
        User.username,
        User.role,
        User.region_code,
        User.is_active,
        User.password_hash.is_not(None).label("has_password"),
    ).subquery("person")
