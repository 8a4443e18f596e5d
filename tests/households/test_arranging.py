"""Groups, who belongs to them and who looks after them: by day, never two at once."""

from __future__ import annotations

import threading
import uuid
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.core import clock
from casework.core.errors import Invalid, NotFound, Refused
from casework.core.transaction import transaction
from casework.households.actions.assignments import assign
from casework.households.actions.groups import change_group, make_group
from casework.households.actions.memberships import put_household, take_out
from casework.households.models import Assignment, Group, Household, Membership
from casework.households.rules import HouseholdStatus, Overlap, Stay, Step, step_to
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.households import (
    SINCE,
    AssignmentFactory,
    GroupFactory,
    HouseholdFactory,
    MembershipFactory,
    group_with,
)
from tests.factories.places import BITUNG, MANADO, MOLAS, PAUDEAN, TUMINTING

A, B = uuid.UUID(int=1), uuid.UUID(int=2)
D = date(2026, 3, 10)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("stays", "place", "on", "expected"),
    [
        ([], A, D, Step.BEGIN),
        ([Stay(A, D, None)], A, D, Step.NOTHING),
        ([Stay(A, D, None)], A, D + DAY, Step.NOTHING),
        ([Stay(A, D, None)], A, D - DAY, Overlap),
        ([Stay(A, D, None)], B, D, Step.REPLACE),
        ([Stay(A, D, None)], B, D + DAY, Step.MOVE),
        ([Stay(A, D, None)], B, D - DAY, Overlap),
        ([Stay(A, D, D + DAY)], A, D + DAY, Step.BEGIN),
        ([Stay(A, D, D + DAY)], B, D + DAY, Step.BEGIN),
        ([Stay(A, D, D + 2 * DAY)], B, D + DAY, Overlap),
        ([Stay(A, D, D + DAY)], B, D - DAY, Overlap),
        ([Stay(B, D, None), Stay(A, D - DAY, D)], A, D + DAY, Step.MOVE),
    ],
)
def test_what_brings_a_thing_to_a_place(
    stays: list[Stay], place: uuid.UUID, on: date, expected: object
) -> None:
    if expected is Overlap:
        with pytest.raises(Overlap):
            step_to(stays, place, on)
    else:
        assert step_to(stays, place, on) is expected


@pytest.fixture
def rina(db_session: Session) -> Actor:
    """A supervisor of Kota Manado."""
    with transaction():
        return actor_for(UserFactory(supervisor=True))


def stays_of(
    session: Session, household_id: uuid.UUID
) -> list[tuple[uuid.UUID, date, date | None]]:
    rows = session.execute(
        select(Membership.group_id, Membership.from_on, Membership.to_on)
        .where(Membership.household_id == household_id)
        .order_by(Membership.from_on)
    )
    return [tuple(row) for row in rows]


