"""Recording a visit to a family that graduated, and correcting it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import insert, update

from casework.access.actor import Actor
from casework.aftercare.models import FollowUpVisit
from casework.aftercare.policy import check_day, why_not_visit
from casework.aftercare.queries.visits import graduated, visit_of, yardstick
from casework.aftercare.rules import Told, signs_of
from casework.aftercare.states import Livelihood, NextStep, Shock, Unable
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, Invalid, NotFound, Refused
from casework.core.ids import new_id
from casework.economics import actions as economics
from casework.economics.queries.history import observation
from casework.economics.rules import BorrowsFrom
from casework.graduation.queries.established import graduation_of
from casework.households import scope
from casework.households.actions.once import was_saved


@dataclass(frozen=True, slots=True)
class Visit:
    """What somebody found who went to a family; None: not asked. Money in whole rupiah."""

    visited_on: date
    #: Why nobody could be spoken with; then nothing else but the note is there.
    unable: Unable | None = None
    livelihood: Livelihood | None = None
    shocks: frozenset[Shock] = frozenset()
    income_per_month: int | None = None
    borrows_from: BorrowsFrom | None = None
    next_step: NextStep | None = None
    note: str = ""


def record_visit(
    actor: Actor, household_id: uuid.UUID, visit: Visit, *, visit_id: uuid.UUID
) -> None:
    """Record a visit. The id is made with the form: sent twice, it is recorded once.

    Raises: NotFound, Refused, Invalid, Conflict.
    """
    area_id = _may_visit(actor, household_id)
    if was_saved(FollowUpVisit, actor, area_id, household_id, visit_id):
        return
    _write(actor, area_id, household_id, visit, visit_id, corrects=None)


def correct_visit(
    actor: Actor,
    household_id: uuid.UUID,
    corrected_id: uuid.UUID,
    visit: Visit,
    *,
    visit_id: uuid.UUID,
) -> bool:
    """Put a visit right: a row of its own takes the place of the one that stays as it was. False
    when nothing differs, also for a form that was sent before.

    Raises: NotFound, Refused, Invalid; Conflict where somebody has corrected it meanwhile.
    """
    area_id = _may_visit(actor, household_id)
    if was_saved(FollowUpVisit, actor, area_id, household_id, visit_id):
        return False
    before = visit_of(area_id, household_id, corrected_id)
    if not before.is_current:
        raise Conflict(_("This visit was corrected meanwhile. Look at it again."))
    if visit == as_recorded(before):
        return False
    _write(actor, area_id, household_id, visit, visit_id, corrects=before)
    return True


def as_recorded(row: FollowUpVisit) -> Visit:
    """What stands in a row, as it was told."""
    money = observation(row.area_id, row.observation_id)
    return Visit(
        row.visited_on,
        row.unable,
        row.livelihood,
        frozenset(Shock(each) for each in row.shocks),
        money.income_per_month if money else None,
        money.borrows_from if money else None,
        row.next_step,
        row.note,
    )


def _may_visit(actor: Actor, household_id: uuid.UUID) -> int:
    """The household's area; its row is held until the transaction ends, so that a reversal of
    the graduation waits, or is seen."""
    household = scope.household_for_change(actor, household_id)
    reason = why_not_visit(actor, household.status)
    if reason is not None:
        raise Refused(reason)
    return household.area_id


def _write(
    actor: Actor,
    area_id: int,
    household_id: uuid.UUID,
    visit: Visit,
    visit_id: uuid.UUID,
    *,
    corrects: FollowUpVisit | None,
) -> None:
    row = graduation_of(area_id, household_id)
    if row is None:  # graduated in another way than by a nomination here
        raise NotFound
    graduation = graduated(actor, row.stage, row.outcome_at)
    window = check_day(actor, graduation, visit.visited_on)
    _check_is_whole(visit)
    signs: list[dict[str, Any]] = []
    observation_id = None
    if visit.livelihood is not None:
        told = Told(visit.livelihood, visit.shocks, visit.income_per_month, visit.borrows_from)
        found = signs_of(told, yardstick(area_id, household_id, graduation.since_on))
        if found and visit.next_step is NextStep.NOTHING:
            raise Invalid.field(
                "next_step",
                _("This family seems to need help. Choose what you will do next."),
            )
        signs = [each.as_document() for each in found]
    if corrects is not None:
        _take_back(actor, corrects)
    seen = economics.Seen(
        visit.visited_on,
        income_per_month=visit.income_per_month,
        borrows_from=visit.borrows_from,
    )
    if seen.asked():
        observation_id = new_id()
        economics.record_at_follow_up(
            actor, area_id, household_id, seen, observation_id=observation_id
        )
    db.session.execute(
        insert(FollowUpVisit),
        {
            "area_id": area_id,
            "id": visit_id,
            "household_id": household_id,
            "nomination_id": row.nomination_id,
            "months": window.months,
            "visited_on": visit.visited_on,
            "unable": visit.unable,
            "livelihood": visit.livelihood,
            "shocks": [each.value for each in Shock if each in visit.shocks],
            "observation_id": observation_id,
            "next_step": visit.next_step,
            "note": visit.note,
            "signs": signs,
            "is_slipping": bool(signs),
            "corrects_id": corrects.id if corrects else None,
            "is_current": True,
            "recorded_by": actor.user_id,
            "recorded_by_name": actor.name,
            "recorded_at": clock.now(),
        },
    )
    about = {
        "household": str(household_id),
        "visited_on": visit.visited_on.isoformat(),
        "months": window.months,
    }
    audit.record(
        actor,
        Tag.FOLLOW_UP_CORRECTED if corrects else Tag.FOLLOW_UP_RECORDED,
        subject_type="follow_up_visit",
        subject_id=visit_id,
        area_id=area_id,
        **(about | ({"corrects": str(corrects.id)} if corrects else {})),
    )


def _check_is_whole(visit: Visit) -> None:
    """Either the family was spoken with, or it is said why not. Raises: Invalid."""
    answers = (visit.livelihood, visit.income_per_month, visit.borrows_from, visit.next_step)
    if visit.unable is not None:
        if visit.shocks or any(each is not None for each in answers):
            raise Invalid.field(
                "met",
                _("There are answers below. Choose yes, or take them out."),
            )
        if not visit.note:
            raise Invalid.field("note", _("Write what you found and whom you asked."))
        return
    missing: dict[str, list[Any]] = {}
    if visit.livelihood is None:
        missing["livelihood"] = [_("Choose how the business goes on.")]
    if visit.next_step is None:
        missing["next_step"] = [_("Choose what you will do next.")]
    if Shock.OTHER in visit.shocks and not visit.note:
        missing["note"] = [_("Write what happened to the family.")]
    if missing:
        raise Invalid(missing)


def _take_back(actor: Actor, corrected: FollowUpVisit) -> None:
    """Condition and change in one statement: of two who correct it one finds no row."""
    result: Any = db.session.execute(
        update(FollowUpVisit)
        .where(
            FollowUpVisit.area_id == corrected.area_id,
            FollowUpVisit.id == corrected.id,
            FollowUpVisit.is_current,
        )
        .values(is_current=False)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:
        raise Conflict(_("This visit was corrected meanwhile. Look at it again."))
    if corrected.observation_id is not None:
        economics.take_back_observation(
            actor, corrected.area_id, corrected.household_id, corrected.observation_id
        )
