"""A family that has left the programme, graduated or otherwise: who still sees it, which registers
expect it, and what becomes of marks that come later (docs/decisions/0019, 0022)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid
from casework.core.ids import short_id
from casework.core.transaction import transaction
from casework.desk.queries.facilitator_home import facilitator_home
from casework.desk.queries.ready import Wanted as WantedReady
from casework.desk.queries.ready import ready_list
from casework.households import scope
from casework.households.actions.assignments import assign
from casework.households.actions.leaving import come_back, graduate, leave_otherwise
from casework.households.models import Household, Membership
from casework.households.queries.groups import members
from casework.households.rules import HouseholdStatus
from casework.meetings.actions.record import record_meeting
from casework.meetings.models import Attendance, Meeting
from casework.meetings.queries.register import register
from casework.meetings.rules import Mark, MeetingStatus, Presence
from casework.readiness.models import Readiness
from casework.readiness.rules import Verdict
from tests.factories.accounts import UserFactory, actor_for
from tests.meetings.conftest import TODAY, Arranged, rows
from tests.offline.conftest import Phone, browser_of, outcomes, send

#: TODAY lies in the fourth stage of 2026.
STAGE_BEGAN, STAGE_AHEAD = date(2026, 10, 1), date(2027, 1, 1)


def office() -> Actor:
    with transaction():
        return actor_for(UserFactory(administrator=True))


def graduates(actor: Actor, row: Household, from_on: date) -> None:
    """As the outcome does it."""
    row.status = HouseholdStatus.APPROVED
    graduate(actor, [row], from_on)


def leaves_otherwise(actor: Actor, row: Household, from_on: date) -> None:
    leave_otherwise(actor, row, from_on)


@pytest.fixture(autouse=True, params=[graduates, leaves_otherwise])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test is one of every way out."""
    monkeypatch.setitem(globals(), "way_out", request.param)


#: The one that `left` takes; the fixture sets it for each test.
way_out: Callable[[Actor, Household, date], None] = graduates


def left(group: Arranged, family: uuid.UUID, from_on: date) -> None:
    actor = office()
    with transaction() as session:
        way_out(actor, session.get_one(Household, (group.area_id, family)), from_on)


def expected(group: Arranged, on: date) -> set[uuid.UUID]:
    db.session.rollback()
    return {line.household_id for line in register(group.actor, group.group_id, on).lines}


@pytest.mark.parametrize(
    ("from_on", "day", "is_expected"),
    [
        (STAGE_AHEAD, TODAY, True),
        (STAGE_AHEAD, date(2026, 12, 31), True),
        (STAGE_AHEAD, STAGE_AHEAD, False),
        (STAGE_BEGAN, date(2026, 9, 30), True),
        (STAGE_BEGAN, STAGE_BEGAN, False),
        (STAGE_BEGAN, TODAY, False),
    ],
)
def test_registers_before_the_stage_expect_it_and_later_ones_do_not(
    melati: Arranged, from_on: date, day: date, is_expected: bool
) -> None:
    family = melati.households[0]
    left(melati, family, from_on)
    assert (family in expected(melati, day)) is is_expected
    assert set(melati.households[1:]) <= expected(melati, day)


