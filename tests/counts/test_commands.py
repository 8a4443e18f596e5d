"""`flask counts`: show, prove, rebuild."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.ledger.models import LedgerEntry, Tally
from casework.ledger.rules import CountedState
from tests.counts.counting import count_households
from tests.counts.test_national import THIS_YEAR
from tests.factories.accounts import UserFactory
from tests.factories.counted import graduated
from tests.factories.places import MANADO, MOLAS, area_of, ensure_region


@pytest.fixture
def counted(db_session: Session) -> int:
    """Three households counted in Kota Manado."""
    with transaction():
        area_id = area_of(ensure_region(MOLAS))
    count_households(MANADO, 3, date(THIS_YEAR, 6, 1))
    return area_id


def test_show_prints_a_region_s_figures(counted: int, run_command: Callable[..., Any]) -> None:
    result = run_command("counts", "show", "--year", THIS_YEAR, "--region", "71")
    assert result.exit_code == 0
    assert MANADO in result.output
    assert result.output.rstrip().endswith("3")


def test_show_names_an_unknown_region(run_command: Callable[..., Any]) -> None:
    result = run_command("counts", "show", "--region", "99")
    assert result.exit_code == 2
    assert "99 is neither a province nor a regency" in result.output


def test_verify_names_a_tally_that_lies(counted: int, run_command: Callable[..., Any]) -> None:
    with transaction() as session:
        session.execute(update(Tally).values(counted=4))
    result = run_command("counts", "verify")
    assert result.exit_code == 1
    assert "ledger 3, tally 4" in result.output


def test_verify_names_a_count_without_a_decision(
    counted: int, run_command: Callable[..., Any]
) -> None:
    """The three households of this test were counted, but no nomination was approved."""
    result = run_command("counts", "verify")
    assert result.exit_code == 1
    assert result.output.count("counted 1, expected 0") == 3


def test_verify_names_a_graduation_that_is_counted_as_somebody_elses(
    db_session: Session, run_command: Callable[..., Any]
) -> None:
    with transaction():
        hers = graduated(UserFactory(), date(THIS_YEAR, 6, 1))
    with transaction() as session:
        session.execute(update(LedgerEntry).values(nominated_by=(other := new_id())))
    result = run_command("counts", "verify")
    assert (
        f"(established) by {hers.nominated_by}: established counted 0, expected 1" in result.output
    )
    assert f"by {other}: established counted 1, expected 0" in result.output


def test_verify_says_in_which_state_a_count_is_wrong(
    db_session: Session, run_command: Callable[..., Any]
) -> None:
    with transaction():
        approved = graduated(UserFactory(), date(THIS_YEAR, 6, 1), state=CountedState.APPROVED)
    with transaction() as session:
        session.execute(update(LedgerEntry).values(state=CountedState.ESTABLISHED))
    said = run_command("counts", "verify").output
    whose = f"nomination {approved.id} (approved) by {approved.nominated_by}"
    assert f"{whose}: established counted 1, expected 0" in said
    assert f"{whose}: approved counted 0, expected 1" in said


def test_rebuild_mends_the_tally(counted: int, run_command: Callable[..., Any]) -> None:
    with transaction() as session:
        session.execute(update(Tally).values(counted=4))
    assert "1 rows corrected" in run_command("counts", "rebuild").output
    assert "0 rows corrected" in run_command("counts", "rebuild").output
