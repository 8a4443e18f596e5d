"""What was said of a meeting so far."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from casework.accounts.queries.people import people
from casework.core.db import db
from casework.meetings.models import RegisterClaim
from casework.meetings.queries.stored import head_of, mark_of
from casework.meetings.rules import Claim, standing


@dataclass(frozen=True, slots=True)
class Said:
    """A claim, by whom and when it came."""

    claim: Claim
    name: str
    received_at: datetime


def claims_of(area_id: int, meeting_id: uuid.UUID) -> list[Said]:
    """All claims of a meeting, in the order they came. The caller has got its group through
    `scope`."""
    rows = db.session.execute(
        select(RegisterClaim.__table__)
        .where(RegisterClaim.area_id == area_id, RegisterClaim.meeting_id == meeting_id)
        .order_by(RegisterClaim.version, RegisterClaim.seq)
    )
    return [
        Said(
            Claim(
                id=row.id,
                device=row.device_id,
                seq=row.seq,
                base_version=row.base_version,
                version=row.version,
                said_by=row.said_by,
                head=None if row.head is None else head_of(row.head),
                marks={uuid.UUID(key): mark_of(stored) for key, stored in row.marks.items()},
                before=tuple(row.versions_before or ()),
            ),
            row.said_by_name,
            row.received_at,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Differing:
    """What those who differ say."""

    #: By family, in one order.
    families: Mapping[uuid.UUID, Sequence[Said]]
    #: Of the meeting itself; empty where they agree.
    heads: Sequence[Said]


def differing(area_id: int, meeting_id: uuid.UUID) -> Differing:
    """As `claims_of`; for a meeting where something differs."""
    said = {each.claim.id: each for each in claims_of(area_id, meeting_id)}
    now = standing(each.claim for each in said.values())
    return Differing(
        {key: [said[claim.id] for claim in claims] for key, claims in now.differing.items()},
        [said[claim.id] for claim in now.heads] if now.is_head_differing else [],
    )


def name_of(user_id: uuid.UUID) -> str:
    person = people()
    name = select(person.c.name).where(person.c.id == user_id)
    return db.session.execute(name).scalar_one()
