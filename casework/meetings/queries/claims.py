"""What was said of a meeting so far."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from casework.accounts.queries.people import people
from casework.core.db import db
from casework.meetings.models import RegisterClaim
from casework.meetings.queries.register import Register
from casework.meetings.queries.stored import head_of, keeps_note, mark_of
from casework.meetings.rules import (
    Claim,
    Head,
    Mark,
    differs_since,
    head_choices,
    latest,
    mark_choices,
    noting,
    standing,
)


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
                keeps_note=keeps_note(row.marks),
                was_sent=row.was_sent,
            ),
            row.said_by_name,
            row.received_at,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Difference:
    """What those say who differ over one family, or over the meeting itself."""

    #: In one order, whoever came first.
    said: Sequence[Said]
    #: When the server took in the claim with which they began to differ.
    since: datetime
    #: Of a family: who has said something of its note, be it before the marks that differ.
    noted: Sequence[Said] = ()

    def marks(self, family: uuid.UUID) -> dict[uuid.UUID, Mark]:
        """What may be chosen for the family, by the id of a claim that says so."""
        return mark_choices(
            {each.claim.id: each.claim.marks[family] for each in self.said},
            [each.claim.marks[family].note for each in self.noted],
        )

    def heads(self) -> dict[uuid.UUID, Head]:
        """What may be chosen of the meeting itself."""
        return head_choices(
            {each.claim.id: each.claim.head for each in self.said if each.claim.head}
        )


@dataclass(frozen=True, slots=True)
class Differing:
    """All that differs of a meeting."""

    families: Mapping[uuid.UUID, Difference] = field(default_factory=dict)
    #: None where they agree on the meeting itself.
    head: Difference | None = None

    @property
    def since(self) -> datetime | None:
        """Since when the oldest difference stands; None: nothing differs."""
        each = [*self.families.values(), *([self.head] if self.head else [])]
        return min((difference.since for difference in each), default=None)

    def only(self, families: Collection[uuid.UUID], *, head: bool) -> Differing:
        """Without what has been settled, and without families that are in no register."""
        return Differing(
            {key: each for key, each in self.families.items() if key in families},
            self.head if head else None,
        )


def differing_of(said: Iterable[Said]) -> Differing:
    """What differs after all that was said."""
    by_id = {each.claim.id: each for each in said}
    claims = [each.claim for each in by_id.values()]
    now = standing(claims)

    def whole(some: Iterable[Claim]) -> list[Said]:
        return [by_id[claim.id] for claim in some]

    def since(family: uuid.UUID | None) -> datetime:
        began = differs_since(((each.claim, each.received_at) for each in by_id.values()), family)
        if began is None:
            raise ValueError("these claims differ, and never began to")
        return began

    return Differing(
        {
            key: Difference(whole(last), since(key), whole(latest(noting(claims, key))))
            for key, last in now.differing.items()
        },
        Difference(whole(now.heads), since(None)) if now.is_head_differing else None,
    )


def differing(found: Register) -> Differing:
    """What is still to be settled of a register; asks the database only where something is."""
    meeting = found.meeting
    if meeting is None or not (found.differing or meeting.is_head_differing):
        return Differing()
    now = differing_of(claims_of(found.group.area_id, meeting.id))
    return now.only(found.differing, head=meeting.is_head_differing)


def name_of(user_id: uuid.UUID) -> str:
    person = people()
    name = select(person.c.name).where(person.c.id == user_id)
    return db.session.execute(name).scalar_one()
