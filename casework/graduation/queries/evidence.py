"""The files of one nomination, and what each is known again by."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, Uuid, and_, bindparam, select

from casework.access.actor import Actor
from casework.core.kept import Kept
from casework.graduation.models import Evidence, EvidenceOpening, Nomination
from casework.graduation.rules import PAPERS
from casework.graduation.states import EvidenceKind


class Known(NamedTuple):
    """What a file of a nomination is known by."""

    kind: EvidenceKind
    #: As it came; None of before this was kept.
    upload_sha256: bytes | None
    #: As it is kept: a paper whose title was changed is the same paper.
    sha256: bytes
    #: In as many positions as are to be looked for.
    likenesses: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    id: uuid.UUID
    kind: EvidenceKind
    media_type: str
    size: int
    pages: int
    sha256: bytes
    upload_sha256: bytes | None
    likeness: bytes | None
    added_by: uuid.UUID
    added_by_name: str
    added_at: datetime
    removed_at: datetime | None
    #: When the person who looks now opened it.
    opened_at: datetime | None

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")

    @property
    def is_uncompared(self) -> bool:
        """A photo that could be another family's for all the product can tell: it shows too little,
        as one that is small in a screenshot, or it came before photos were compared."""
        return self.kind not in PAPERS and self.likeness is None

    @property
    def known(self) -> Known:
        """A photo as it lies: it was looked for in all its positions when it was added."""
        likenesses = (self.likeness,) if self.likeness else ()
        return Known(self.kind, self.upload_sha256, self.sha256, likenesses)


def evidence_of(actor: Actor, nomination: Nomination) -> list[EvidenceFile]:
    """Also what was taken out again; in the order of the checklist, then as it was added."""
    rows: Iterable[Any] = _its_evidence.execute(
        {"area_id": nomination.area_id, "id": nomination.id, "actor_id": actor.user_id}
    )
    order = list(EvidenceKind)
    return sorted((EvidenceFile(*row) for row in rows), key=lambda each: order.index(each.kind))


@Kept
def _its_evidence() -> Select[*tuple[Any, ...]]:
    mine = and_(
        EvidenceOpening.area_id == Evidence.area_id,
        EvidenceOpening.nomination_id == Evidence.nomination_id,
        EvidenceOpening.evidence_id == Evidence.id,
        EvidenceOpening.opened_by == bindparam("actor_id", type_=Uuid),
    )
    return (
        select(
            Evidence.id,
            Evidence.kind,
            Evidence.media_type,
            Evidence.size,
            Evidence.pages,
            Evidence.sha256,
            Evidence.upload_sha256,
            Evidence.likeness,
            Evidence.added_by,
            Evidence.added_by_name,
            Evidence.added_at,
            Evidence.removed_at,
            EvidenceOpening.opened_at,
        )
        .outerjoin(EvidenceOpening, mine)
        .where(
            Evidence.area_id == bindparam("area_id", type_=Integer),
            Evidence.nomination_id == bindparam("id", type_=Uuid),
        )
        .order_by(Evidence.added_at, Evidence.id)
    )
