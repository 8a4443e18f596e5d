"""What may be arranged now, and why not."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from flask_babel import lazy_gettext, lazy_ngettext
from sqlalchemy import func, select

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.accounts.queries import locks
from casework.accounts.queries.people import people
from casework.audit.queries.counting import acts_since
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid, Refused, TooMany
from casework.households.models import Membership
from casework.households.rules import IN_PROGRAMME, PROGRAMME_BEGAN, HouseholdStatus, year_of
from casework.regions.queries.places import every_area
from casework.regions.rules import lies_in


def check_day(actor: Actor, on: date) -> None:
    """Raises: Invalid on `on` for a day to come, and for one before the programme."""
    if on > clock.today(actor.time_zone):
        raise Invalid.field("on", lazy_gettext("The date must not be after today."))
    if on < PROGRAMME_BEGAN:
        raise Invalid.field("on", lazy_gettext("This date is too long ago. Check the year."))


def check_in_programme(status: HouseholdStatus) -> None:
    """Raises: Refused for a family that has left."""
    if status not in IN_PROGRAMME:
        raise Refused(
            lazy_gettext("This family has left PKH and belongs to no group."), code="left"
        )


def check_empty(area_id: int, group_id: uuid.UUID) -> None:
    """Raises: Refused for a group that families belong to."""
    members = db.session.scalar(
        select(func.count()).where(
            Membership.area_id == area_id,
            Membership.group_id == group_id,
            Membership.to_on.is_(None),
        )
    )
    if members:
        raise Refused(
            lazy_ngettext(
                "%(num)d family still belongs to this group. Move it first.",
                "%(num)d families still belong to this group. Move them first.",
                members,
            ),
            code="not_empty",
        )


def check_entry_year(actor: Actor, year: int, first_stage: str) -> None:
    """Raises: Invalid on `year` for one in which the family cannot have joined."""
    if year < PROGRAMME_BEGAN.year:
        raise Invalid.field(
            "year", lazy_gettext("PKH began in %(year)s.", year=PROGRAMME_BEGAN.year)
        )
    if year > clock.today(actor.time_zone).year:
        raise Invalid.field("year", lazy_gettext("The year must not be after this year."))
    if year > year_of(first_stage):
        raise Invalid.field(
            "year",
            lazy_gettext(
                "This family was on the roster in %(year)s. Write that year or an earlier one.",
                year=year_of(first_stage),
            ),
        )


def check_facilitator(facilitator_id: uuid.UUID, village_code: str) -> None:
    """Raises: Invalid on `facilitator` for whoever cannot look after a group there."""
    person = people()
    row = db.session.execute(
        select(person.c.role, person.c.is_active, person.c.region_code).where(
            person.c.id == facilitator_id
        )
    ).one_or_none()
    if (
        row is None
        or row.role is not Role.FACILITATOR
        or not row.is_active
        or not lies_in(village_code, row.region_code)
    ):
        raise Invalid.field(
            "facilitator",
            lazy_gettext("Choose an active facilitator whose region includes this village."),
        )


def check_pace(actor: Actor, tag: Tag, *, most: int, within: timedelta) -> None:
    """Nobody has to do with personal numbers faster than this, in however many regencies;
    counted from the trail itself.

    Raises: TooMany.
    """
    # Else as many as the server has threads would be let through at once.
    locks.hold(actor.user_id)
    now = clock.now()
    times, first = acts_since(every_area(), actor.user_id, tag, now - within)
    if times >= most and first is not None:
        raise TooMany(
            lazy_gettext(
                "You have looked at %(count)s numbers within 10 minutes. Try again later.",
                count=most,
            ),
            retry_after=max(1, int((first + within - now).total_seconds())),
        )
