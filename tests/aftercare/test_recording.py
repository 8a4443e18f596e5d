"""A visit is recorded once, corrected with its history kept, and its money is the family's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.aftercare.actions import Visit, record_visit
from casework.aftercare.states import Livelihood, NextStep, Shock, Sign, Unable
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.errors import Conflict, Invalid, NotFound, Refused, SavedOtherwise
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.economics.models import Observation
from casework.economics.queries.history import observations_of
from casework.economics.queries.recorders import recorders
from casework.economics.rules import BorrowsFrom
from casework.households.actions.assignments import assign
from casework.households.models import Household, Membership
from casework.households.rules import HouseholdStatus
from casework.readiness.models import Readiness
from casework.readiness.queries.facts import known_of
from tests.aftercare.families import (
    SIX,
    THREE,
    correct,
    graduate,
    noon,
    poorly,
    reverse,
    rows,
    visit,
    well,
)
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.graduation import Cast, another_household, cast
from tests.factories.households import GroupFactory
from tests.readiness.records import observe


@pytest.fixture
def people(db_session: Session) -> Iterator[Cast]:
    """A family that graduated from January on; it is the tenth of April."""
    people = cast(caretaker_name="Aminah")
    graduate(people)
    with clock.at(noon(THREE)):
        yield people


def incomes(people: Cast) -> list[int | None]:
    """What counts in the family's economy, newest first."""
    household = people.household
    return [each.income_per_month for each in observations_of(household.area_id, household.id)]


def test_a_visit_is_kept_with_who_and_when_and_leaves_a_line_in_the_trail(
    db_session: Session, people: Cast
) -> None:
    visit_id = visit(people.hers, people, well(THREE, note="Warung ramai."))
    (row,) = rows()
    assert (row.id, row.months, row.visited_on, row.is_current) == (visit_id, 3, THREE, True)
    assert (row.livelihood, row.next_step) == (Livelihood.RUNNING, NextStep.NOTHING)
    assert (row.signs, row.is_slipping) == ([], False)
    assert (row.recorded_by_name, row.note) == (people.facilitator.name, "Warung ramai.")
    entry = db_session.scalars(
        select(AuditEntry).where(AuditEntry.tag == Tag.FOLLOW_UP_RECORDED.value)
    ).one()
    assert entry.subject_id == str(visit_id)
    assert entry.data == {
        "household": str(people.household.id),
        "visited_on": "2026-04-10",
        "months": 3,
    }


def test_its_money_is_an_observation_of_the_family_s_economy_and_nothing_else(
    db_session: Session, people: Cast
) -> None:
    visit(people.hers, people, well(THREE, borrows_from=BorrowsFrom.BANK))
    (row,) = rows()
    (seen,) = observations_of(people.household.area_id, people.household.id)
    assert seen.id == row.observation_id
    assert (seen.income_per_month, seen.borrows_from) == (4_500_000, BorrowsFrom.BANK)
    assert seen.observed_on == THREE
    # Readiness follows, and whoever recorded it has had a hand in a later nomination.
    assert db_session.scalars(select(Readiness.as_of)).one() == THREE
    assert people.facilitator.id in recorders(people.household.area_id, people.household.id)


def test_without_questions_on_money_there_is_no_observation(
    db_session: Session, people: Cast
) -> None:
    visit(people.hers, people, well(THREE, income_per_month=None))
    assert [each.observation_id for each in rows()] == [None]
    assert incomes(people) == []


def test_a_form_that_is_sent_twice_is_one_visit(db_session: Session, people: Cast) -> None:
    visit_id = visit(people.hers, people, well(THREE))
    visit(people.hers, people, well(THREE), visit_id=visit_id)
    assert len(rows()) == 1
    assert len(incomes(people)) == 1
    told = db_session.scalar(
        select(func.count()).where(AuditEntry.tag == Tag.FOLLOW_UP_RECORDED.value)
    )
    assert told == 1


def test_a_form_that_says_something_else_now_is_no_repetition(
    db_session: Session, people: Cast
) -> None:
    visit_id = visit(people.hers, people, well(THREE))
    with pytest.raises(SavedOtherwise):
        visit(people.hers, people, well(THREE, income_per_month=1), visit_id=visit_id)
    assert len(rows()) == 1


def test_a_form_of_another_family_is_refused(db_session: Session, people: Cast) -> None:
    visit_id = visit(people.hers, people, well(THREE))
    other = cast()
    graduate(other)
    with pytest.raises(Conflict):
        visit(other.hers, other, well(THREE), visit_id=visit_id)


