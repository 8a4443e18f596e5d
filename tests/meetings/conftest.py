"""A facilitator with a group, on a day when it meets."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.core import clock
from casework.core.db import db
from casework.core.transaction import transaction
from casework.households.models import Household, Membership
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.households import group_with
from tests.scenes import scene

#: Noon in Manado (WITA).
NOON = datetime(2026, 11, 12, 4, tzinfo=UTC)
TODAY = date(2026, 11, 12)


@dataclass(frozen=True)
class Arranged:
    """Ids only: what belongs to the database session dies with each request."""

    actor: Actor
    area_id: int
    group_id: uuid.UUID
    #: By name, as the sheet shows them.
    households: tuple[uuid.UUID, ...]
    names: tuple[str, ...]


@scene
def arrange(facilitator: str = "", households: int = 5, **group: object) -> Arranged:
    """A facilitator (made where no user name is given) with one more group."""
    with transaction() as session:
        user = UserFactory() if not facilitator else _user(session, facilitator)
        made = group_with(user, households, **group)
        session.flush()
        members = session.execute(
            select(Household.caretaker_name, Household.id)
            .join(Membership, Membership.household_id == Household.id)
            .where(Membership.group_id == made.id)
        ).all()
        members.sort(key=lambda row: (row[0].casefold(), row[1]))
        return Arranged(
            actor=actor_for(user),
            area_id=made.area_id,
            group_id=made.id,
            households=tuple(row[1] for row in members),
            names=tuple(row[0] for row in members),
        )


def _user(session: Session, username: str) -> object:
    from casework.accounts.models import User

    return session.scalars(select(User).where(User.username == username)).one()


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


@pytest.fixture
def melati(db_session: Session) -> Arranged:
    return arrange(name="Melati", households=5)


def rows(model: type, **where: object) -> list[object]:
    """Rows as they stand in the database now."""
    db.session.rollback()
    return list(db.session.scalars(select(model).filter_by(**where)))
