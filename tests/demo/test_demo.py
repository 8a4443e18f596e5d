"""The demonstration in the database: everything is there, and every figure follows from rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import and_, func, select

from casework.access.roles import Role
from casework.aftercare.models import FollowUpVisit
from casework.aftercare.queries import alerts as alert_queries
from casework.aftercare.queries.alerts import alerts
from casework.aftercare.queries.due import Wanted, to_visit
from casework.audit.models import AuditEntry
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Refused
from casework.core.transaction import transaction
from casework.demo import cast, play
from casework.demo.setting import actor_called
from casework.demo.world import SMALL
from casework.economics.models import Observation
from casework.economics.rules import lateness
from casework.graduation.models import HouseholdExit, Nomination
from casework.graduation.rules import is_overdue
from casework.graduation.states import NominationStatus
from casework.households.models import Assignment, Group, Household
from casework.households.rules import HouseholdStatus
from casework.ledger.rules import OTHER_EXITS
from casework.meetings.models import AttendanceChange, Meeting, RegisterClaim
from casework.meetings.rules import MeetingStatus, supervisor_may
from casework.readiness.models import Readiness
from casework.readiness.rules import Verdict
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture
def run(small_demo: Flask) -> Callable[..., Result]:
    runner = small_demo.test_cli_runner()
    return lambda *words: runner.invoke(args=list(words))


def test_nominations_stand_in_every_state_and_one_waits_too_long(small_demo: Flask) -> None:
    with small_demo.app_context():
        statuses = set(db.session.scalars(select(Nomination.status)))
        waiting = db.session.scalars(
            select(Nomination.first_submitted_at).where(
                Nomination.status == NominationStatus.SUBMITTED
            )
        ).all()
    assert statuses == set(NominationStatus)
    assert any(at is not None and is_overdue(at, clock.now()) for at in waiting)


def test_of_one_family_that_waits_the_observations_were_typed_on_one_evening(
    small_demo: Flask,
) -> None:
    with small_demo.app_context():
        rows = db.session.execute(
            select(Observation.observed_on, Observation.recorded_at, Nomination.status).join(
                Nomination,
                and_(
                    Nomination.area_id == Observation.area_id,
                    Nomination.household_id == Observation.household_id,
                ),
            )
        ).all()
    late = [row for row in rows if lateness(row.observed_on, row.recorded_at, "Asia/Makassar")]
    assert {row.status for row in late} == {NominationStatus.SUBMITTED}
    assert len({row.recorded_at.date() for row in late}) == 1


def test_families_have_left_in_every_way_and_one_by_mistake(small_demo: Flask) -> None:
    with small_demo.app_context():
        exits = list(db.session.scalars(select(HouseholdExit)))
        statuses = dict(db.session.execute(select(Household.id, Household.status)).all())
    assert {each.kind for each in exits} == set(OTHER_EXITS)
    (mistake,) = [each for each in exits if not each.stands]
    for each in exits:
        is_out = statuses[each.household_id] is HouseholdStatus.EXITED
        assert is_out is (each is not mistake)


def test_families_stand_at_every_verdict_and_on_every_rung(small_demo: Flask) -> None:
    with small_demo.app_context():
        verdicts = set(db.session.scalars(select(Readiness.verdict)))
        rungs = set(db.session.scalars(select(Readiness.ladder)))
        missed = db.session.scalar(select(func.max(Readiness.missed_running)))
    assert verdicts == set(Verdict)
    assert rungs == {0, 1, 2, 3, 4}
    assert missed is not None
    assert missed >= 2


def test_this_month_something_is_left_to_do(small_demo: Flask) -> None:
    this_month = clock.today("Asia/Makassar").replace(day=1)
    with small_demo.app_context():
        met = set(db.session.scalars(select(Meeting.group_id).where(Meeting.held_on >= this_month)))
        groups = set(db.session.scalars(select(Group.id)))
        drafts = db.session.scalar(
            select(func.count()).select_from(Meeting).where(Meeting.status == MeetingStatus.DRAFT)
        )
        corrections = db.session.scalar(select(func.count()).select_from(AttendanceChange))
    assert groups - met
    assert drafts == 1
    assert corrections


def test_two_people_differ_over_a_meeting_and_the_supervisor_may_settle_it(
    small_demo: Flask,
) -> None:
    with small_demo.app_context():
        (meeting,) = db.session.scalars(select(Meeting).where(Meeting.differs_since.is_not(None)))
        said_by = set(db.session.scalars(select(RegisterClaim.said_by)))
        facilitator = db.session.scalar(
            select(Assignment.facilitator_id).where(
                Assignment.group_id == meeting.group_id, Assignment.to_on.is_(None)
            )
        )
        assert (meeting.differing, meeting.status) == (2, MeetingStatus.SENT)
        assert supervisor_may(meeting.differs_since, clock.now())
    assert len(said_by) == 2
    assert facilitator in said_by


def test_after_graduation_visits_are_due_late_and_done_and_one_family_slips_back(
    small_demo: Flask,
) -> None:
    facilitators = [each for each in cast.CAST if each.role is Role.FACILITATOR]
    with small_demo.app_context():
        rows = [
            row
            for each in facilitators
            for row in to_visit(actor_called(each.username), Wanted()).rows
        ]
        visits = db.session.scalars(select(FollowUpVisit)).all()
        slipping = alerts(actor_called(cast.SUPERVISOR.username), alert_queries.Wanted()).rows
    assert {row.is_late for row in rows} == {True, False}
    assert {(each.months, each.unable is None) for each in visits} == {
        (3, True),
        (3, False),
        (6, True),
    }
    assert len(slipping) == 1


def test_nothing_lies_in_the_future_and_the_trail_tells_a_year(small_demo: Flask) -> None:
    with small_demo.app_context():
        first, last = db.session.execute(
            select(func.min(AuditEntry.at), func.max(AuditEntry.at))
        ).one()
        latest_meeting = db.session.scalar(select(func.max(Meeting.held_on)))
    assert last <= clock.now()
    assert (last - first).days > 300
    assert latest_meeting is not None
    assert latest_meeting <= clock.today("Asia/Makassar")


@pytest.mark.parametrize(
    "command",
    [
        ("counts", "verify"),
        ("meetings", "recount"),
        ("readiness", "recompute", "--check"),
    ],
)
def test_stored_figures_are_what_their_command_finds(
    run: Callable[..., Result], command: tuple[str, ...]
) -> None:
    found = run(*command)
    assert found.exit_code == 0, found.output


def test_a_second_load_changes_nothing(small_demo: Flask, run: Callable[..., Result]) -> None:
    with small_demo.app_context():
        before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    loaded = run("demo", "load")
    assert loaded.exit_code == 0, loaded.output
    with small_demo.app_context():
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before


def test_the_logins_are_printed_and_work(small_demo: Flask, run: Callable[..., Result]) -> None:
    printed = run("demo", "logins").output
    for person in cast.CAST:
        password = cast.password(str(small_demo.secret_key), person.username)
        assert person.username in printed
        assert password in printed
    answer = small_demo.test_client().post(
        "/login", data={"username": person.username, "password": password}
    )
    assert answer.status_code == 302


def test_a_database_with_other_people_in_it_is_refused(app: Flask) -> None:
    with app.app_context():
        with transaction():
            UserFactory(username="orang.lain")
        with pytest.raises(Refused):
            play.is_loaded()
    assert app.test_cli_runner().invoke(args=["demo", "load"]).exit_code != 0


def test_a_load_that_fails_leaves_nothing_behind(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_world: object) -> None:
        raise RuntimeError("the power went out")

    monkeypatch.setattr(play.setting, "prepare", fail)
    with app.app_context():
        with pytest.raises(RuntimeError):
            play.load(SMALL)
        assert not db.session.scalars(select(Household.id)).first()
        assert not play.is_loaded()


def test_logins_of_a_demo_that_is_not_there_are_not_printed(
    run_command: Callable[..., Result],
) -> None:
    assert run_command("demo", "logins").exit_code != 0
