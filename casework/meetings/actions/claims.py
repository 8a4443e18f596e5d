"""Taking what a phone says of a meeting, whenever it comes (docs/decisions/0011)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import lazy_gettext

from casework.access.actor import Actor
from casework.audit.actions import record as record_audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.errors import Conflict, Invalid
from casework.households.queries.registers import ever_in_group
from casework.meetings.actions.checking import check_can_take, not_in_register
from casework.meetings.actions.record import changed_meanwhile, tell
from casework.meetings.actions.writing import (
    MeetingRow,
    write_changes,
    write_claims,
    write_marks,
    write_meeting,
)
from casework.meetings.queries.claims import Said, claims_of, differing_of, name_of
from casework.meetings.queries.register import Register, Saved, register_led
from casework.meetings.rules import (
    BACKDATING_DAYS,
    Claim,
    Head,
    Mark,
    MeetingStatus,
    Totals,
    page_claim,
    standing,
    totals,
)

#: Of one person about one meeting. Source: none; far more than anybody corrects in earnest, and
#: what stands has to be worked out from all of them.
MOST_WORDS = 50


@dataclass(frozen=True, slots=True)
class Word:
    """What a phone says of a meeting."""

    #: That of the command.
    id: uuid.UUID
    device: uuid.UUID
    #: Counts the commands of this phone.
    seq: int
    #: Version of the meeting on the phone when this was said; 0: it knew of none.
    base_version: int
    #: None: what stands of the meeting itself is left as it is.
    head: Head | None
    #: Families that it says nothing of are left as they are.
    marks: Mapping[uuid.UUID, Mark]
    #: Of these marks, those whose note is not on the phone: it stays as it is.
    keeps_note: Collection[uuid.UUID] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What stands then."""

    meeting_id: uuid.UUID
    group_name: str
    status: MeetingStatus
    version: int
    totals: Totals
    #: Families whose mark differs, and whether the meeting itself does.
    differing: Collection[uuid.UUID]
    is_head_differing: bool
    #: Families that were given a mark and are not in the register of that day: moved away, or
    #: graduated.
    left_out: Collection[uuid.UUID]
    #: Families in the register that have no mark yet.
    unmarked: Collection[uuid.UUID]


def take_word(
    actor: Actor,
    group_id: uuid.UUID,
    held_on: date,
    word: Word,
    *,
    backdating_days: int = BACKDATING_DAYS,
) -> Taken:
    """Keep what a phone says, and store what stands after all that was said.

    Raises: NotFound, Refused, Invalid; ChangedMeanwhile when another save came between: the
    same word can be taken at once in another transaction.
    """
    found = register_led(actor, group_id, held_on)
    check_can_take(actor, found, word.head, word.marks, backdating_days)
    saved = found.meeting
    said = claims_of(found.group.area_id, saved.id) if saved else []
    if any(each.claim.id == word.id for each in said):
        raise Conflict(lazy_gettext("This was sent before."))
    if sum(each.claim.said_by == actor.user_id for each in said) >= MOST_WORDS:
        raise Conflict(
            lazy_gettext("This meeting was changed too often from a phone. Change it with signal.")
        )
    registered = {line.household_id for line in found.lines}
    strangers = word.marks.keys() - registered
    unknown = strangers - ever_in_group(found.group.area_id, group_id, strangers)
    if unknown:
        raise Invalid.field("", not_in_register(len(unknown)))
    of_the_page = _of_the_page(found, saved, said) if saved else []
    version = (saved.version if saved else 0) + 1
    mine = Claim(
        id=word.id,
        device=word.device,
        seq=word.seq,
        base_version=min(word.base_version, _may_have_seen(actor, found, said, of_the_page)),
        version=version,
        said_by=actor.user_id,
        head=word.head,
        marks=_with_notes(word, found.marks),
        keeps_note=frozenset(word.keeps_note),
    )
    new = [*of_the_page, Said(mine, actor.name, clock.now())]
    return _store(actor, found, [*said, *new], new, version, sorted(strangers))


def _with_notes(word: Word, before: Mapping[uuid.UUID, Mark]) -> dict[uuid.UUID, Mark]:
    """As whoever settles what differs reads it."""
    return {
        key: replace(mark, note=before[key].note)
        if key in word.keeps_note and key in before
        else mark
        for key, mark in word.marks.items()
    }


