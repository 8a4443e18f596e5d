from __future__ import annotations

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.ledger.actions import rebuild


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