@pytest.mark.parametrize(
    ("on", "month"),
    [
        (date(2026, 3, 17), None),
        (date(2026, 3, 18), 3),
        (date(2026, 4, 10), 3),
        (date(2026, 4, 11), None),  # tomorrow
    ],
)
def test_the_day_says_for_which_visit_it_counts(
    db_session: Session, people: Cast, on: date, month: int | None
) -> None:
    def record() -> None:
        with transaction():
            record_visit(people.hers, people.household.id, well(on), visit_id=new_id())

    if month is None:
        with pytest.raises(Invalid) as refused:
            record()
        assert list(refused.value.fields) == ["visited_on"]
        assert rows() == []
    else:
        record()
        assert [each.months for each in rows()] == [month]


def test_after_the_year_there_is_no_visit(db_session: Session, people: Cast) -> None:
    with pytest.raises(Invalid):
        visit(people.hers, people, well(date(2027, 4, 1)))
    visit(people.hers, people, well(date(2027, 3, 31)))
    assert [each.months for each in rows()] == [12]


def test_signs_are_kept_as_they_were_told_that_day(db_session: Session, people: Cast) -> None:
    with transaction():
        observe(people.household, date(2025, 12, 1), income_per_month=5_000_000)
        observe(people.household, date(2026, 2, 1), income_per_month=100)  # after it graduated
    visit(
        people.hers,
        people,
        poorly(
            THREE,
            income_per_month=3_000_000,
            shocks=frozenset({Shock.DEATH}),
            borrows_from=BorrowsFrom.MONEYLENDER,
        ),
    )
    (row,) = rows()
    assert row.is_slipping
    assert row.signs == [
        {"sign": "income_below_line", "amount": 3_000_000, "limit": 3_045_800},
        {"sign": "income_fell", "amount": 3_000_000, "before": 5_000_000},
        {"sign": "business_stopped"},
        {"sign": "heavy_shock", "shocks": ["death"]},
        {"sign": "moneylender"},
    ]
    trail = str(db_session.scalars(select(AuditEntry.data)).all())
    assert Sign.HEAVY_SHOCK.value not in trail
    assert "death" not in trail


def test_a_family_that_needs_help_is_not_left_without_a_next_step(
    db_session: Session, people: Cast
) -> None:
    with pytest.raises(Invalid) as refused:
        visit(people.hers, people, poorly(THREE, next_step=NextStep.NOTHING))
    assert list(refused.value.fields) == ["next_step"]
    assert (rows(), incomes(people)) == ([], [])


