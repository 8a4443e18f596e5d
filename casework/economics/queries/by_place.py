"""How many families of a place have a business, a licence, a channel, a loan, and what support."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, Select, String, Subquery, and_, case, cast, distinct, func, select

from casework.access.actor import Actor
from casework.economics.models import Enterprise, Observation, SupportReceived
from casework.economics.rules import BorrowsFrom
from casework.households.rules import IN_PROGRAMME
from casework.households.scope import households
from casework.regions.scope import lying_in

#: What is counted of a place, in the order of `figures`.
FIGURES = ("households", "business", "licence", "channel", "loan", "dear")

#: Lenders who answer to an authority: what is meant by a loan for a business.
LOANS = (BorrowsFrom.BANK, BorrowsFrom.COOPERATIVE)
#: What lesson B2 warns of.
DEAR = (BorrowsFrom.MONEYLENDER, BorrowsFrom.ONLINE_LENDER)


def families_of(actor: Actor, region: str, signs: int | None) -> CTE:
    """Those of a region that the actor looks after, as long as they are in the programme: of those
    that left nobody keeps their business up to date. Columns area_id, id, place. `signs`: how much
    of the village's code is the place; None: all of it."""
    seen = households(actor)
    place = func.substr(seen.c.village_code, 1, signs) if signs else seen.c.village_code
    return (
        select(seen.c.area_id, seen.c.id, place.label("place"))
        .where(lying_in(seen.c.village_code, region), seen.c.status.in_(IN_PROGRAMME))
        .cte("families")
    )


def figures(families: CTE) -> Select[*tuple[Any, ...]]:
    """`FIGURES` by place."""
    business, borrowing = _business(families), _borrowing(families)
    return (
        select(
            families.c.place,
            func.count().label("households"),
            func.count(business.c.household_id).label("business"),
            _sum(business.c.licences > 0, "licence"),
            _sum(business.c.channels > 0, "channel"),
            _sum(borrowing.c.borrows_from.in_(LOANS), "loan"),
            _sum(borrowing.c.borrows_from.in_(DEAR), "dear"),
        )
        .select_from(families)
        .outerjoin(
            business,
            and_(
                business.c.area_id == families.c.area_id, business.c.household_id == families.c.id
            ),
        )
        .outerjoin(
            borrowing,
            and_(
                borrowing.c.area_id == families.c.area_id,
                borrowing.c.household_id == families.c.id,
                borrowing.c.age == 1,
            ),
        )
        .group_by(families.c.place)
    )


def support(families: CTE) -> Select[*tuple[Any, ...]]:
    """Kind, and how many families received it at any time."""
    return (
        select(
            SupportReceived.kind,
            func.count(distinct(SupportReceived.household_id)).label("households"),
        )
        .join(
            families,
            and_(
                families.c.area_id == SupportReceived.area_id,
                families.c.id == SupportReceived.household_id,
            ),
        )
        .group_by(SupportReceived.kind)
    )


def _business(families: CTE) -> Subquery:
    """Families with a business that runs, and whether any of theirs has licences or channels."""
    return (
        select(
            Enterprise.area_id,
            Enterprise.household_id,
            func.sum(_is_any(Enterprise.licences)).label("licences"),
            func.sum(_is_any(Enterprise.channels)).label("channels"),
        )
        .where(*_of(families, Enterprise), Enterprise.ended_on.is_(None))
        .group_by(Enterprise.area_id, Enterprise.household_id)
        .subquery("business")
    )


def _borrowing(families: CTE) -> Subquery:
    """Each answer to the question from whom they borrow; `age` 1 is the latest."""
    latest: Select[*tuple[Any, ...]] = select(
        Observation.area_id,
        Observation.household_id,
        Observation.borrows_from,
        func.row_number()
        .over(
            partition_by=(Observation.area_id, Observation.household_id),
            order_by=(
                Observation.observed_on.desc(),
                Observation.recorded_at.desc(),
                Observation.id.desc(),
            ),
        )
        .label("age"),
    ).where(
        *_of(families, Observation),
        Observation.borrows_from.is_not(None),
        Observation.taken_back_at.is_(None),
    )
    return latest.subquery("borrowing")


def _of(families: CTE, model: Any) -> tuple[Any, ...]:
    return (
        model.area_id == families.c.area_id,
        model.household_id == families.c.id,
    )


def _is_any(listed: Any) -> Any:
    """1 where a list holds anything; both databases write an empty one as `[]`."""
    return case((cast(listed, String) != "[]", 1), else_=0)


def _sum(condition: Any, label: str) -> Any:
    return func.sum(case((condition, 1), else_=0)).label(label)
