"""Targets of one facilitator, where they differ from what holds for everybody."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext
from sqlalchemy import select

from casework.access.actor import Actor
from casework.accounts.models import User
from casework.accounts.policy import check_not_own
from casework.accounts.scope import person_for_change
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core.db import db
from casework.core.errors import Invalid, NotFound
from casework.counts.actions.settings import check_year, enter
from casework.counts.queries.facilitators import worked_in
from casework.counts.rules import LARGEST_FACILITATOR_TARGET, target_of_facilitator
from casework.ledger.rules import ExitKind
from casework.regions.models import Region


def set_facilitator_target(
    actor: Actor, facilitator_id: uuid.UUID, *, year: int, households: int
) -> None:
    """Set how many independent graduations one facilitator is to reach in a year. What is set
    already is not set again.

    Raises: NotFound outside the actor's region and for who is no facilitator in that year;
    Refused for oneself; Invalid for an impossible number or year.
    """
    if not 0 <= households <= LARGEST_FACILITATOR_TARGET:
        raise Invalid.field(
            "households",
            lazy_gettext("Enter a number from 0 to %(most)s.", most=LARGEST_FACILITATOR_TARGET),
        )
    check_year(actor, year)
    _set(actor, facilitator_id, year, households)


def take_back_facilitator_target(actor: Actor, facilitator_id: uuid.UUID, *, year: int) -> None:
    """Let what holds for everybody hold for her too; nothing happens where it does.

    Raises: NotFound, Refused as above.
    """
    _set(actor, facilitator_id, year, None)


def _set(actor: Actor, facilitator_id: uuid.UUID, year: int, households: int | None) -> None:
    # Locked: whoever sets her target at the same time waits here.
    person = person_for_change(actor, facilitator_id)
    if not db.session.scalar(select(worked_in(actor, year)).where(User.id == person.id)):
        raise NotFound
    check_not_own(actor, facilitator_id)
    outcome = enter(
        actor,
        facilitator_id=facilitator_id,
        year=year,
        kind=ExitKind.INDEPENDENT,
        households=households,
    )
    if not outcome.is_new:
        return
    record(
        actor,
        Tag.FACILITATOR_TARGET_TAKEN_BACK if households is None else Tag.FACILITATOR_TARGET_SET,
        # As accounts are: the trail leads to the person.
        subject_type="account",
        subject_id=facilitator_id,
        area_id=db.session.scalar(select(Region.area_id).where(Region.code == person.region_code)),
        year=year,
        before=target_of_facilitator(outcome.before),
        after=target_of_facilitator(households),
    )
