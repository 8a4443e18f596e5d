"""What a supervisor decided on can be read years later exactly as it was."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.economics.rules import BorrowsFrom, LessonAttended
from casework.readiness.rules import Assessment, AttendanceYear, Components, freeze, thaw
from tests.readiness.families import BUSINESS, LESSONS, PROSPEROUS, TODAY, assessed, observed, yes

LONG_AGO = TODAY - timedelta(days=900)

FAMILIES: dict[str, dict[str, Any]] = {
    "ready": {},
    "nothing known": {
        "attendance": AttendanceYear(0, 0),
        "lessons": (),
        "observations": (),
        "enterprises": (),
        "member_since_year": None,
        "components": None,
        "answers": {},
    },
    "everything out of date": {
        "observations": (observed(LONG_AGO, **PROSPEROUS),),
        "answers": yes(LONG_AGO),
    },
    "lessons missed and not assessed": {
        "lessons": (LessonAttended(5, date(2026, 3, 5), None),),
    },
    "with cautions": {
        "components": Components(elderly=1),
        "observations": (observed(**PROSPEROUS, borrows_from=BorrowsFrom.MONEYLENDER),),
    },
}


@pytest.mark.parametrize("family", FAMILIES)
def test_an_assessment_comes_back_from_json_as_it_went(family: str) -> None:
    before = assessed(**FAMILIES[family])
    assert thaw(json.loads(json.dumps(freeze(before)))) == before


@given(
    held=st.integers(0, 12),
    missed=st.integers(0, 12),
    income=st.integers(0, 9_000_000) | st.none(),
    since=st.integers(2007, 2026) | st.none(),
    lessons=st.sets(st.sampled_from(LESSONS)),
    trades=st.booleans(),
)
def test_whatever_the_family_the_assessment_comes_back(
    held: int,
    missed: int,
    income: int | None,
    since: int | None,
    lessons: set[LessonAttended],
    trades: bool,
) -> None:
    before: Assessment = assessed(
        attendance=AttendanceYear(held, max(0, held - missed)),
        observations=(observed(income_per_month=income),),
        member_since_year=since,
        lessons=tuple(lessons),
        enterprises=(BUSINESS,) if trades else (),
    )
    assert thaw(json.loads(json.dumps(freeze(before)))) == before


@pytest.mark.parametrize("document", [{}, {"format": 2}])
def test_a_document_of_another_make_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="format"):
        thaw(document)
