"""The only writer of the history of targets, and what any target has to be."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import insert

from casework.access.actor import Actor
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid
from casework.core.ids import new_id
from casework.counts.models import TargetSetting
from casework.counts.queries.target_history import last_set
from casework.counts.rules import YEARS_AHEAD
from casework.households.rules import PROGRAMME_BEGAN
from casework.ledger.rules import ExitKind


@dataclass(frozen=True, slots=True)
class Outcome:
    #: What was set before; None for nothing.
    before: int | None
    is_new: bool


def enter(
    actor: Actor,
    *,
    region_code: str | None = None,
    facilitator_id: uuid.UUID | None = None,
    year: int,
    kind: ExitKind,
    households: int | None,
) -> Outcome:
    """Add to the history of one subject what is not its last word already.

    Hold a lock on the subject: then the order of the settings is the order in which they held.
    """
    subject = (
        TargetSetting.region_code == region_code
        if facilitator_id is None
        else TargetSetting.facilitator_id == facilitator_id
    )
    before = last_set(subject, year, kind)
    if before == households:
        return Outcome(before, is_new=False)
    db.session.execute(
        insert(TargetSetting).values(
            id=new_id(),
            region_code=region_code,
            facilitator_id=facilitator_id,
            year=year,
            kind=kind,
            households=households,
            set_by=actor.user_id,
            set_by_name=actor.name,
            set_at=clock.now(),
        )
    )
    return Outcome(before, is_new=True)


def check_year(actor: Actor, year: int) -> None:
    """Raises: Invalid on `year`."""
    first, last = PROGRAMME_BEGAN.year, clock.today(actor.time_zone).year + YEARS_AHEAD
    if not first <= year <= last:
        raise Invalid.field(
            "year", lazy_gettext("Enter a year from %(first)s to %(last)s.", first=first, last=last)
        )
