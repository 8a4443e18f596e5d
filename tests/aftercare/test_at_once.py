"""However many send the same visit at once, or correct it, or reverse the graduation meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from casework.aftercare.actions import correct_visit, record_visit
from casework.core import clock
from casework.core.errors import Conflict, Refused
from casework.core.ids import new_id
from casework.economics.queries.history import observations_of
from casework.graduation import actions as graduation
from tests.aftercare.families import THREE, graduate, noon, poorly, rows, visit, well
from tests.factories.graduation import MISTAKEN, Cast, cast
from tests.simultaneous import at_once


@pytest.fixture
def people(app: Flask, db_session: Session) -> Iterator[Cast]:
    people = cast()
    graduate(people)
    with clock.at(noon(THREE)):
        yield people


def test_of_ten_who_send_the_same_form_one_records_it(app: Flask, people: Cast) -> None:
    actor, household_id, visit_id = people.hers, people.household.id, new_id()
    area_id = people.household.area_id
    answers = at_once(
        app,
        [lambda: record_visit(actor, household_id, well(THREE), visit_id=visit_id)] * 10,
    )
    assert answers == [None] * 10
    assert [each.id for each in rows()] == [visit_id]
    assert len(observations_of(area_id, household_id)) == 1


def test_of_six_who_correct_a_visit_one_does(app: Flask, people: Cast) -> None:
    actor, household_id = people.hers, people.household.id
    area_id = people.household.area_id
    first = visit(actor, people, poorly(THREE, income_per_month=1))

    def press(income: int) -> object:
        told = well(THREE, income_per_month=4_000_000 + income)
        return correct_visit(actor, household_id, first, told, visit_id=new_id())

    answers = at_once(app, [lambda n=n: press(n) for n in range(6)])  # type: ignore[misc]
    assert sum(answer is True for answer in answers) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == 5
    assert [each.is_current for each in rows()] == [False, True]
    assert len(observations_of(area_id, household_id)) == 1


def test_a_visit_and_a_reversal_at_once_leave_no_visit_of_nobody(app: Flask, people: Cast) -> None:
    """Whoever comes second finds what the first one left."""
    actor, other = people.hers, people.other_office
    household_id = people.household.id
    visit(actor, people, well(THREE))
    nomination_id = rows()[0].nomination_id
    answers = at_once(
        app,
        [
            lambda: record_visit(actor, household_id, well(THREE), visit_id=new_id()),
            lambda: graduation.reverse(other, nomination_id, reason=MISTAKEN),
        ],
    )
    assert answers[1] is None
    assert answers[0] is None or isinstance(answers[0], Refused)
    assert len(rows()) == (2 if answers[0] is None else 1)
