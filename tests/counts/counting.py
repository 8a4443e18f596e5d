"""Counts and targets for tests of what is shown of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from babel.dates import format_date

from casework.access.actor import command_line
from casework.core import clock
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.counts import actions
from casework.ledger.actions import Counted, count, count_exit, take_back
from casework.ledger.rules import CountedState, ExitKind
from casework.regions.rules import WITA
from tests.factories.places import BITUNG, DENPASAR, MANADO, area_of, ensure_region
from tests.scenes import scene

#: In the middle of a month: October is the last full one.
NOW = datetime(2026, 11, 12, 3, tzinfo=UTC)
YEAR = 2026


@contextmanager
def in_november() -> Iterator[None]:
    with clock.at(NOW):
        yield


def as_of_today() -> str:
    """How pages say to somebody of North Sulawesi until when an exact figure is counted."""
    return f"per {format_date(clock.today(WITA), 'd MMM y', locale='id')}"


@scene
def three_regencies() -> None:
    """Two of one province, one of another."""
    with transaction():
        for code in (MANADO, BITUNG, DENPASAR):
            ensure_region(code)


@scene
def count_households(
    regency: str,
    number: int,
    on: date = date(YEAR, 6, 1),
    state: CountedState = CountedState.APPROVED,
) -> None:
    with transaction():
        area_id = area_of(regency)
        village, kind = f"{regency}.01.1001", ExitKind.INDEPENDENT
        families = [Counted(new_id(), new_id(), new_id(), village, kind) for _ in range(number)]
        count(command_line(), families, area_id=area_id, state=state, on=on)


@scene
def count_and_take_back(
    regency: str,
    on: date = date(YEAR, 6, 1),
    state: CountedState = CountedState.APPROVED,
    at: datetime = NOW,
) -> None:
    """One household, counted then and taken back at another moment."""
    area_id, nomination_id = area_of(regency), new_id()
    village, kind = f"{regency}.01.1001", ExitKind.INDEPENDENT
    with transaction():
        family = Counted(new_id(), nomination_id, new_id(), village, kind)
        count(command_line(), [family], area_id=area_id, state=state, on=on)
    with clock.at(at), transaction():
        take_back(command_line(), [nomination_id], area_id=area_id, state=state)


@scene
def count_exits(
    regency: str, number: int, kind: ExitKind = ExitKind.NATURAL, on: date = date(YEAR, 6, 1)
) -> None:
    """Of another kind than graduasi mandiri."""
    with transaction():
        area_id = area_of(regency)
        for _ in range(number):
            count_exit(
                command_line(),
                area_id=area_id,
                household_id=new_id(),
                exit_id=new_id(),
                village_code=f"{regency}.01.1001",
                kind=kind,
                on=on,
            )


@scene
def set_target(region_code: str | None, households: int, year: int = YEAR) -> None:
    with transaction():
        actions.set_target(
            command_line(),
            region_code=region_code,
            year=year,
            kind=ExitKind.INDEPENDENT,
            households=households,
        )
