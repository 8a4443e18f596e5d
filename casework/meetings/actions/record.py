"""Recording a meeting with its register, and correcting it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time

from flask_babel import lazy_gettext

from casework.access.actor import Actor
from casework.audit.actions import record as record_audit
from casework.audit.tags import Tag
from casework.core.errors import Conflict
from casework.core.signals import household_facts_changed
from casework.curriculum.rules import to_mask
from casework.meetings.actions.checking import Given, check_can_save
from casework.meetings.actions.writing import MeetingRow, write_changes, write_marks, write_meeting
from casework.meetings.queries.register import register
from casework.meetings.rules import (
    BACKDATING_DAYS,
    Head,
    Mark,
    MeetingStatus,
    Totals,
    next_version,
    totals,
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What stands now; a repeated save answers the same."""

    meeting_id: uuid.UUID
    group_name: str
    status: MeetingStatus
    version: int
    totals: Totals
    #: Marks that this save wrote; 0 for a repeated one.
    marks_written: int


class ChangedMeanwhile(Conflict):
    """Somebody saved this register after the caller had read it."""


def record_meeting(
    actor: Actor,
    group_id: uuid.UUID,
    *,
    held_on: date,
    lessons: Collection[int],
    marks: Mapping[uuid.UUID, Mark],
    topic: str = "",
    starts_at: time | None = None,
    ends_at: time | None = None,
    place: str = "",
    status: MeetingStatus = MeetingStatus.SENT,
    base_version: int = 0,
    backdating_days: int = BACKDATING_DAYS,
) -> Recorded:
    """Save the meeting of a group on a day with its register.

    Marks that are not given stay as they are. A draft may lack marks and lessons, a register
    that is sent may not. `base_version` is the version the caller's page was made from, 0 for
    a meeting that did not exist then.

    Raises: NotFound, Refused, Invalid (fields as in `check_can_save`), ChangedMeanwhile when
    another save came between.
    """
    found = register(actor, group_id, held_on)
    given = Given(held_on, lessons, topic, starts_at, ends_at, place, marks, status)
    check_can_save(actor, found, given, backdating_days)
    saved = found.meeting

    head = Head(to_mask(lessons), topic, starts_at, ends_at, place)
    before = found.marks
    after = {**before, **marks}
    changed = {key: mark for key, mark in marks.items() if before.get(key) != mark}
    figures = totals(after.values())
    as_saved = saved and saved.status is status and saved.head == head and not changed
    if saved and as_saved:
        return Recorded(saved.id, found.group.name, status, saved.version, figures, 0)
    if base_version != (saved.version if saved else 0):
        raise changed_meanwhile()

    row = MeetingRow(
        area_id=found.group.area_id,
        group_id=group_id,
        held_on=held_on,
        head=head,
        status=status,
        present=figures.present,
        total=figures.total,
        # Whoever marks a family on the page has seen what was said of it, and settles it.
        differing=sum(line.is_differing and line.household_id not in marks for line in found.lines),
        version=next_version(base_version, found.epoch),
    )
    if not write_meeting(actor, row, base_version):
        raise changed_meanwhile()
    write_marks(actor, row, changed)
    corrects = saved is not None and saved.status is MeetingStatus.SENT
    if corrects:
        write_changes(actor, row, {key: (before.get(key), mark) for key, mark in changed.items()})
    if status is MeetingStatus.SENT:
        taught_anew = not corrects or (saved and saved.head.lesson_mask != head.lesson_mask)
        tell(actor, row.area_id, after if taught_anew else changed)
    _audit(actor, row, figures, corrects=corrects, changed=len(changed))
    return Recorded(row.id, found.group.name, status, row.version, figures, len(changed))


def changed_meanwhile() -> ChangedMeanwhile:
    """What a page that was overtaken is told."""
    return ChangedMeanwhile(
        lazy_gettext("This register was changed meanwhile. Compare, then save again.")
    )


def tell(actor: Actor, area_id: int, households: Collection[uuid.UUID]) -> None:
    """That readiness has other facts of these families now."""
    if households:
        household_facts_changed.send(actor, area_id=area_id, household_ids=list(households))


def _audit(actor: Actor, row: MeetingRow, figures: Totals, *, corrects: bool, changed: int) -> None:
    data: dict[str, object] = {
        "held_on": row.held_on.isoformat(),
        "present": figures.present,
        "total": figures.total,
    }
    if corrects:
        tag = Tag.MEETING_CORRECTED
        data["marks_changed"] = changed
    else:
        tag = Tag.MEETING_RECORDED
        data |= {"status": row.status.value, "bulk": figures.bulk}
    record_audit(
        actor,
        tag,
        subject_type="meeting",
        subject_id=row.id,
        area_id=row.area_id,
        **data,
    )
