"""What an administrator has to put in order: families, groups and people that lack something."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from casework.access.actor import Actor
from casework.accounts.models import User
from casework.accounts.scope import in_reach
from casework.core.db import db
from casework.graduation.queries.batches import waiting_by_area
from casework.households import scope
from casework.households.rules import Care, HouseholdStatus


@dataclass(frozen=True, slots=True)
class AdministratorHome:
    """Counts are None above a regency: counting the nation's families is no home page's work."""

    households: int | None
    without_group: int | None
    #: Nobody's, and those of somebody who cannot look after them any more.
    groups_without_facilitator: int | None
    last_stage: str | None
    people: int
    not_activated: int
    #: Approved nominations that no batch to the ministry has taken yet.
    to_forward: int | None


def administrator_home(actor: Actor) -> AdministratorHome:
    people = db.session.execute(
        select(
            func.count().label("active"),
            func.count().filter(User.password_hash.is_(None)).label("not_activated"),
        ).where(User.is_active, in_reach(actor))
    ).one()
    if actor.area_id is None:
        return AdministratorHome(None, None, None, None, people.active, people.not_activated, None)
    seen = scope.households(actor)
    households = db.session.execute(
        select(
            func.count().label("active"),
            func.count().filter(seen.c.group_id.is_(None)).label("without_group"),
            func.max(seen.c.last_stage).label("last_stage"),
        ).where(seen.c.status == HouseholdStatus.ACTIVE)
    ).one()
    groups = scope.groups(actor)
    unattended = db.session.scalar(
        select(func.count()).select_from(groups).where(groups.c.care != Care.GIVEN)
    )
    return AdministratorHome(
        households=households.active,
        without_group=households.without_group,
        groups_without_facilitator=unattended,
        last_stage=households.last_stage,
        people=people.active,
        not_activated=people.not_activated,
        to_forward=sum(waiting_by_area(actor).values()),
    )
