"""Groups by their name: villages far apart have a group Melati each."""

from __future__ import annotations

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from casework.access.actor import Actor
from casework.core.db import db
from casework.households import scope
from casework.households.models import Group
from casework.regions.models import Region
from casework.regions.rules import DISTRICT_SIGNS, REGENCY_SIGNS
from casework.rosters.rules import NamedGroup

#: As many as a list to choose from may have.
MOST = 50


def groups_named(actor: Actor, name: str) -> list[NamedGroup]:
    """Groups of this name, in any case, that the actor's families belong to; one more than
    `MOST` at most. Asked of the families: theirs may be a group of the next village."""
    seen, village = scope.households(actor), aliased(Region)
    district, regency = aliased(Region), aliased(Region)
    columns = (seen.c.group_id, seen.c.group_name, village.name, district.name, regency.name)
    query = (
        select(*columns, func.count())
        .select_from(seen)
        .join(Group, and_(Group.area_id == seen.c.area_id, Group.id == seen.c.group_id))
        .join(village, village.code == Group.village_code)
        .join(district, district.code == func.substr(Group.village_code, 1, DISTRICT_SIGNS))
        .join(regency, regency.code == func.substr(Group.village_code, 1, REGENCY_SIGNS))
        .where(func.lower(seen.c.group_name) == name.strip().lower())
        .group_by(*columns, Group.village_code)
        .order_by(Group.village_code, seen.c.group_name, seen.c.group_id)
        .limit(MOST + 1)
    )
    parts = 3 if actor.area_id is None else 2
    return [
        NamedGroup(group_id, group, ", ".join(names[:parts]), families)
        for group_id, group, *names, families in db.session.execute(query)
    ]
