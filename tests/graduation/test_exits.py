"""A family leaves otherwise than by its nomination: who says so, and what becomes of it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, Invalid, NotFound, Refused, SavedOtherwise
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.counts.queries import figures, proof
from casework.counts.queries.figures import What
from casework.graduation import actions
from casework.graduation.models import HouseholdExit
from casework.graduation.policy import NominationUnderWay, exit_kinds_for
from casework.graduation.rules import EXITS_BY_ROSTER, EXPLAINED_EXITS, exit_stages, has_tenure
from casework.graduation.states import NominationStatus, open_statuses
from casework.households import scope
from casework.households.actions.memberships import put_household
from casework.households.actions.moving import Move, close_rows
from casework.households.models import Group, Household, Membership
from casework.households.rules import HouseholdStatus
from casework.ledger.models import LedgerEntry, MonthTally, Tally
from casework.ledger.queries import differences
from casework.ledger.rules import GROUPS, OTHER_EXITS, CountedState, ExitGroup, ExitKind, states_of
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.exits import LETTER, WHY, WRONG, leave, leaving, take_back
from tests.factories.graduation import Cast, another_household, cast, nominate
from tests.factories.households import GroupFactory, HouseholdFactory
from tests.factories.places import BITUNG, BUNAKEN, MANADO, MOLAS, NORTH_SULAWESI, TUMINTING
from tests.fingerprint import nothing_changes
from tests.graduation.conftest import MORNING
from tests.simultaneous import at_once

pytestmark = pytest.mark.usefixtures("morning")

S = NominationStatus
K = ExitKind
STAGE, BEGAN, AHEAD = "2026-4", date(2026, 10, 1), date(2027, 1, 1)


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast(caretaker_name="IBU CONTOH")


def status_of(people: Cast) -> HouseholdStatus:
    db.session.rollback()
    key = (people.household.area_id, people.household.id)
    return db.session.get_one(Household, key, populate_existing=True).status


def counted() -> dict[tuple[ExitKind, CountedState], int]:
    """By the ledger and by both tallies: all three must say the same."""
    db.session.rollback()
    found = []
    for table, number in (
        (LedgerEntry, LedgerEntry.amount),
        (Tally, Tally.counted),
        (MonthTally, MonthTally.counted),
    ):
        rows = db.session.execute(
            select(table.kind, table.state, func.sum(number)).group_by(table.kind, table.state)
        )
        found.append({(kind, state): int(sums) for kind, state, sums in rows if sums})
    assert found[0] == found[1] == found[2]
    return found[0]


def assert_proven(people: Cast) -> None:
    area_id = people.household.area_id
    assert proof.uncounted_decisions(area_id) == []
    assert proof.uncounted_exits(area_id) == []
    assert differences(area_id) == []


def stays(people: Cast) -> list[tuple[date, date | None, bool]]:
    db.session.rollback()
    return [
        tuple(row)
        for row in db.session.execute(
            select(Membership.from_on, Membership.to_on, Membership.by_exit)
            .where(Membership.household_id == people.household.id)
            .order_by(Membership.from_on)
        )
    ]


# The kinds


def test_every_kind_says_whether_it_is_a_graduation() -> None:
    assert set(GROUPS) == set(K)
    graduations = {kind for kind in K if GROUPS[kind] is ExitGroup.GRADUATION}
    assert graduations == {K.INDEPENDENT, K.NATURAL, K.TENURE, K.EMPOWERMENT}
    assert [kind for kind in K if GROUPS[kind] is ExitGroup.FORCED] == [K.FORCED]
    assert set(OTHER_EXITS) == set(K) - {K.INDEPENDENT}


def test_no_other_kind_has_a_state_of_graduasi_mandiri() -> None:
    for kind in OTHER_EXITS:
        assert not set(states_of(kind)) & set(states_of(K.INDEPENDENT))


# What becomes of the family


@pytest.mark.parametrize("kind", OTHER_EXITS)
def test_it_leaves_its_group_with_the_stage_and_is_counted_today_by_its_own_kind(
    people: Cast, kind: ExitKind
) -> None:
    exit_id = leave(people.office, people.household.id, leaving(kind, "2027-1", date(2026, 11, 2)))
    assert status_of(people) is HouseholdStatus.EXITED
    ((_since, to_on, by_exit),) = stays(people)
    assert (to_on, by_exit) == (AHEAD, True)
    assert counted() == {(kind, CountedState.RECORDED): 1}
    entry = db.session.scalars(select(LedgerEntry)).one()
    assert (entry.exit_id, entry.nomination_id) == (exit_id, None)
    assert (entry.year, entry.counted_on) == (2026, date(2026, 11, 12))
    line = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == Tag.EXIT_RECORDED)).one()
    assert line.subject_id == str(people.household.id)
    assert line.data == {
        "kind": kind.value,
        "stage": "2027-1",
        "happened_on": "2026-11-02",
        "letter": LETTER,
    }
    assert_proven(people)


def test_it_is_counted_in_the_year_of_its_regencys_own_clock(people: Cast) -> None:
    # 16.30 UTC is the next year's first half hour in Manado.
    with clock.at(datetime(2026, 12, 31, 16, 30, tzinfo=UTC)):
        leave(people.office, people.household.id)
    entry = db.session.scalars(select(LedgerEntry)).one()
    assert (entry.year, entry.counted_on) == (2027, date(2027, 1, 1))


def test_who_led_the_group_leads_it_no_more_and_her_facilitator_goes_on_seeing_the_family(
    people: Cast,
) -> None:
    with transaction() as session:
        session.execute(update(Group).values(leader_id=people.household.id))
    leave(people.theirs, people.household.id)
    assert db.session.scalars(select(Group.leader_id)).all() == [None]
    seen = scope.household(people.hers, people.household.id)
    assert (seen.status, seen.leaves_on) == (HouseholdStatus.EXITED, BEGAN)


def test_a_family_without_a_group_leaves_too(db_session: Session) -> None:
    people = cast()
    with transaction():
        alone = HouseholdFactory()
    leave(people.theirs, alone.id)
    assert status_of(replace(people, household=alone)) is HouseholdStatus.EXITED


def test_nobody_nominates_it_or_puts_it_in_a_group_any_more(people: Cast) -> None:
    leave(people.theirs, people.household.id)
    with pytest.raises(Refused):
        nominate(people, S.DRAFT)
    with transaction():
        group = GroupFactory()
    with pytest.raises(Refused), transaction():
        put_household(people.theirs, people.household.id, group.id, date(2026, 11, 12))


# Graduasi mandiri stays what it was


def independent() -> dict[object, int]:
    db.session.rollback()
    found: dict[object, int] = {}
    for state in states_of(K.INDEPENDENT):
        what = What(K.INDEPENDENT, state)
        for code in (None, NORTH_SULAWESI, MANADO):
            for year in (2025, 2026):
                if counted := figures.of_year(figures.place(code), what, year).counted:
                    found[code, state, year] = counted
        for row in figures.by_region(figures.place(NORTH_SULAWESI), what, 2026):
            found[row.code, state] = row.progress.counted
    for kind, state, month, number in db.session.execute(
        select(MonthTally.kind, MonthTally.state, MonthTally.month, MonthTally.counted)
    ):
        if kind is K.INDEPENDENT:
            found[state, month] = number
    return found


@pytest.mark.parametrize("kind", OTHER_EXITS)
def test_no_other_exit_and_no_taking_back_of_one_moves_a_figure_of_graduasi_mandiri(
    people: Cast, kind: ExitKind
) -> None:
    nominate(people, S.ESTABLISHED)
    nominate(cast(), S.APPROVED)
    others = cast()
    before = independent()
    assert set(before.values()) == {1, 2}
    exit_id = leave(others.office, others.household.id, leaving(kind))
    assert independent() == before
    take_back(others.other_office, others.household.id, exit_id)
    assert independent() == before
    assert_proven(others)


_CAUSES = ("nomination", "exit", "both", "none")


@pytest.mark.parametrize("cause", _CAUSES)
def test_the_ledger_takes_a_kind_only_with_its_own_cause_and_state(
    db_session: Session, cause: str, subtests: pytest.Subtests
) -> None:
    """Whatever writes it: all kinds, all states, all causes."""
    for kind, state in product(K, CountedState):
        is_right = cause == (
            "nomination" if kind is K.INDEPENDENT else "exit"
        ) and state in states_of(kind)
        with subtests.test(kind=kind.value, state=state.value):
            entry = LedgerEntry(
                area_id=7,
                id=new_id(),
                year=2026,
                kind=kind,
                state=state,
                amount=1,
                household_id=new_id(),
                nomination_id=new_id() if cause in ("nomination", "both") else None,
                nominated_by=new_id() if cause in ("nomination", "both") else None,
                exit_id=new_id() if cause in ("exit", "both") else None,
                village_code=MOLAS,
                counted_on=date(2026, 11, 12),
                entered_by=new_id(),
                entered_at=MORNING,
            )
            db_session.add(entry)
            if is_right:
                db_session.flush()
            else:
                with pytest.raises(IntegrityError):
                    db_session.flush()
            db_session.rollback()


def test_an_exit_is_never_recorded_as_graduasi_mandiri(people: Cast) -> None:
    with pytest.raises(Refused):
        leave(people.office, people.household.id, leaving(K.INDEPENDENT))
    exit_id = leave(people.office, people.household.id)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(
            update(HouseholdExit).where(HouseholdExit.id == exit_id).values(kind=K.INDEPENDENT)
        )


# Who may


def test_a_facilitator_and_a_viewer_record_none(people: Cast) -> None:
    with transaction():
        viewer = actor_for(UserFactory(viewer=True))
    with nothing_changes():
        for actor in (people.hers, viewer):
            assert list(exit_kinds_for(actor)) == []
            with pytest.raises(Refused, match="[Ss]upervisor"):
                leave(actor, people.household.id)


def test_what_comes_from_the_ministrys_data_is_recorded_by_who_loads_them(people: Cast) -> None:
    assert list(exit_kinds_for(people.office)) == list(OTHER_EXITS)
    assert set(exit_kinds_for(people.theirs)) == set(OTHER_EXITS) - EXITS_BY_ROSTER
    for kind in EXITS_BY_ROSTER:
        with pytest.raises(Refused):
            leave(people.theirs, people.household.id, leaving(kind))
    assert status_of(people) is HouseholdStatus.ACTIVE


@pytest.mark.parametrize(
    ("region", "is_there"),
    [(MANADO, True), (NORTH_SULAWESI, True), (BUNAKEN, True), (TUMINTING, False), (BITUNG, False)],
)
def test_elsewhere_the_family_does_not_exist(people: Cast, region: str, is_there: bool) -> None:
    with transaction():
        actor = actor_for(UserFactory(supervisor=True, region=region))
    if is_there:
        leave(actor, people.household.id)
        return
    with pytest.raises(NotFound):
        leave(actor, people.household.id)
    assert status_of(people) is HouseholdStatus.ACTIVE


# A nomination under way


@pytest.mark.parametrize("status", open_statuses())
def test_a_nomination_under_way_has_to_end_by_its_own_steps_first(people: Cast, status: S) -> None:
    nomination_id = nominate(people, status)
    db.session.rollback()
    with nothing_changes():
        with pytest.raises(NominationUnderWay) as refused:
            leave(people.office, people.household.id)
        assert refused.value.nomination_id == nomination_id


@pytest.mark.parametrize("status", [S.REJECTED, S.WITHDRAWN, S.REFUSED, S.REVERSED])
def test_one_that_is_closed_stands_in_nobodys_way(people: Cast, status: S) -> None:
    nominate(people, status)
    leave(people.office, people.household.id)
    assert status_of(people) is HouseholdStatus.EXITED
    assert counted() == {(K.MOVED_AWAY, CountedState.RECORDED): 1}
    assert_proven(people)


def test_who_has_graduated_leaves_in_no_second_way(people: Cast) -> None:
    """A family that went through PPSE too is graduasi mandiri, once."""
    nominate(people, S.ESTABLISHED)
    for kind in OTHER_EXITS:
        with pytest.raises(Refused):
            leave(people.office, people.household.id, leaving(kind))
    assert counted() == {
        (K.INDEPENDENT, CountedState.APPROVED): 1,
        (K.INDEPENDENT, CountedState.ESTABLISHED): 1,
    }


# What it has to say


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"stage": "2027-2"}, ["stage"]),  # nobody knows yet
        ({"stage": "2025-3"}, ["stage"]),  # more than a year ago
        ({"stage": "tahap 4"}, ["stage"]),
        ({"stage": ""}, ["stage"]),
        ({"on": date(2026, 11, 13)}, ["on"]),
        ({"on": date(1999, 1, 1)}, ["on"]),
        ({"reason": "pindah"}, ["reason"]),
        ({"reason": "x" * 40}, ["reason"]),
        ({"reason": f"{WHY} " * 20}, ["reason"]),
        ({"letter": "9" * 81}, ["letter"]),
        ({"kind": K.FORCED, "letter": "  "}, ["letter"]),
        ({"stage": "", "reason": "", "on": date(2026, 11, 13)}, ["on", "reason", "stage"]),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_all_at_once(
    people: Cast, changes: dict[str, object], fields: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        # Word for word: what the factory would fill in is what is asked here.
        leave(people.office, people.household.id, replace(leaving(), **changes))
    assert sorted(refused.value.fields) == fields
    assert status_of(people) is HouseholdStatus.ACTIVE


@pytest.mark.parametrize("kind", OTHER_EXITS)
def test_words_are_asked_where_the_kind_says_too_little(people: Cast, kind: ExitKind) -> None:
    silent = replace(leaving(kind), reason="")
    if kind in EXPLAINED_EXITS:
        with pytest.raises(Invalid):
            leave(people.office, people.household.id, silent)
    else:
        leave(people.office, people.household.id, silent)
        assert status_of(people) is HouseholdStatus.EXITED


@pytest.mark.parametrize(
    ("since", "stage", "is_long_enough"),
    [
        (2021, "2026-1", True),
        (2022, "2026-4", False),
        (2022, "2027-1", True),
        (None, "2026-4", True),
    ],
)
def test_five_years_are_five_years_where_it_is_known_when_it_joined(
    since: int | None, stage: str, is_long_enough: bool
) -> None:
    assert has_tenure(since, stage) is is_long_enough


def test_a_family_of_two_years_does_not_leave_by_its_tenure(db_session: Session) -> None:
    people = cast(member_since_year=2024)
    with pytest.raises(Invalid) as refused:
        leave(people.office, people.household.id, leaving(K.TENURE))
    assert list(refused.value.fields) == ["kind"]


def test_no_family_is_out_before_it_was_on_a_roster() -> None:
    today = date(2026, 11, 12)
    assert exit_stages("2026-3", None, today) == ["2027-1", "2026-4", "2026-3"]
    assert exit_stages("2024-1", None, today)[-1] == "2025-4"
    assert exit_stages("2024-1", "2026-4", today) == ["2027-1"]


# Once


def test_the_same_form_sent_twice_records_it_once(people: Cast) -> None:
    exit_id = new_id()
    for _time in range(2):
        assert leave(people.theirs, people.household.id, exit_id=exit_id) == exit_id
    assert counted() == {(K.MOVED_AWAY, CountedState.RECORDED): 1}
    # Something else in the same form, or the same once it was taken back, is no repetition, and
    # nobody is told that it was recorded.
    with pytest.raises(SavedOtherwise):
        leave(people.theirs, people.household.id, leaving(K.DIED), exit_id=exit_id)
    take_back(people.office, people.household.id, exit_id)
    with pytest.raises(SavedOtherwise):
        leave(people.theirs, people.household.id, exit_id=exit_id)
    assert status_of(people) is HouseholdStatus.ACTIVE


def test_nobody_records_under_the_id_of_another_ones_form(people: Cast) -> None:
    exit_id = leave(people.theirs, people.household.id)
    with pytest.raises(Conflict, match="sudah pernah dipakai"):
        leave(people.office, people.household.id, exit_id=exit_id)
    with transaction():
        neighbour = another_household(db.session.scalars(select(Group)).one())
    with pytest.raises(Conflict, match="sudah pernah dipakai"):
        leave(people.theirs, neighbour.id, exit_id=exit_id)


def test_who_comes_second_is_told_who_was_first_when_and_how(people: Cast) -> None:
    leave(people.theirs, people.household.id, leaving(K.DIED))
    with pytest.raises(Conflict) as refused:
        leave(people.office, people.household.id)
    for word in (people.supervisor.name, "08.00|09.00", "Meninggal|Died"):
        assert any(each in str(refused.value) for each in word.split("|")), str(refused.value)


def test_of_many_at_once_one_is_recorded(app: Flask, people: Cast) -> None:
    household_id, offices = people.household.id, [people.theirs, people.office]
    how = leaving()

    def act(who: Actor) -> object:
        with clock.at(MORNING):
            return actions.record_exit(who, household_id, how, exit_id=new_id())

    answers = at_once(app, [lambda who=who: act(who) for who in offices * 4])  # type: ignore[misc]
    lost = [each for each in answers if isinstance(each, Exception)]
    assert {type(each) for each in lost} == {Conflict}
    assert len(lost) == 7
    winner = db.session.scalar(select(HouseholdExit.recorded_by_name))
    assert all(str(winner) in str(each) for each in lost)
    assert counted() == {(K.MOVED_AWAY, CountedState.RECORDED): 1}
    assert_proven(people)


def test_a_nomination_and_an_exit_that_begin_at_once_never_both_hold(
    app: Flask, people: Cast
) -> None:
    household_id, hers, office, how = people.household.id, people.hers, people.office, leaving()

    def exits() -> object:
        with clock.at(MORNING):
            return actions.record_exit(office, household_id, how, exit_id=new_id())

    answers = at_once(app, [lambda: actions.draft(hers, household_id), exits])
    assert sum(isinstance(each, Exception) for each in answers) == 1
    assert sum(isinstance(each, uuid.UUID) for each in answers) == 1
    assert_proven(people)


# Taken back


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        # As if it had never left.
        ("2027-1", [(date(2025, 1, 6), None, False)]),
        (STAGE, [(date(2025, 1, 6), BEGAN, False), (date(2026, 11, 12), None, False)]),
    ],
)
def test_what_was_a_mistake_is_taken_back_and_the_family_is_in_its_group_again(
    people: Cast, stage: str, expected: list[tuple[date, date | None, bool]]
) -> None:
    exit_id = leave(people.theirs, people.household.id, leaving(stage=stage))
    take_back(people.office, people.household.id, exit_id)
    assert status_of(people) is HouseholdStatus.ACTIVE
    assert stays(people) == expected
    assert counted() == {}
    assert db.session.scalars(select(LedgerEntry.amount).order_by(LedgerEntry.amount)).all() == [
        -1,
        1,
    ]
    row = db.session.get_one(HouseholdExit, (people.household.area_id, exit_id))
    assert (row.reversed_by_name, row.reversal_reason) == (people.administrator.name, WRONG)
    assert db.session.scalar(select(func.count()).where(AuditEntry.tag == Tag.EXIT_REVERSED.value))
    assert_proven(people)


def test_a_count_is_taken_back_in_the_month_in_which_it_was_counted(people: Cast) -> None:
    exit_id = leave(people.theirs, people.household.id)
    with clock.at(datetime(2027, 2, 3, 4, tzinfo=UTC)):
        take_back(people.office, people.household.id, exit_id)
    rows = db.session.execute(select(LedgerEntry.year, LedgerEntry.counted_on)).all()
    assert {tuple(row) for row in rows} == {(2026, date(2026, 11, 12))}


def test_only_an_administrator_who_did_not_record_it_takes_it_back(people: Cast) -> None:
    exit_id = leave(people.office, people.household.id)
    for actor in (people.hers, people.theirs, people.office):
        with pytest.raises(Refused):
            take_back(actor, people.household.id, exit_id)
    with pytest.raises(Invalid):
        take_back(people.other_office, people.household.id, exit_id, "salah")
    assert status_of(people) is HouseholdStatus.EXITED
    take_back(people.other_office, people.household.id, exit_id)


def test_the_database_refuses_it_to_the_recorder_too(people: Cast) -> None:
    exit_id = leave(people.office, people.household.id)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(
            update(HouseholdExit)
            .where(HouseholdExit.id == exit_id)
            .values(
                reversed_by=people.administrator.id,
                reversed_by_name="x",
                reversed_at=MORNING,
                reversal_reason=WRONG,
            )
        )


def test_it_is_taken_back_once_and_who_comes_second_is_told(people: Cast) -> None:
    exit_id = leave(people.theirs, people.household.id)
    take_back(people.office, people.household.id, exit_id)
    with pytest.raises(Conflict, match=people.administrator.name):
        take_back(people.other_office, people.household.id, exit_id)
    assert counted() == {}


def test_it_may_leave_again_with_the_same_stage(people: Cast) -> None:
    first = leave(people.theirs, people.household.id)
    take_back(people.office, people.household.id, first)
    leave(people.theirs, people.household.id, leaving(K.DIED))
    assert counted() == {(K.DIED, CountedState.RECORDED): 1}
    # The first one is over, whoever presses again.
    with pytest.raises(Conflict):
        take_back(people.office, people.household.id, first)
    assert status_of(people) is HouseholdStatus.EXITED
    assert_proven(people)


def moves_away(people: Cast) -> None:
    """As a roster of another regency that names it does."""
    with transaction():
        there = HouseholdFactory(village="71.72.01.1001")
        close_rows(
            people.office,
            [
                Move(
                    people.household.area_id,
                    people.household.id,
                    there.area_id,
                    there.id,
                    "2027-1",
                )
            ],
        )


def test_of_a_family_that_has_moved_since_only_the_count_is_taken_back(people: Cast) -> None:
    exit_id = leave(people.theirs, people.household.id)
    moves_away(people)
    take_back(people.office, people.household.id, exit_id)
    assert status_of(people) is HouseholdStatus.MOVED
    assert counted() == {}
    assert_proven(people)


def test_a_family_that_left_moved_and_came_back_finds_a_group(people: Cast) -> None:
    leave(people.theirs, people.household.id)
    moves_away(people)
    with transaction() as session:
        session.execute(
            update(Household)
            .where(Household.id == people.household.id)
            .values(status=HouseholdStatus.ACTIVE)
        )
        group = GroupFactory()
    with transaction():
        put_household(people.theirs, people.household.id, group.id, date(2026, 11, 12))
    assert scope.household(people.theirs, people.household.id).group_id == group.id
    # It was out with that stage already: what comes now begins later.
    with pytest.raises(Invalid) as refused:
        leave(people.theirs, people.household.id)
    assert list(refused.value.fields) == ["stage"]
    leave(people.theirs, people.household.id, leaving(stage="2027-1"))
    assert counted() == {(K.MOVED_AWAY, CountedState.RECORDED): 2}
    # And the first exit is no longer why it is out.
    first = db.session.scalars(select(HouseholdExit.id).where(HouseholdExit.stage == STAGE)).one()
    take_back(people.office, people.household.id, first)
    assert status_of(people) is HouseholdStatus.EXITED
    assert counted() == {(K.MOVED_AWAY, CountedState.RECORDED): 1}
    assert_proven(people)


# The proof


@pytest.mark.parametrize("forged", ["kind", "reversal", "lost"])
def test_an_exit_that_the_ledger_does_not_bear_out_is_found(people: Cast, forged: str) -> None:
    leave(people.office, people.household.id)
    assert_proven(people)
    with transaction() as session:
        if forged == "lost":
            session.execute(update(HouseholdExit).values(id=new_id()))
        elif forged == "kind":
            session.execute(update(HouseholdExit).values(kind=K.DIED))
        else:
            session.execute(
                update(HouseholdExit).values(
                    reversed_by=people.colleague.id,
                    reversed_by_name="x",
                    reversed_at=MORNING,
                    reversal_reason=WRONG,
                )
            )
    wrong = proof.uncounted_exits(people.household.area_id)
    assert len(wrong) == (1 if forged == "reversal" else 2)
    assert {each.ledger - each.expected for each in wrong} <= {1, -1}
    assert proof.uncounted_decisions(people.household.area_id) == []
