"""The files that nominations and batches keep, for `flask files check`."""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Row

from casework.core.errors import Message
from casework.core.kept_files import FilesInRows, FilesOfRows
from casework.graduation.evidence_files import current_store
from casework.graduation.labels import EVIDENCE_KINDS
from casework.graduation.models import Evidence, OutcomeFile
from casework.graduation.queries.outcome_files import WAITING


def _evidence(row: Row[Any]) -> Message:
    return _(
        "evidence %(file)s (%(kind)s) of nomination %(nomination)s",
        file=row.id,
        kind=EVIDENCE_KINDS[row.kind],
        nomination=row.owner_id,
    )


def _outcomes(file_id: uuid.UUID) -> Message:
    return _("file of outcomes %(file)s", file=file_id)


KEPT = (
    FilesOfRows(
        _("Evidence of nominations"),
        Evidence,
        owner=Evidence.nomination_id,
        store=current_store,
        said=_evidence,
        digest=Evidence.sha256,
        also=(Evidence.kind,),
    ),
    FilesInRows(
        _("Files of outcomes that wait"), WAITING, said=_outcomes, digest=OutcomeFile.sha256
    ),
)
