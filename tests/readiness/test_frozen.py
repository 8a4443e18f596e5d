"""A frozen assessment reads the same, whatever becomes of the instrument."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casework.economics.rules import BorrowsFrom
from casework.readiness.instruments import current
from casework.readiness.rules import Assessment, AttendanceYear, Components, assess
from tests.readiness.families import TODAY, YEAR_AGO, assessed, facts, observed, yes

FAMILIES: dict[str, dict[str, Any]] = {
    "everything met": {},
    "nothing known": {
        "answers": {},
        "attendance": AttendanceYear(0, 0),
        "lessons": (),
        "observations": (),
        "enterprises": (),
        "member_since_year": None,
        "components": None,
    },
    "with cautions": {
        "observations": (observed(YEAR_AGO, borrows_from=BorrowsFrom.MONEYLENDER),),
        "components": Components(elderly=1),
    },
    "answers out of date": {"answers": yes(date(2026, 1, 1))},
}


@pytest.mark.parametrize("changes", FAMILIES.values(), ids=FAMILIES.keys())
def test_it_comes_back_as_it_was(changes: dict[str, Any]) -> None:
    result = assessed(**changes)
    through_the_database = json.loads(json.dumps(result.to_json()))
    assert Assessment.from_json(through_the_database) == result


def test_a_changed_instrument_leaves_it_alone() -> None:
    old = replace(current(), title_en="As it was", indicators=current().indicators)
    result = assess(old, facts(), yes(), TODAY)
    back = Assessment.from_json(json.loads(json.dumps(result.to_json())))
    assert back.instrument.title_en == "As it was"
    assert back.instrument.title_en != current().title_en
    assert back.missing == result.missing


def test_it_says_which_rules_computed_it() -> None:
    assert assessed().to_json()["rule_version"] == current().rule_version