def _may_have_seen(
    actor: Actor, found: Register, said: Sequence[Said], of_the_page: Sequence[Said]
) -> int:
    """The latest version that can have been on her phone. Who has handed the group over sees its
    registers no more: she knows what she said herself as long as nobody else had said anything,
    and whatever came later differs."""
    if found.group.leads_now:
        return found.meeting.version if found.meeting else 0
    seen = 0
    for claim in sorted((each.claim for each in (*said, *of_the_page)), key=lambda c: c.version):
        if claim.said_by != actor.user_id or claim.version != seen + 1:
            break
        seen = claim.version
    return seen


def _of_the_page(found: Register, saved: Saved, said: Sequence[Said]) -> list[Said]:
    """What was saved on the page, as far as it still stands and has left no claim yet: one for
    each version."""
    marks: dict[int, dict[uuid.UUID, Mark]] = {saved.version: {}}
    by: dict[int, uuid.UUID] = {}
    for line in found.lines:
        if line.mark:
            marks.setdefault(line.version, {})[line.household_id] = line.mark
            by[line.version] = line.marked_by or saved.recorded_by
    by[saved.version] = saved.recorded_by
    versions = sorted(marks.keys() - {each.claim.version for each in said})
    names = {person: name_of(person) for person in {by[version] for version in versions}}
    return [
        Said(
            page_claim(
                saved.id,
                version,
                by[version],
                saved.head if version == saved.version else None,
                marks[version],
            ),
            names[by[version]],
            saved.recorded_at,
        )
        for version in versions
    ]


def _store(
    actor: Actor,
    found: Register,
    said: Sequence[Said],
    new: Sequence[Said],
    version: int,
    left_out: Sequence[uuid.UUID],
) -> Taken:
    """`said` is all that was said, of which `new` is not kept yet."""
    now = standing(each.claim for each in said)
    saved, before = found.meeting, found.marks
    registered = {line.household_id for line in found.lines}
    marks = {key: mark for key, mark in now.marks.items() if key in registered}
    differing = sorted(registered & now.differing.keys())
    unmarked = sorted(registered - marks.keys() - set(differing))
    was_sent = saved is not None and saved.status is MeetingStatus.SENT
    is_complete = not unmarked and (saved is None or found.group.leads_now)
    # A draft that somebody else has begun is hers to send.
    status = MeetingStatus.SENT if was_sent or is_complete else MeetingStatus.DRAFT
    figures = totals(marks.values())
    row = MeetingRow(
        area_id=found.group.area_id,
        group_id=found.group.id,
        held_on=found.held_on,
        head=now.head,
        status=status,
        present=figures.present,
        total=figures.total,
        differing=len(differing),
        is_head_differing=now.is_head_differing,
        differs_since=differing_of(said).only(differing, head=True).since,
        version=version,
    )
    if not write_meeting(actor, row, version - 1):
        raise changed_meanwhile()
    changed = {key: mark for key, mark in marks.items() if before.get(key) != mark}
    newly_differing = [
        line.household_id
        for line in found.lines
        if line.household_id in now.differing and not line.is_differing
    ]
    write_marks(actor, row, changed, newly_differing)
    write_claims(row.area_id, row.id, new)
    if was_sent:
        after = {**changed, **dict.fromkeys(newly_differing)}
        write_changes(actor, row, {key: (before.get(key), mark) for key, mark in after.items()})
    if status is MeetingStatus.SENT:
        taught_anew = not was_sent or (saved and saved.head.lesson_mask != row.head.lesson_mask)
        tell(actor, row.area_id, registered if taught_anew else {*changed, *newly_differing})
    record_audit(
        actor,
        Tag.MEETING_RECEIVED,
        subject_type="meeting",
        subject_id=row.id,
        area_id=row.area_id,
        held_on=row.held_on.isoformat(),
        status=status.value,
        present=figures.present,
        total=figures.total,
        marks_changed=len(changed),
        differing=len(differing),
        left_out=[str(key) for key in left_out],
        command=str(new[-1].claim.id),
    )
    return Taken(
        meeting_id=row.id,
        group_name=found.group.name,
        status=status,
        version=version,
        totals=figures,
        differing=differing,
        is_head_differing=now.is_head_differing,
        left_out=left_out,
        unmarked=unmarked,
    )