@pytest.mark.parametrize(
    ("told", "fields"),
    [
        (Visit(THREE), {"livelihood", "next_step"}),
        (well(THREE, next_step=None), {"next_step"}),
        (well(THREE, shocks=frozenset({Shock.OTHER})), {"note"}),
        (Visit(THREE, unable=Unable.MOVED), {"note"}),
        (Visit(THREE, unable=Unable.MOVED, income_per_month=1, note="Pindah."), {"met"}),
        (well(THREE, unable=Unable.NOT_FOUND, note="Rumah kosong."), {"met"}),
    ],
)
def test_a_visit_is_whole_or_it_is_refused(
    db_session: Session, people: Cast, told: Visit, fields: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        visit(people.hers, people, told)
    assert set(refused.value.fields) == fields
    assert rows() == []


@pytest.mark.parametrize("unable", Unable)
def test_who_could_not_speak_with_the_family_says_why(
    db_session: Session, people: Cast, unable: Unable
) -> None:
    visit(people.hers, people, Visit(THREE, unable=unable, note="Kata tetangga, sejak Maret."))
    (row,) = rows()
    assert (row.unable, row.livelihood, row.is_slipping) == (unable, None, False)


def test_a_correction_takes_the_place_and_keeps_what_stood_there(
    db_session: Session, people: Cast
) -> None:
    first = visit(people.hers, people, well(THREE, income_per_month=45_000_000))
    assert correct(people.hers, people, first, well(date(2026, 4, 9), income_per_month=4_500_000))
    before, after = rows()
    assert (before.id, before.is_current, before.visited_on) == (first, False, THREE)
    assert (after.corrects_id, after.is_current) == (first, True)
    assert after.visited_on == date(2026, 4, 9)
    # Of the family's money only the corrected stands; what stood there can still be read.
    assert incomes(people) == [4_500_000]
    assert set(db_session.scalars(select(Observation.income_per_month))) == {45_000_000, 4_500_000}
    entry = db_session.scalars(
        select(AuditEntry).where(AuditEntry.tag == Tag.FOLLOW_UP_CORRECTED.value)
    ).one()
    assert entry.data["corrects"] == str(first)


def test_a_correction_that_leaves_the_money_out_leaves_none_standing(
    db_session: Session, people: Cast
) -> None:
    first = visit(people.hers, people, well(THREE))
    assert correct(people.hers, people, first, Visit(THREE, unable=Unable.MOVED, note="Salah."))
    assert incomes(people) == []
    area_id, household_id = people.household.area_id, people.household.id
    known = known_of(area_id, [household_id], as_of=THREE)[household_id]
    assert known.observations == []


def test_a_correction_can_take_signs_away_and_bring_them(db_session: Session, people: Cast) -> None:
    first = visit(people.hers, people, poorly(THREE))
    second = new_id()
    assert correct(people.hers, people, first, well(THREE), new_visit_id=second)
    assert correct(people.hers, people, second, poorly(THREE))
    assert [each.is_slipping for each in rows()] == [True, False, True]
    assert [each.is_current for each in rows()] == [False, False, True]


def test_what_does_not_differ_is_no_correction(db_session: Session, people: Cast) -> None:
    told = well(THREE, shocks=frozenset({Shock.ILLNESS}), note="Demam.")
    first = visit(people.hers, people, told)
    assert not correct(people.hers, people, first, told)
    assert len(rows()) == 1


def test_a_correction_that_is_sent_twice_is_one(db_session: Session, people: Cast) -> None:
    first, second = visit(people.hers, people, poorly(THREE)), new_id()
    assert correct(people.hers, people, first, well(THREE), new_visit_id=second)
    assert not correct(people.hers, people, first, well(THREE), new_visit_id=second)
    assert len(rows()) == 2


def test_the_second_who_corrects_the_same_visit_is_told(db_session: Session, people: Cast) -> None:
    first = visit(people.hers, people, poorly(THREE))
    correct(people.hers, people, first, well(THREE))
    with pytest.raises(Conflict):
        correct(people.hers, people, first, well(THREE, note="Lain."))
    assert len(rows()) == 2


def test_a_visit_of_another_family_is_not_there_to_be_corrected(
    db_session: Session, people: Cast
) -> None:
    first = visit(people.hers, people, poorly(THREE))
    other = cast()
    graduate(other)
    with pytest.raises(NotFound):
        correct(other.hers, other, first, well(THREE))


def test_a_reversed_graduation_is_visited_no_more_and_its_visits_stay(
    db_session: Session, people: Cast
) -> None:
    first = visit(people.hers, people, well(THREE))
    nomination_id = rows()[0].nomination_id
    reverse(people, nomination_id)
    with pytest.raises(Refused):
        visit(people.hers, people, well(SIX))
    with pytest.raises(Refused):
        correct(people.hers, people, first, poorly(THREE))
    assert [each.id for each in rows()] == [first]
    assert incomes(people) == [4_500_000]


@pytest.mark.parametrize(
    "status", [each for each in HouseholdStatus if each is not HouseholdStatus.GRADUATED]
)
def test_only_graduates_are_visited(
    db_session: Session, people: Cast, status: HouseholdStatus
) -> None:
    with transaction():
        db_session.merge(people.household).status = status
    with pytest.raises(Refused):
        visit(people.hers, people, well(THREE))


def test_whoever_looks_after_the_group_today_visits(db_session: Session, people: Cast) -> None:
    with transaction():
        colleague = UserFactory()
        group_id = db_session.scalars(
            select(Membership.group_id).where(Membership.household_id == people.household.id)
        ).one()
    visit(people.hers, people, well(THREE))
    with transaction():
        assign(people.office, group_id, colleague.id, THREE)
    with pytest.raises(NotFound):
        visit(people.hers, people, well(THREE))
    visit(actor_for(colleague), people, well(SIX))
    assert [each.recorded_by for each in rows()] == [people.facilitator.id, colleague.id]


@pytest.mark.parametrize("who", ["theirs", "office"])
def test_who_only_reads_records_no_visit(db_session: Session, people: Cast, who: str) -> None:
    with pytest.raises(Refused):
        visit(getattr(people, who), people, well(THREE))


def test_a_graduate_without_a_nomination_here_has_no_days(
    db_session: Session, people: Cast
) -> None:
    """None of the product's acts leads there; a row that somebody else wrote must not break."""
    with transaction():
        group_id = db_session.scalars(
            select(Membership.group_id).where(Membership.household_id == people.household.id)
        ).one()
        group = GroupFactory.build(id=group_id, area_id=people.household.area_id)
        stray: Household = another_household(group, status=HouseholdStatus.GRADUATED)
    with clock.at(noon(THREE)), pytest.raises(NotFound), transaction():
        record_visit(people.hers, stray.id, well(THREE), visit_id=new_id())
