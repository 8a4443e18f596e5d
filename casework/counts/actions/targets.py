"""Targets of the nation, a province or a regency."""

from __future__ import annotations

from flask_babel import lazy_gettext
from sqlalchemy import delete, select

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core.db import db
from casework.core.errors import Invalid, NotFound
from casework.core.upsert import insert_into
from casework.counts.actions.settings import check_year, enter
from casework.counts.models import Target
from casework.counts.queries.figures import TARGET_KINDS
from casework.counts.rules import LARGEST_TARGET, NATION
from casework.ledger.rules import ExitKind
from casework.regions.models import Region
from casework.regions.rules import RegionLevel, lies_in


def set_target(
    actor: Actor, *, region_code: str | None, year: int, kind: ExitKind, households: int
) -> None:
    """Set how many graduations a region is to reach in a year; None is the nation. What is set
    already is not set again.

    Raises: NotFound outside the actor's region, and of a kind that is no graduation;
    Invalid for an impossible number or year.
    """
    area_id = _area_in_reach(actor, region_code)
    if kind not in TARGET_KINDS:
        raise NotFound
    if not 0 <= households <= LARGEST_TARGET:
        raise Invalid.field(
            "households",
            lazy_gettext(
                "Enter a number from 0 to %(millions)s million.",
                millions=LARGEST_TARGET // 1_000_000,
            ),
        )
    check_year(actor, year)
    code = region_code or NATION
    new = insert_into(Target).values(region_code=code, year=year, kind=kind, households=households)
    # First: whoever sets the same target waits at its row, so that the history is in order.
    db.session.execute(
        new.on_conflict_do_update(
            index_elements=[Target.region_code, Target.year, Target.kind],
            set_={"households": households},
        )
    )
    outcome = enter(actor, region_code=code, year=year, kind=kind, households=households)
    if outcome.is_new:
        numbers = {"before": outcome.before, "after": households}
        _record(actor, Tag.TARGET_SET, area_id, code, year, kind, numbers)


def take_back_target(actor: Actor, *, region_code: str | None, year: int, kind: ExitKind) -> None:
    """Let a region have no target in that year; nothing happens where it has none.

    Raises: NotFound outside the actor's region.
    """
    area_id = _area_in_reach(actor, region_code)
    code = region_code or NATION
    found = db.session.scalar(
        delete(Target)
        .where(Target.region_code == code, Target.year == year, Target.kind == kind)
        .returning(Target.households)
        .execution_options(synchronize_session=False)
    )
    if found is None:
        return
    outcome = enter(actor, region_code=code, year=year, kind=kind, households=None)
    numbers = {"before": outcome.before}
    _record(actor, Tag.TARGET_TAKEN_BACK, area_id, code, year, kind, numbers)


def _record(
    actor: Actor,
    tag: Tag,
    area_id: int | None,
    code: str,
    year: int,
    kind: ExitKind,
    numbers: dict[str, int | None],
) -> None:
    record(
        actor,
        tag,
        subject_type="target",
        subject_id=f"{code} {year}",
        area_id=area_id,
        region=code,
        year=year,
        kind=kind.value,
        **numbers,
    )


def _area_in_reach(actor: Actor, region_code: str | None) -> int | None:
    """The regency's number, None for a province or the nation."""
    if not lies_in(region_code, actor.region_code):
        raise NotFound
    if region_code is None:
        return None
    row = db.session.execute(
        select(Region.area_id).where(
            Region.code == region_code,
            Region.level.in_([RegionLevel.PROVINCE, RegionLevel.REGENCY]),
            Region.valid_to.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    area_id: int | None = row.area_id
    return area_id
