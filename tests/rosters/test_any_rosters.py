"""Whatever rosters come in whatever order, a number is one family's."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from casework.access.actor import command_line
from casework.core.db import db
from casework.core.transaction import transaction
from casework.households.models import Household, RegisteredNik
from casework.households.rules import HouseholdStatus
from casework.rosters.actions import importing
from tests.factories.rosters import as_csv, nik, no_kk
from tests.rosters.files import IN_BITUNG, family, registry_differences, take_in

Row = dict[str, object]

#: Few numbers of each kind, so that rows meet; each row in one of two regencies.
ROWS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 4), st.booleans()),
    max_size=5,
    unique_by=(lambda row: row[0], lambda row: row[1]),
).map(
    lambda rows: [
        family(a) | {"NIK": nik(a), "NO KK": no_kk(b)} | (IN_BITUNG if away else {})
        for a, b, away in rows
    ]
)
ROSTERS = st.lists(
    st.tuples(ROWS.filter(bool), st.sampled_from(["2026-1", "2026-2", "2026-3"])), max_size=5
)


def state() -> list[tuple[Any, ...]]:
    db.session.rollback()
    return [
        tuple(row)
        for row in db.session.execute(
            select(
                Household.area_id,
                Household.id,
                Household.status,
                Household.nik_index,
                Household.last_stage,
                Household.moved_from_id,
                Household.updated_at,
            ).order_by(Household.area_id, Household.id)
        )
    ]


def findings(rows: list[Row], stage: str) -> tuple[Any, ...]:
    """What a check says of the rows, whatever their numbers in the file."""
    checked = importing.check(importing.read(command_line(), as_csv(rows)), stage)
    bad = {(rows[each.row - 2]["NIK"], each.code) for each in checked.problems}
    return checked.summary, bad


@settings(
    # 16, or 333 with `--hypothesis-profile nightly`: each is some rosters taken in.
    max_examples=settings.default.max_examples // 6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rosters=ROSTERS, data=st.data())
def test_a_number_is_one_family_s(villages: None, rosters: Any, data: st.DataObject) -> None:
    with transaction() as session:
        session.execute(delete(Household))
        session.execute(delete(RegisteredNik))
    for rows, stage in rosters:
        shuffled = data.draw(st.permutations(rows))
        assert findings(rows, stage) == findings(shuffled, stage)
        take_in(*rows, stage=stage, skip_bad=True)
        assert not registry_differences()
        open_rows = select(func.count()).where(Household.status != HouseholdStatus.MOVED)
        assert db.session.scalar(open_rows) == db.session.scalar(
            select(func.count()).select_from(RegisteredNik)
        )
        before = state()
        again = take_in(*rows, stage=stage, skip_bad=True)
        assert (again.summary.added, again.summary.changed) == (0, 0)
        assert state() == before
