"""What an administrator may do to an account, and what a role needs to work."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.core.errors import Invalid, Refused
from casework.regions.rules import holds_whole_regencies, lies_in, regency_of


def check_not_own(actor: Actor, user_id: uuid.UUID) -> None:
    """Nobody promotes, moves or shuts out oneself: the last administrator would be gone by a
    slip, and a gain in rights always takes two people. Raises: Refused."""
    if actor.user_id == user_id:
        raise Refused(
            lazy_gettext("This is your own account. Another administrator has to do this."),
            code="own_account",
        )


def check_place(actor: Actor, role: Role, region_code: str | None) -> None:
    """Raises: Invalid on `region` for a place outside the actor's own, for a facilitator who is
    not given one regency or a part of it, and for an administrator who is given a part only:
    rosters and the trail are kept by the regency, and the people of a part are looked after by
    its administrator."""
    if not lies_in(region_code, actor.region_code):
        raise Invalid.field("region", lazy_gettext("Choose a region within your own."))
    if role is Role.FACILITATOR and (region_code is None or regency_of(region_code) is None):
        raise Invalid.field(
            "region", lazy_gettext("A facilitator works in one regency or city, or in part of it.")
        )
    if role is Role.ADMINISTRATOR and not holds_whole_regencies(region_code):
        raise Invalid.field(
            "region",
            lazy_gettext("An administrator works for a whole regency or city, or a larger region."),
        )