class TestBelonging:
    @pytest.fixture
    def groups(self, rina: Actor) -> list[uuid.UUID]:
        with transaction():
            return [group.id for group in GroupFactory.create_batch(3)]

    @pytest.fixture
    def siti(self, rina: Actor) -> uuid.UUID:
        with transaction():
            household: Household = HouseholdFactory(caretaker_name="Siti")
            return household.id

    def test_a_move_ends_the_one_and_begins_the_other_on_one_day(
        self, db_session: Session, rina: Actor, groups: list[uuid.UUID], siti: uuid.UUID
    ) -> None:
        with transaction():
            put_household(rina, siti, groups[0], D)
            put_household(rina, siti, groups[1], D + 10 * DAY)
        assert stays_of(db_session, siti) == [
            (groups[0], D, D + 10 * DAY),
            (groups[1], D + 10 * DAY, None),
        ]

    def test_a_second_move_on_the_same_day_replaces_the_first(
        self, db_session: Session, rina: Actor, groups: list[uuid.UUID], siti: uuid.UUID
    ) -> None:
        with transaction():
            put_household(rina, siti, groups[0], D)
            put_household(rina, siti, groups[1], D)
        assert stays_of(db_session, siti) == [(groups[1], D, None)]

    def test_taking_out_ends_and_on_the_first_day_undoes(
        self, db_session: Session, rina: Actor, groups: list[uuid.UUID], siti: uuid.UUID
    ) -> None:
        with transaction():
            put_household(rina, siti, groups[0], D)
            take_out(rina, siti, D + DAY)
            put_household(rina, siti, groups[1], D + DAY)
            take_out(rina, siti, D + DAY)
            take_out(rina, siti, D + DAY)
        assert stays_of(db_session, siti) == [(groups[0], D, D + DAY)]

    def test_an_overlap_is_refused_with_group_and_day(
        self, db_session: Session, rina: Actor, groups: list[uuid.UUID], siti: uuid.UUID
    ) -> None:
        with transaction():
            put_household(rina, siti, groups[0], D)
            name = db_session.scalar(select(Group.name).where(Group.id == groups[0]))
            for act in (
                lambda: put_household(rina, siti, groups[1], D - DAY),
                lambda: take_out(rina, siti, D - DAY),
            ):
                with pytest.raises(Invalid) as refusal:
                    act()
                assert list(refusal.value.fields) == ["on"]
                assert f"Siti berada di kelompok {name} sejak 10 Mar 2026" in str(refusal.value)

    def test_nothing_begins_after_today_or_before_the_programme(
        self, rina: Actor, groups: list[uuid.UUID], siti: uuid.UUID
    ) -> None:
        today = clock.today(rina.time_zone)
        with transaction():
            for on in (today + DAY, date(2006, 12, 31), date(226, 1, 1)):
                with pytest.raises(Invalid):
                    put_household(rina, siti, groups[0], on)
            put_household(rina, siti, groups[0], today)

    @pytest.mark.parametrize("status", [HouseholdStatus.GRADUATED, HouseholdStatus.EXITED])
    def test_who_has_left_the_programme_joins_no_group(
        self, rina: Actor, groups: list[uuid.UUID], status: HouseholdStatus
    ) -> None:
        with transaction():
            household = HouseholdFactory(status=status)
            with pytest.raises(Refused):
                put_household(rina, household.id, groups[0], D)

    def test_a_group_of_another_region_does_not_exist(
        self, rina: Actor, siti: uuid.UUID, groups: list[uuid.UUID]
    ) -> None:
        with transaction():
            far = GroupFactory(village=PAUDEAN)
            stranger = HouseholdFactory(village=PAUDEAN)
            for household_id, group_id in ((siti, far.id), (stranger.id, groups[0])):
                with pytest.raises(NotFound):
                    put_household(rina, household_id, group_id, D)

    def test_a_group_of_another_regency_is_refused_even_to_the_nation(
        self, siti: uuid.UUID
    ) -> None:
        with transaction():
            nation = actor_for(UserFactory(administrator=True, region=None))
            far = GroupFactory(village=PAUDEAN)
            with pytest.raises(Invalid):
                put_household(nation, siti, far.id, D)

    def test_who_leaves_a_group_leads_it_no_longer(
        self, db_session: Session, rina: Actor, groups: list[uuid.UUID], siti: uuid.UUID
    ) -> None:
        with transaction():
            put_household(rina, siti, groups[0], D)
            change_group(rina, groups[0], name="Melati", meeting_place="", leader_id=siti)
            put_household(rina, siti, groups[1], D + DAY)
        group = db_session.scalars(select(Group).where(Group.id == groups[0])).one()
        assert group.leader_id is None

    def test_every_move_is_in_the_trail(
        self, db_session: Session, rina: Actor, groups: list[uuid.UUID], siti: uuid.UUID
    ) -> None:
        with transaction():
            put_household(rina, siti, groups[0], D)
            put_household(rina, siti, groups[0], D + DAY)  # nothing to do
            take_out(rina, siti, D + DAY)
        rows = db_session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(row.subject_id, row.data) for row in rows] == [
            (str(siti), {"from_group": None, "to_group": str(groups[0]), "on": "2026-03-10"}),
            (str(siti), {"from_group": str(groups[0]), "to_group": None, "on": "2026-03-11"}),
        ]


#: (household, group or None for out, days after D)
MOVES = st.lists(
    st.tuples(st.integers(0, 2), st.one_of(st.none(), st.integers(0, 2)), st.integers(0, 12)),
    max_size=14,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=MOVES)
def test_whatever_is_moved_no_household_is_in_two_groups_on_a_day_and_history_stays(
    app: Flask, moves: list[tuple[int, int | None, int]]
) -> None:
    """Merges and splits are sequences of moves; refused ones change nothing."""
    with app.app_context():
        with transaction() as session:
            actor = actor_for(UserFactory(supervisor=True))
            groups = [group.id for group in GroupFactory.create_batch(3)]
            households = [one.id for one in HouseholdFactory.create_batch(3)]
        for which, target, days in moves:
            household, on = households[which], D + days * DAY
            before = stays_of(session, household)
            refused = False
            try:
                with transaction():
                    if target is None:
                        take_out(actor, household, on)
                    else:
                        put_household(actor, household, groups[target], on)
            except Invalid:
                refused = True
            after = stays_of(session, household)
            if refused:
                assert after == before
            # What was over before this day is never touched.
            over = [stay for stay in before if stay[2] is not None and stay[2] <= on]
            assert after[: len(over)] == over
            for offset in range(-1, 15):
                day = D + offset * DAY
                there = [g for g, start, end in after if start <= day and (not end or day < end)]
                assert len(there) <= 1


