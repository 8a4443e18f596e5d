"""Counting a whole regency's families with a business, a licence, a channel, a loan."""

from __future__ import annotations

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.upsert import insert_into
from casework.economics.models import AreaEconomics
from casework.economics.queries.by_place import FIGURES, families_of, figures, support
from casework.regions.rules import REGENCY_SIGNS


def count_regency(actor: Actor, code: str, area_id: int) -> int:
    """Keep what a regency's families have, as of now; gives how many families it has.

    For the command line: provinces and the nation read what is kept (docs/decisions/0029).
    """
    families = families_of(actor, code, REGENCY_SIGNS)
    row = db.session.execute(figures(families)).one_or_none()
    found = {each: row._mapping[each] if row else 0 for each in FIGURES}
    values = {
        "area_id": area_id,
        "counted_at": clock.now(),
        **found,
        "support": {
            str(each.kind): each.households for each in db.session.execute(support(families))
        },
    }
    one = insert_into(AreaEconomics).values(values)
    db.session.execute(
        one.on_conflict_do_update(
            index_elements=[AreaEconomics.area_id],
            set_={name: one.excluded[name] for name in values if name != "area_id"},
        )
    )
    audit.record(
        actor,
        Tag.ECONOMICS_COUNTED,
        subject_type="area",
        subject_id=str(area_id),
        area_id=area_id,
        households=found["households"],
    )
    return int(found["households"])
