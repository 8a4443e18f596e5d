from __future__ import annotations

from flask_babel import lazy_gettext
from sqlalchemy import select

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid, NotFound
from casework.core.upsert import insert_into
from casework.counts.models import Target
from casework.counts.rules import NATION, YEARS_AHEAD
from casework.households.rules import PROGRAMME_BEGAN
from casework.ledger.actions import rebuild
from casework.ledger.rules import ExitKind
from casework.regions.models import Region
from casework.regions.rules import RegionLevel, lies_in

#: More households than the programme has: a slip of the finger.
_LARGEST_TARGET = 10_000_000


def set_target(
    actor: Actor, *, region_code: str | None, year: int, kind: ExitKind, households: int
) -> None:
    """Set how many graduations a region is to reach in a year; None is the nation.

    Raises: NotFound outside the actor's region; Invalid for an impossible number or year.
    """
    area_id = _area_in_reach(actor, region_code)
    if not 0 <= households <= _LARGEST_TARGET:
        raise Invalid.field(
            "households",
            lazy_gettext(
                "Enter a number from 0 to %(millions)s million.",
                millions=_LARGEST_TARGET // 1_000_000,
            ),
        )
    first, last = PROGRAMME_BEGAN.year, clock.today(actor.time_zone).year + YEARS_AHEAD
    if not first <= year <= last:
        raise Invalid.field(
            "year", lazy_gettext("Enter a year from %(first)s to %(last)s.", first=first, last=last)
        )
    code = region_code or NATION
    before = db.session.scalar(
        select(Target.households).where(
            Target.region_code == code, Target.year == year, Target.kind == kind
        )
    )
    values = {
        "households": households,
        "set_by": actor.user_id,
        "set_by_name": actor.name,
        "set_at": clock.now(),
    }
    new = insert_into(Target).values(region_code=code, year=year, kind=kind, **values)
    db.session.execute(
        new.on_conflict_do_update(
            index_elements=[Target.region_code, Target.year, Target.kind], set_=values
        )
    )
    record(
        actor,
        Tag.TARGET_SET,
        subject_type="target",
        subject_id=f"{code} {year}",
        area_id=area_id,
        region=code,
        year=year,
        kind=kind.value,
        before=before,
        after=households,
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


def rebuild_area(actor: Actor, area_id: int) -> int:
    """Set one regency's tally to its ledger; gives how many rows were wrong. A rebuild that
    changed something is in the trail."""
    wrong = rebuild(area_id)
    if wrong:
        record(
            actor,
            Tag.COUNT_REBUILT,
            subject_type="tally",
            subject_id=str(area_id),
            area_id=area_id,
            areas=1,
            differences=wrong,
        )
    return wrong
