"""Taking what a phone says of a meeting, whenever it comes (docs/decisions/0011)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from flask_babel import lazy_gettext

from casework.access.actor import Actor
from casework.audit.actions import record as record_audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.errors import CaseworkError, Conflict, Invalid
from casework.households.queries.registers import ever_in_group
from casework.meetings.actions.checking import check_can_take, not_in_register
from casework.meetings.actions.record import changed_meanwhile, tell
from casework.meetings.actions.words import Taken, TakenBefore, Word
from casework.meetings.actions.writing import (
    MeetingRow,
    lessons_told,
    write_changes,
    write_claims,
    write_marks,
    write_meeting,
)
from casework.meetings.queries.called_off import called_off
from casework.meetings.queries.claims import Said, claims_of, differing_of, name_of
from casework.meetings.queries.register import Register, Saved, register_led
from casework.meetings.rules import (
    BACKDATING_DAYS,
    Claim,
    Mark,
    MeetingStatus,
    epoch_of,
    next_version,
    page_claim,
    standing,
    totals,
    would_revive,
)
from casework.web.locale import day, moment

#: Of one person about one meeting. Source: none; far more than anybody corrects in earnest, and
#: what stands has to be worked out from all of them.
MOST_WORDS = 50


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
    saved = found.meeting
    said = claims_of(found.group.area_id, saved.id) if saved else []
    if any(each.claim.id == word.id for each in said):
        # Before whether it could be taken now: it was, however long ago.
        raise Conflict(lazy_gettext("This was sent before."))
    earlier = word.taken_before
    came_on = earlier.on if earlier else clock.today(actor.time_zone)
    check_can_take(
        actor,
        found,
        word.head,
        word.marks,
        came_on,
        backdating_days,
        may_lack_head=_was_lost(found, word),
    )
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
    seen = _seen(actor, found, word, said, of_the_page)
    if saved and would_revive(saved.status, saved.called_off_in, seen):
        raise _was_called_off(found, saved)
    version = next_version(saved.version if saved else 0, found.epoch)
    # Which note stood when it came first may have been another one.
    notes = earlier.notes if earlier else {key: mark.note for key, mark in found.marks.items()}
    mine = Claim(
        id=word.id,
        device=word.device,
        seq=word.seq,
        base_version=seen,
        version=version,
        said_by=actor.user_id,
        head=word.head,
        marks=_with_notes(word, notes),
        before=earlier.versions if earlier else (),
        keeps_note=frozenset(word.keeps_note),
        was_sent=earlier is not None and earlier.status is MeetingStatus.SENT,
    )
    new = [*of_the_page, Said(mine, actor.name, clock.now())]
    return _store(actor, found, [*said, *new], new, came_on, sorted(strangers))


def _was_lost(found: Register, word: Word) -> bool:
    """Whether what she speaks of may have been here before a backup was put back."""
    is_of_before = word.base_version > 0 and epoch_of(word.base_version) < found.epoch
    return is_of_before or word.taken_before is not None


def _seen(
    actor: Actor,
    found: Register,
    word: Word,
    said: Sequence[Said],
    of_the_page: Sequence[Said],
) -> int:
    """The version that she had seen, as far as she can have seen it."""
    if word.taken_before:
        return word.taken_before.base_version
    if found.group.leads_now and epoch_of(word.base_version) < found.epoch:
        return word.base_version
    return min(word.base_version, _may_have_seen(actor, found, said, of_the_page))


def _was_called_off(found: Register, saved: Saved) -> CaseworkError:
    """What a phone is told that speaks of a register as it was before."""
    last, *_earlier = called_off(found.group.area_id, saved.id)
    when = {"day": day(found.held_on), "moment": moment(last.called_off_at)}
    if saved.status is not MeetingStatus.CALLED_OFF:
        return Conflict(
            lazy_gettext(
                "The register of %(day)s was called off on %(moment)s and recorded anew since."
                " Compare with what stands now.",
                **when,
            )
        )
    # At the date: the phone then offers to change it.
    return Invalid.field(
        "held_on",
        lazy_gettext(
            "The register of %(day)s was called off on %(moment)s. If the group met on another"
            " day, change the date. If it did meet on that day, record it anew with signal.",
            **when,
        ),
    )


def _with_notes(word: Word, kept: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, Mark]:
    """As whoever settles what differs reads it."""
    return {
        key: replace(mark, note=kept.get(key, "")) if key in word.keeps_note else mark
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
    came_on: date,
    left_out: Sequence[uuid.UUID],
) -> Taken:
    """`said` is all that was said, of which `new` is not kept yet; the last of it came first on
    the day `came_on`."""
    now = standing(each.claim for each in said)
    saved, before = found.meeting, found.marks
    registered = {line.household_id for line in found.lines}
    marks = {key: mark for key, mark in now.marks.items() if key in registered}
    differing = sorted(registered & now.differing.keys())
    unmarked = sorted(registered - marks.keys() - set(differing))
    mine = new[-1].claim
    corrects = saved is not None and saved.status is MeetingStatus.SENT
    # A draft that somebody else has begun is hers to send.
    is_complete = not unmarked and (saved is None or found.group.leads_now)
    # A backup may have put it back to one, and the word that sent it may have come again before
    # that which named the lesson.
    was_sent = any(each.claim.was_sent for each in said)
    is_sent = corrects or (bool(now.heads) and (is_complete or was_sent))
    status = MeetingStatus.SENT if is_sent else MeetingStatus.DRAFT
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
        version=mine.version,
    )
    if not write_meeting(actor, row, saved.version if saved else 0):
        raise changed_meanwhile()
    changed = {key: mark for key, mark in marks.items() if before.get(key) != mark}
    newly_differing = [
        line.household_id
        for line in found.lines
        if line.household_id in now.differing and not line.is_differing
    ]
    write_marks(actor, row, changed, newly_differing)
    write_claims(row.area_id, row.id, new)
    if corrects:
        after = {**changed, **dict.fromkeys(newly_differing)}
        write_changes(actor, row, {key: (before.get(key), mark) for key, mark in after.items()})
    if status is MeetingStatus.SENT:
        taught_anew = not corrects or (saved and saved.head.lesson_mask != row.head.lesson_mask)
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
        command=str(mine.id),
        **lessons_told(row, saved.head if saved and corrects else None),
    )
    return Taken(
        meeting_id=row.id,
        group_name=found.group.name,
        status=status,
        version=mine.version,
        totals=figures,
        differing=differing,
        is_head_differing=now.is_head_differing,
        left_out=left_out,
        unmarked=unmarked,
        to_prove=TakenBefore(
            versions=(*mine.before, mine.version),
            base_version=mine.base_version,
            status=MeetingStatus.SENT if mine.was_sent else status,
            on=came_on,
            notes={key: mine.marks[key].note for key in mine.keeps_note if mine.marks[key].note},
        ),
    )
