"""A roster file between its check and its application."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert, update

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.waiting_files import FILE_NAME_LENGTH
from casework.rosters.actions import importing
from casework.rosters.actions.importing import Check
from casework.rosters.models import RosterImport
from casework.rosters.queries.uploads import WAITING, own_upload
from casework.rosters.reading.errors import CellProblem
from casework.rosters.reading.roster import Roster
from casework.rosters.reading.rows import RowProblem
from casework.rosters.rules import ImportStatus

#: As many problems as a person corrects at a time; the file with all of them is handed back.
MOST_PROBLEMS = 100


def keep(actor: Actor, checked: Check, *, data: bytes, file_name: str) -> uuid.UUID:
    """Store a checked file until its uploader applies it; older ones are emptied."""
    WAITING.empty_old()
    upload_id = new_id()
    _insert(
        actor,
        checked,
        id=upload_id,
        status=ImportStatus.CHECKED,
        file_name=file_name,
        sha256=importing.fingerprint(data),
        content_sealed=WAITING.seal(upload_id, data),
        applied_at=None,
    )
    _record_found_elsewhere(actor, checked, sha256=importing.fingerprint(data))
    return upload_id


def read_upload(actor: Actor, upload_id: uuid.UUID) -> Roster:
    """Read a waiting file again; seconds for a large one, so before a transaction.

    Raises: NotFound, also once the file is no longer kept.
    """
    own_upload(actor, upload_id)
    return importing.read(actor, WAITING.content(upload_id))


def apply_upload(actor: Actor, upload_id: uuid.UUID, roster: Roster, *, skip_bad: bool) -> bool:
    """Apply an uploaded file, once: False when that had been done before.

    The file stays as long as bad rows are to be handed back from it.
    Raises: NotFound, RowsRefused.
    """
    upload = own_upload(actor, upload_id)
    taken = db.session.execute(
        update(RosterImport)
        .where(RosterImport.id == upload_id, RosterImport.status == ImportStatus.CHECKED)
        .values(status=ImportStatus.APPLIED, applied_at=clock.now())
    )
    if not taken.rowcount:  # type: ignore[attr-defined]
        return False
    checked = importing.apply(actor, roster, upload.stage, sha256=upload.sha256, skip_bad=skip_bad)
    change: dict[str, Any] = _findings(checked)
    if not checked.bad_rows:
        change["content_sealed"] = None
    db.session.execute(update(RosterImport).where(RosterImport.id == upload_id).values(**change))
    return True


def check_again(actor: Actor, upload_id: uuid.UUID, checked: Check) -> None:
    """Others have changed households since the file was checked: show what it means now."""
    own_upload(actor, upload_id)
    db.session.execute(
        update(RosterImport).where(RosterImport.id == upload_id).values(**_findings(checked))
    )


def record_applied(actor: Actor, checked: Check, *, sha256: bytes, file_name: str) -> None:
    """Remember a file that was applied without waiting in between."""
    _insert(
        actor,
        checked,
        id=new_id(),
        status=ImportStatus.APPLIED,
        file_name=file_name,
        sha256=sha256,
        content_sealed=None,
        applied_at=clock.now(),
    )


def _record_found_elsewhere(actor: Actor, checked: Check, *, sha256: bytes) -> None:
    """A file of numbers tells in which regencies they are known: whoever tries that out leaves
    a trace, as with looking a number up."""
    rows = sum(each.code is CellProblem.KNOWN_ELSEWHERE for each in checked.problems)
    if rows:
        record(
            actor,
            Tag.NIK_FOUND_ELSEWHERE,
            subject_type="roster",
            subject_id=sha256.hex(),
            area_id=actor.area_id,
            stage=checked.stage,
            rows=rows,
            sha256=sha256.hex(),
        )


def _insert(actor: Actor, checked: Check, *, file_name: str, **values: Any) -> None:
    db.session.execute(
        insert(RosterImport),
        {
            "stage": checked.stage,
            "file_name": file_name[:FILE_NAME_LENGTH],
            "uploaded_by": actor.user_id,
            "uploaded_by_name": actor.name,
            "uploaded_at": clock.now(),
            **_findings(checked),
            **values,
        },
    )


def _findings(checked: Check) -> dict[str, Any]:
    return {
        "summary": asdict(checked.summary),
        "problems": [_stored(each) for each in checked.problems[:MOST_PROBLEMS]],
        "missing": {
            str(area_id): [household_id.hex for household_id in ids]
            for area_id, ids in checked.missing.items()
        },
    }


def _stored(problem: RowProblem) -> dict[str, Any]:
    return {
        "row": problem.row,
        "column": problem.column.value,
        "label": problem.label,
        "value": problem.value,
        "code": problem.code.value,
        "params": dict(problem.params),
    }