def test_a_register_that_has_its_mark_keeps_it(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    assert outcomes(send(her, phone.everybody(melati))) == ["applied"]
    left(melati, melati.households[0], STAGE_BEGAN)
    assert expected(melati, TODAY) == set(melati.households)


OUTSIDE = "Bukan anggota kelompok pada hari itu (sudah keluar dari PKH)"


@pytest.mark.parametrize(("from_on", "times"), [(STAGE_AHEAD, 0), (STAGE_BEGAN, 1)])
def test_a_mark_of_a_day_after_it_left_is_flagged_on_the_register_and_with_the_family(
    her: FlaskClient, phone: Phone, melati: Arranged, from_on: date, times: int
) -> None:
    assert outcomes(send(her, phone.everybody(melati))) == ["applied"]
    left(melati, melati.households[0], from_on)
    (meeting,) = rows(Meeting)
    assert her.get(f"/meetings/{meeting.id}").text.count(OUTSIDE) == times
    assert her.get(f"/households/{melati.households[0]}").text.count(OUTSIDE) == times
    assert OUTSIDE not in her.get(f"/households/{melati.households[1]}").text


def test_a_phone_that_marks_it_after_its_stage_began_is_told(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    family = melati.households[0]
    left(melati, family, STAGE_BEGAN)
    answer = send(her, phone.everybody(melati))
    assert outcomes(answer) == ["look"]
    assert answer.json["answers"][0]["left_out"] == [str(family)]
    assert {mark.household_id for mark in rows(Attendance)} == set(melati.households[1:])
    (meeting,) = rows(Meeting)
    assert (meeting.status, meeting.total) == (MeetingStatus.SENT, 3)


def test_a_phone_that_marks_it_before_its_stage_begins_is_heard(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    left(melati, melati.households[0], STAGE_AHEAD)
    assert outcomes(send(her, phone.everybody(melati))) == ["applied"]
    assert {mark.household_id for mark in rows(Attendance)} == set(melati.households)


@pytest.mark.parametrize(("from_on", "is_there"), [(STAGE_AHEAD, True), (STAGE_BEGAN, False)])
def test_phones_take_along_whom_the_register_expects(
    her: FlaskClient, melati: Arranged, from_on: date, is_there: bool
) -> None:
    family = melati.households[0]
    left(melati, family, from_on)
    found = {row[0]: row for row in her.get("/bundle").json["families"]}
    assert (short_id(family) in found) is is_there
    if is_there:
        # Its economy and readiness are recorded no more.
        assert found[short_id(family)][-1] is False


def test_what_a_phone_says_of_its_economy_is_refused(
    her: FlaskClient, phone: Phone, melati: Arranged
) -> None:
    family = melati.households[0]
    left(melati, family, STAGE_AHEAD)
    answer = send(her, phone.observation(family))
    assert outcomes(answer) == ["refused"]
    assert "bukan peserta PKH lagi" in answer.json["answers"][0]["message"]


def test_the_page_of_a_meeting_refuses_its_mark(melati: Arranged) -> None:
    family = melati.households[0]
    left(melati, family, STAGE_BEGAN)
    with pytest.raises(Invalid), transaction():
        record_meeting(
            melati.actor,
            melati.group_id,
            held_on=TODAY,
            lessons=[5],
            marks=dict.fromkeys(melati.households, Mark(Presence.PRESENT)),
            status=MeetingStatus.SENT,
        )
    assert rows(Meeting) == []


def test_who_looks_after_the_group_goes_on_seeing_it(app: Flask, melati: Arranged) -> None:
    family = melati.households[0]
    left(melati, family, STAGE_BEGAN)
    page = browser_of(app, melati.actor).get(f"/households/{family}")
    assert page.status_code == 200
    assert "Melati" in page.text
    with transaction():
        other = actor_for(UserFactory())
        supervisor = actor_for(UserFactory(supervisor=True))
    assert browser_of(app, other).get(f"/households/{family}").status_code == 404
    with clock.at(datetime(2026, 11, 13, 4, tzinfo=UTC)):
        with transaction():
            assign(supervisor, melati.group_id, other.user_id, date(2026, 11, 13))
        assert browser_of(app, other).get(f"/households/{family}").status_code == 200
        assert browser_of(app, melati.actor).get(f"/households/{family}").status_code == 404


def test_it_is_no_member_any_more_and_nobody_nominates_it(melati: Arranged) -> None:
    family = melati.households[0]
    left(melati, family, STAGE_AHEAD)
    with transaction() as session:
        session.add(
            Readiness(
                area_id=melati.area_id,
                household_id=family,
                as_of=TODAY,
                rule_version="x",
                verdict=Verdict.READY,
                score=90,
                ladder=4,
                attended=5,
                held=5,
                missed_running=3,
                computed_at=clock.now(),
            )
        )
    assert family not in {row.household_id for row in members(melati.area_id, melati.group_id)}
    home = facilitator_home(melati.actor)
    assert [*home.promising, *home.absent] == []
    assert ready_list(melati.actor, WantedReady()).rows == []


@pytest.mark.parametrize(
    ("from_on", "stays"),
    [
        # As if it had never left.
        (STAGE_AHEAD, [(date(2025, 1, 6), None)]),
        (STAGE_BEGAN, [(date(2025, 1, 6), STAGE_BEGAN), (TODAY, None)]),
    ],
)
def test_after_a_reversal_it_is_in_its_group_again(
    melati: Arranged, from_on: date, stays: list[tuple[date, date | None]]
) -> None:
    family = melati.households[0]
    left(melati, family, from_on)
    actor = office()
    with transaction():
        come_back(actor, scope.household_for_change(actor, family), TODAY)
    found = db.session.execute(
        select(Membership.from_on, Membership.to_on)
        .where(Membership.household_id == family)
        .order_by(Membership.from_on)
    ).all()
    assert [tuple(row) for row in found] == stays
    assert family in expected(melati, TODAY)
    # And leaves it again when it graduates again.
    left(melati, family, STAGE_AHEAD)
    assert scope.household(melati.actor, family).leaves_on == STAGE_AHEAD


def test_after_a_reversal_it_has_no_group_where_that_was_closed(melati: Arranged) -> None:
    family = melati.households[0]
    left(melati, family, STAGE_BEGAN)
    actor = office()
    with transaction() as session:
        group = scope.group_for_change(actor, melati.group_id)
        group.closed_on = TODAY
        session.flush()
        come_back(actor, scope.household_for_change(actor, family), TODAY)
    assert scope.household(actor, family).group_id is None
    assert scope.household(actor, family).status is HouseholdStatus.ACTIVE


def test_one_that_joined_after_its_stage_began_is_remembered_in_the_group(
    app: Flask, phone: Phone, melati: Arranged
) -> None:
    """Else the phone's whole register would be refused for one family."""
    family = melati.households[0]
    with transaction() as session:
        session.query(Membership).filter_by(household_id=family).one().from_on = TODAY
    left(melati, family, STAGE_BEGAN)
    with clock.at(datetime(2026, 11, 13, 4, tzinfo=UTC)):
        her = browser_of(app, melati.actor)
        command = phone.attendance(
            melati, dict.fromkeys(melati.households, "present"), held_on="2026-11-13"
        )
        answer = send(her, command)
    assert outcomes(answer) == ["look"]
    assert answer.json["answers"][0]["left_out"] == [str(family)]


def test_of_a_household_one_row_is_the_present_one(db_session: Session, melati: Arranged) -> None:
    family = melati.households[0]
    left(melati, family, STAGE_AHEAD)
    present = (
        select(func.count())
        .select_from(Membership)
        .where(
            Membership.household_id == family,
            Membership.to_on.is_(None) | Membership.by_exit,
        )
    )
    assert db.session.scalar(present) == 1
