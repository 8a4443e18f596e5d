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
from casework.core import clock
from casework.core.errors import Conflict
from casework.core.signals import household_facts_changed
from casework.curriculum.rules import to_mask
from casework.meetings.actions.checking import Given, check_can_save
from casework.meetings.actions.writing import (
    MeetingRow,
    lessons_told,
    write_changes,
    write_claims,
    write_marks,
    write_meeting,
)
from casework.meetings.queries.claims import Differing, Said, differing
from casework.meetings.queries.register import Register, Saved, register
from casework.meetings.rules import (
    BACKDATING_DAYS,
    Head,
    Mark,
    MeetingStatus,
    Totals,
    next_version,
    page_claim,
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
    #: Whether something still differs.
    is_differing: bool = False


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
    head = Head(to_mask(lessons), topic, starts_at, ends_at, place)
    return save(actor, found, differing(found), Saving(head, marks, status, base_version))


@dataclass(frozen=True, slots=True)
class Saving:
    """What a page says of a register, checked."""

    #: None: what stands of the meeting itself stays as it is, be it that devices differ over it.
    head: Head | None
    marks: Mapping[uuid.UUID, Mark]
    status: MeetingStatus
    base_version: int
    #: It was asked for what differs only.
    is_settling: bool = False


def save(actor: Actor, found: Register, told: Differing, saving: Saving) -> Recorded:
    """Store what a page says over a register as it was read, `told` being what differs of it.

    Raises: ChangedMeanwhile.
    """
    saved, before, marks = found.meeting, found.marks, saving.marks
    changed = {key: mark for key, mark in marks.items() if before.get(key) != mark}
    if saved and not changed and _stands(saved, saving):
        return stands_already(found, saved)
    if saving.base_version != (saved.version if saved else 0):
        raise changed_meanwhile()

    # Whoever marks a family on the page has seen what was said of it, and settles it.
    left = found.differing - marks.keys()
    is_head_left = saved is not None and saved.is_head_differing and saving.head is None
    figures = totals({**before, **marks}.values())
    row = MeetingRow(
        area_id=found.group.area_id,
        group_id=found.group.id,
        held_on=found.held_on,
        head=_head(saved, saving),
        status=saving.status,
        present=figures.present,
        total=figures.total,
        differing=len(left),
        is_head_differing=is_head_left,
        differs_since=told.only(left, head=is_head_left).since,
        version=next_version(saving.base_version, found.epoch),
    )
    if not write_meeting(actor, row, saving.base_version):
        raise changed_meanwhile()
    write_marks(actor, row, changed)
    if saved and told.since:
        said = None if is_head_left else row.head
        mine = page_claim(row.id, row.version, actor.user_id, said, changed)
        write_claims(row.area_id, row.id, [Said(mine, actor.name, clock.now())])
    corrects = saved is not None and saved.status is MeetingStatus.SENT
    # What was called off is recorded anew, and what it said is kept as well.
    kept = found.kept if found.is_called_off else {}
    settled = {key: told.families[key] for key in changed if key in told.families}
    write_changes(
        actor,
        row,
        {
            key: (settled.get(key) or before.get(key) or kept.get(key), mark)
            for key, mark in changed.items()
            if corrects or key in settled or kept.get(key, mark) != mark
        },
    )
    if saving.status is MeetingStatus.SENT:
        taught_anew = not corrects or (saved and saved.head.lesson_mask != row.head.lesson_mask)
        tell(actor, row.area_id, {*before, *marks} if taught_anew else changed)
    _audit(actor, row, figures, saving, saved, corrects=corrects, changed=len(changed))
    return Recorded(
        row.id,
        found.group.name,
        row.status,
        row.version,
        figures,
        len(changed),
        is_differing=row.differs_since is not None,
    )


def stands_already(found: Register, saved: Saved) -> Recorded:
    """The answer to a save that was sent before."""
    return Recorded(
        saved.id,
        found.group.name,
        saved.status,
        saved.version,
        totals(found.marks.values()),
        0,
        is_differing=bool(found.differing) or saved.is_head_differing,
    )


def _stands(saved: Saved, saving: Saving) -> bool:
    """Whether the meeting itself is as it is to be saved: the same was sent twice."""
    is_head = saving.head is None or (saved.head == saving.head and not saved.is_head_differing)
    return is_head and saved.status is saving.status


def _head(saved: Saved | None, saving: Saving) -> Head:
    if saving.head is not None:
        return saving.head
    if saved is None:
        raise ValueError("the first save of a meeting says what it was about")
    return saved.head


def changed_meanwhile() -> ChangedMeanwhile:
    """What a page that was overtaken is told."""
    return ChangedMeanwhile(
        lazy_gettext("This register was changed meanwhile. Compare, then save again.")
    )


def tell(actor: Actor, area_id: int, households: Collection[uuid.UUID]) -> None:
    """That readiness has other facts of these families now."""
    if households:
        household_facts_changed.send(actor, area_id=area_id, household_ids=list(households))


def _audit(
    actor: Actor,
    row: MeetingRow,
    figures: Totals,
    saving: Saving,
    saved: Saved | None,
    *,
    corrects: bool,
    changed: int,
) -> None:
    data: dict[str, object] = {
        "held_on": row.held_on.isoformat(),
        "present": figures.present,
        "total": figures.total,
    }
    taught = lessons_told(row, saved.head if saved and corrects else None)
    if saving.is_settling:
        tag = Tag.MEETING_SETTLED
        data |= taught | {
            "marks_changed": changed,
            "head": saving.head is not None,
            "differing": row.differing,
        }
    elif corrects:
        tag = Tag.MEETING_CORRECTED
        data |= taught | {"marks_changed": changed}
    else:
        tag = Tag.MEETING_RECORDED
        data |= {
            "status": row.status.value,
            "bulk": figures.bulk,
            "lessons": taught["lessons"],
        }
    record_audit(
        actor,
        tag,
        subject_type="meeting",
        subject_id=row.id,
        area_id=row.area_id,
        **data,
    )
