"""A file of the ministry's outcomes: kept between its check and its application, which is whole or
not at all."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, update

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict
from casework.core.ids import new_id
from casework.core.waiting_files import FILE_NAME_LENGTH
from casework.graduation.actions.checking_outcomes import Checked, check
from casework.graduation.actions.outcomes import record_outcomes
from casework.graduation.models import MinistryBatch, OutcomeFile
from casework.graduation.queries import batches
from casework.graduation.queries.outcome_files import WAITING, own_file
from casework.graduation.reading.faults import OutcomeFault, OutcomeProblem
from casework.graduation.reading.outcomes import (
    OutcomeTable,
    read_outcomes,
)
from casework.graduation.rules import batch_name
from casework.graduation.states import OutcomeFileStatus
from casework.regions.queries import areas


class RowsRefused(Conflict):
    """A row cannot be taken by now, so nothing was."""


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
        # Who tries out whose numbers are known elsewhere leaves a trace.
        elsewhere=_count(checked.problems, OutcomeFault.ELSEWHERE),
        sha256=_fingerprint(data).hex(),
    )
    return file_id


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
        raise RowsRefused
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


def _count(problems: Iterable[OutcomeProblem], code: OutcomeFault) -> int:
    return sum(each.code is code for each in problems)