def test_of_two_simultaneous_moves_one_follows_the_other(app: Flask) -> None:
    with app.app_context(), transaction():
        actor = actor_for(UserFactory(supervisor=True))
        household = HouseholdFactory().id
        groups = [group.id for group in GroupFactory.create_batch(4)]
        area_id = MembershipFactory(household=HouseholdFactory(), group=GroupFactory()).area_id
        assert area_id == actor.area_id
    start = threading.Barrier(4)
    failures: list[BaseException] = []

    def move(to: uuid.UUID, on: date) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    put_household(actor, household, to, on)
            except Invalid:
                pass  # another one began later already
            except BaseException as error:
                failures.append(error)

    threads = [
        threading.Thread(target=move, args=[group, D + days * DAY])
        for days, group in zip((0, 0, 1, 2), groups, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with app.app_context(), transaction() as session:
        stays = stays_of(session, household)
    assert [stay[2] for stay in stays].count(None) == 1
    for (_, _, end), (_, begin, _) in zip(stays, stays[1:], strict=False):
        assert end is not None
        assert end <= begin


class TestCare:
    def test_a_new_facilitator_takes_over_on_the_day(
        self, db_session: Session, rina: Actor
    ) -> None:
        with transaction():
            siti, budi = UserFactory(), UserFactory(region=MANADO)
            group = GroupFactory()
            assign(rina, group.id, siti.id, D)
            assign(rina, group.id, budi.id, D + DAY)
        rows = db_session.execute(
            select(Assignment.facilitator_id, Assignment.from_on, Assignment.to_on).order_by(
                Assignment.from_on
            )
        ).all()
        assert rows == [(siti.id, D, D + DAY), (budi.id, D + DAY, None)]

    @pytest.mark.parametrize(
        "person",
        [
            {"region": TUMINTING},
            {"region": BITUNG},
            {"is_active": False},
            {"supervisor": True},
            None,
        ],
    )
    def test_only_an_active_facilitator_of_the_place_takes_a_group(
        self, rina: Actor, person: dict[str, object] | None
    ) -> None:
        with transaction():
            who: User | None = UserFactory(**person) if person else None
            group = GroupFactory()
            with pytest.raises(Invalid) as refusal:
                assign(rina, group.id, who.id if who else uuid.uuid4(), D)
        assert list(refusal.value.fields) == ["facilitator"]

    def test_care_does_not_begin_before_it_began(self, rina: Actor) -> None:
        with transaction():
            group = GroupFactory()
            AssignmentFactory(group=group, facilitator=UserFactory())
            with pytest.raises(Invalid) as refusal:
                assign(rina, group.id, UserFactory().id, SINCE - DAY)
        assert list(refusal.value.fields) == ["on"]


class TestGroups:
    def test_a_group_is_made_in_a_village_of_the_own_region(
        self, db_session: Session, rina: Actor
    ) -> None:
        with transaction():
            GroupFactory()
            group_id = make_group(rina, MOLAS, "Anggrek", "Balai")
        group = db_session.scalars(select(Group).where(Group.id == group_id)).one()
        assert (group.area_id, group.name, group.meeting_place) == (7171, "Anggrek", "Balai")

    @pytest.mark.parametrize("village", [PAUDEAN, MANADO, "71.71.01.9999", ""])
    def test_what_is_no_village_of_the_own_region_is_refused(
        self, rina: Actor, village: str
    ) -> None:
        with transaction():
            GroupFactory(village=PAUDEAN)
            with pytest.raises(Invalid) as refusal:
                make_group(rina, village, "Anggrek")
        assert list(refusal.value.fields) == ["village"]

    def test_a_name_is_given_once_in_a_village(self, rina: Actor) -> None:
        with transaction():
            one = GroupFactory(name="Melati")
            other = GroupFactory(name="Mawar")
            for act in (
                lambda: make_group(rina, MOLAS, "Melati"),
                lambda: change_group(
                    rina, other.id, name=one.name, meeting_place="", leader_id=None
                ),
            ):
                with pytest.raises(Invalid) as refusal:
                    act()
                assert list(refusal.value.fields) == ["name"]

    def test_only_a_member_leads(self, rina: Actor) -> None:
        with transaction():
            group = group_with(None)
            stranger = HouseholdFactory()
            with pytest.raises(Invalid) as refusal:
                change_group(rina, group.id, name="X", meeting_place="", leader_id=stranger.id)
        assert list(refusal.value.fields) == ["leader"]
