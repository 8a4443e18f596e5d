"""What each group did in a month, and when it last met at all."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.core.transaction import transaction
from casework.households.models import Group
from casework.meetings.queries.months import GroupMonth, groups_in_month
from casework.meetings.rules import MeetingStatus
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.households import group_with
from tests.readiness.records import hold_meeting

SENT, DRAFT, CALLED_OFF = MeetingStatus.SENT, MeetingStatus.DRAFT, MeetingStatus.CALLED_OFF


def seen(days: dict[date, MeetingStatus], month: date, *, region: bool = False) -> GroupMonth:
    """One group with registers of these days, as its facilitator sees that month, or as the
    regency's supervisor does."""
    with transaction():
        sarah, supervisor = UserFactory(), UserFactory(supervisor=True)
        melati: Group = group_with(sarah, 2, name="Melati")
        anggrek: Group = group_with(sarah, 1, name="Anggrek")
        for day, status in days.items():
            hold_meeting(melati, day, {}, status=status)
        hold_meeting(anggrek, date(2026, 12, 24), {})
    actor: Actor = actor_for(supervisor if region else sarah)
    other, found = groups_in_month(actor, month)
    assert (other.name, other.last_on) == ("Anggrek", None)
    assert (found.name, found.families) == ("Melati", 2)
    return found


@pytest.mark.parametrize("region", [False, True], ids=["facilitator", "supervisor"])
@pytest.mark.parametrize(
    ("days", "met_on", "draft_on", "last_on"),
    [
        ({}, None, None, None),
        ({date(2026, 11, 3): SENT}, date(2026, 11, 3), None, date(2026, 11, 3)),
        ({date(2026, 10, 31): SENT, date(2025, 1, 8): SENT}, None, None, date(2026, 10, 31)),
        ({date(2026, 11, 30): DRAFT}, None, date(2026, 11, 30), None),
        (
            {date(2026, 11, 1): SENT, date(2026, 11, 20): SENT, date(2026, 11, 9): DRAFT},
            date(2026, 11, 20),
            date(2026, 11, 9),
            date(2026, 11, 20),
        ),
        ({date(2026, 11, 9): CALLED_OFF}, None, None, None),
        (
            {date(2026, 11, 3): SENT, date(2026, 11, 9): CALLED_OFF},
            date(2026, 11, 3),
            None,
            date(2026, 11, 3),
        ),
        # A later one tells nothing of this month.
        ({date(2026, 12, 1): SENT, date(2026, 12, 8): DRAFT}, None, None, None),
    ],
)
def test_a_month_tells_its_own_registers_and_the_latest_up_to_it(
    db_session: Session,
    region: bool,
    days: dict[date, MeetingStatus],
    met_on: date | None,
    draft_on: date | None,
    last_on: date | None,
) -> None:
    found = seen(days, date(2026, 11, 15), region=region)
    assert (found.met_on, found.draft_on, found.last_on) == (met_on, draft_on, last_on)


@pytest.mark.parametrize(
    ("days", "earlier_on", "earlier_draft_on"),
    [
        ({date(2026, 11, 3): SENT, date(2026, 11, 9): DRAFT}, None, None),
        ({date(2026, 11, 3): SENT, date(2026, 10, 31): SENT}, date(2026, 10, 31), None),
        ({date(2026, 10, 1): DRAFT}, None, date(2026, 10, 1)),
        ({date(2026, 9, 30): DRAFT, date(2026, 9, 1): SENT}, date(2026, 9, 1), None),
        ({date(2026, 10, 31): CALLED_OFF, date(2026, 8, 1): SENT}, date(2026, 8, 1), None),
    ],
)
def test_and_what_was_before_it(
    db_session: Session,
    days: dict[date, MeetingStatus],
    earlier_on: date | None,
    earlier_draft_on: date | None,
) -> None:
    found = seen(days, date(2026, 11, 15))
    assert (found.earlier_on, found.earlier_draft_on) == (earlier_on, earlier_draft_on)
