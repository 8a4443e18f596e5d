"""A file of the ministry's outcomes: kept between its check and its application, which is whole or
not at all."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, update

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.queries.counting import is_told_today
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict
from casework.core.ids import new_id
from casework.core.tables.reading.errors import FileFault, UnreadableFile
from casework.core.waiting_files import FILE_NAME_LENGTH
from casework.graduation.actions.checking_outcomes import Checked, check
from casework.graduation.actions.outcomes import record_outcomes
from casework.graduation.models import MinistryBatch, OutcomeFile
from casework.graduation.queries import batches
from casework.graduation.queries.outcome_files import WAITING, own_file
from casework.graduation.reading.faults import OutcomeProblem
from casework.graduation.reading.outcomes import (
    OutcomeTable,
    read_outcomes,
)
from casework.graduation.rules import batch_name
from casework.graduation.states import OutcomeFileStatus
from casework.regions.queries import areas

#: What the trail calls it; beside the faults of files.
ROWS_REFUSED = "rows_refused"


class RowsRefused(Conflict):
    """A row cannot be taken by now, so nothing was; `checked` says which ones and why."""

    def __init__(self, checked: Checked, sha256: bytes) -> None:
        super().__init__(code=ROWS_REFUSED)
        self.checked, self.sha256 = checked, sha256


def keep(
    actor: Actor, batch: MinistryBatch, checked: Checked, *, data: bytes, file_name: str
) -> uuid.UUID:
    """Store a checked file until its uploader applies it; older ones are emptied."""
    WAITING.empty_old()
    file_id = new_id()
    db.session.execute(
        insert(OutcomeFile),
        {
            "id": file_id,
            "area_id": batch.area_id,
            "batch_id": batch.id,
            "status": OutcomeFileStatus.CHECKED,
            "file_name": file_name[:FILE_NAME_LENGTH],
            "sha256": _fingerprint(data),
            "content_sealed": WAITING.seal(file_id, data),
            "uploaded_by": actor.user_id,
            "uploaded_at": clock.now(),
            "applied_at": None,
            "changed": None,
        },
    )
    audit.record(
        actor,
        Tag.OUTCOMES_CHECKED,
        subject_type="batch",
        subject_id=batch.id,
        area_id=batch.area_id,
        batch=batch_name(batch.number, batch.year),
        rows=checked.rows,
        bad=checked.bad_rows,
        # Who tries out whose numbers are known elsewhere leaves a trace, as does who brings
        # unknown or doubled ones, or families of another batch.
        problems=_by_fault(checked.problems),
        sha256=_fingerprint(data).hex(),
    )
    return file_id


def note_unreadable(actor: Actor, batch: MinistryBatch, error: UnreadableFile, data: bytes) -> None:
    """A file of which no row could be looked at."""
    # Of a file that is too large only the beginning was read.
    is_whole = error.fault is not FileFault.TOO_LARGE
    fingerprint = _fingerprint(data).hex() if is_whole else None
    _note(actor, batch, why=error.fault.value, problems={}, sha256=fingerprint)


def note_refused_rows(actor: Actor, file_id: uuid.UUID, refused: RowsRefused) -> None:
    """A file that was to be applied and was not."""
    batch = batches.batch(actor, own_file(actor, file_id).batch_id)
    problems = _by_fault(refused.checked.problems)
    _note(actor, batch, why=refused.code, problems=problems, sha256=refused.sha256.hex())


def _note(actor: Actor, batch: MinistryBatch, **tried: Any) -> None:
    said = {"batch": batch_name(batch.number, batch.year), **tried}
    subject = str(batch.id)
    if is_told_today(actor, Tag.OUTCOMES_TRIED, batch.area_id, subject, said):
        return
    audit.record(
        actor,
        Tag.OUTCOMES_TRIED,
        subject_type="batch",
        subject_id=subject,
        area_id=batch.area_id,
        **said,
    )


def read_file(actor: Actor, file_id: uuid.UUID) -> OutcomeTable:
    """Read a waiting file again; seconds for a large one, so before a transaction.

    Raises: NotFound, also once it is no longer kept.
    """
    own_file(actor, file_id)
    return read_outcomes(WAITING.content(file_id))


def apply_file(actor: Actor, file_id: uuid.UUID, table: OutcomeTable) -> int | None:
    """Apply a checked file, once: None when that had been done before; else how many
    nominations it changed. Raises: NotFound, Refused; RowsRefused when a row cannot be taken by
    now.
    """
    found = own_file(actor, file_id)
    batch = batches.batch(actor, found.batch_id)
    areas.hold([batch.area_id])
    taken: Any = db.session.execute(
        update(OutcomeFile)
        .where(OutcomeFile.id == file_id, OutcomeFile.status == OutcomeFileStatus.CHECKED)
        .values(status=OutcomeFileStatus.APPLIED, applied_at=clock.now(), content_sealed=None)
    )
    if not taken.rowcount:
        return None
    checked = check(actor, batch, table)
    if checked.problems:
        raise RowsRefused(checked, found.sha256)
    changed = record_outcomes(actor, batch.id, checked.answers)
    db.session.execute(update(OutcomeFile).where(OutcomeFile.id == file_id).values(changed=changed))
    audit.record(
        actor,
        Tag.OUTCOMES_APPLIED,
        subject_type="batch",
        subject_id=batch.id,
        area_id=batch.area_id,
        batch=batch_name(batch.number, batch.year),
        rows=checked.rows,
        changed=changed,
        sha256=found.sha256.hex(),
    )
    return changed


def _fingerprint(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _by_fault(problems: Iterable[OutcomeProblem]) -> dict[str, int]:
    """How many of each there are; which rows and numbers, the trail does not keep."""
    return dict(sorted(Counter(each.code.value for each in problems).items()))
