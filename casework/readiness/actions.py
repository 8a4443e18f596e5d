"""Keeping the stored verdicts up, and recording the facilitator's answers."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import Row

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, Invalid, Refused
from casework.core.ids import new_id
from casework.core.signals import household_facts_changed
from casework.core.upsert import ManyRows, insert_into
from casework.households import scope
from casework.households.queries import locks
from casework.readiness.instruments import current
from casework.readiness.models import Readiness, ReadinessCheck
from casework.readiness.policy import why_not_answer
from casework.readiness.queries.assessment import Figures, figures_on
from casework.readiness.queries.facts import Known, known_of
from casework.readiness.queries.recomputing import stored

#: Households read and written at a time: a statement takes 32,766 values on SQLite.
BATCH = 500


def refresh(actor: Actor, area_id: int, household_ids: Collection[uuid.UUID]) -> None:
    """Compute the verdicts anew and store them, in the transaction that changed the facts.

    At most three statements for up to 500 households. Called by the signal
    `household_facts_changed`; the sender has got the households through `scope`.
    """
    as_of = clock.today(actor.time_zone)
    # In one order, so that two transactions that share households wait for each other
    # instead of for ever.
    ids = sorted(set(household_ids))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        locks.hold(area_id, batch)
        write(area_id, known_of(area_id, batch, as_of=as_of), as_of=as_of)


def write(area_id: int, known: Mapping[uuid.UUID, Known], *, as_of: date) -> None:
    """Store the verdicts on a day of what is known, in one statement."""
    figures = figures_on(as_of)
    _ROWS.write(
        (area_id, as_of, clock.now()),
        [(household_id, *figures(facts)) for household_id, facts in known.items()],
    )


_ROWS = ManyRows(
    Readiness,
    key=("area_id", "household_id"),
    same=("area_id", "as_of", "computed_at"),
    each=("household_id", *Figures._fields),
)


def recompute(
    actor: Actor, area_id: int, household_ids: Sequence[uuid.UUID], *, as_of: date
) -> int:
    """Store all these verdicts anew, on that day; gives how many were not as stored.

    For the command line, which takes regency by regency; time passes for families of which
    nothing new is recorded, so this runs every night.
    """
    locks.hold(area_id, household_ids)
    before = stored(area_id, household_ids)
    known = known_of(area_id, household_ids, as_of=as_of)
    write(area_id, known, as_of=as_of)
    after = stored(area_id, household_ids)
    changed = sum(each not in before or _differs(before[each], after[each]) for each in after)
    audit.record(
        actor,
        Tag.READINESS_RECOMPUTED,
        subject_type="area",
        subject_id=str(area_id),
        area_id=area_id,
        households=len(household_ids),
        changed=changed,
        rule_version=current().rule_version,
    )
    return changed


def _differs(before: Row[Any], after: Row[Any]) -> bool:
    passing = {"as_of", "computed_at"}
    return any(
        value != after._mapping[name]
        for name, value in before._mapping.items()
        if name not in passing
    )


def answer(
    actor: Actor,
    household_id: uuid.UUID,
    *,
    answered_on: date,
    answers: Mapping[str, bool],
    check_id: uuid.UUID | None = None,
) -> None:
    """Record the facilitator's answers of one day; a question not asked is not in `answers`.
    `check_id`: that of the phone's command, under which they are recorded once.

    Raises: NotFound, Refused, Invalid; Conflict where there is that check already.
    """
    household = scope.household_for_change(actor, household_id)
    reason = why_not_answer(actor, household.status)
    if reason is not None:
        raise Refused(reason)
    if answered_on > clock.today(actor.time_zone):
        raise Invalid.field("answered_on", lazy_gettext("The date must not be after today."))
    instrument = current()
    if not answers:
        raise Invalid.field("", lazy_gettext("Answer at least one question."))
    if set(answers) - {each.id for each in instrument.questions}:
        raise Invalid.field("", lazy_gettext("These questions have changed. Open the page again."))
    check_id = check_id or new_id()
    statement = insert_into(ReadinessCheck).on_conflict_do_nothing()
    recorded = db.session.execute(
        statement.returning(ReadinessCheck.id),
        {
            "area_id": household.area_id,
            "id": check_id,
            "household_id": household.id,
            "instrument": instrument.id,
            "answered_on": answered_on,
            "answers": dict(answers),
            "answered_by": actor.user_id,
            "answered_by_name": actor.name,
            "recorded_at": clock.now(),
        },
    )
    if recorded.first() is None:
        raise Conflict(lazy_gettext("This was sent before."))
    household_facts_changed.send(actor, area_id=household.area_id, household_ids=[household.id])
    audit.record(
        actor,
        Tag.READINESS_ANSWERED,
        subject_type="readiness_check",
        subject_id=check_id,
        area_id=household.area_id,
        household=str(household.id),
        instrument=instrument.id,
        answered_on=answered_on.isoformat(),
    )
