"""One nomination with everything that policy and the page ask of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Exists, Row, and_, exists, select

from casework.access.actor import Actor
from casework.accounts.queries.people import people
from casework.core.db import db
from casework.core.errors import NotFound
from casework.graduation.models import (
    BatchEntry,
    Evidence,
    EvidenceOpening,
    MinistryBatch,
    Nomination,
    NominationEvent,
    NominationHand,
)
from casework.graduation.scope import ITS_ENTRY, with_household
from casework.graduation.states import EvidenceKind, open_statuses
from casework.regions.queries.places import places
from casework.regions.scope import probed_areas


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    id: uuid.UUID
    kind: EvidenceKind
    media_type: str
    size: int
    pages: int
    sha256: bytes
    added_by: uuid.UUID
    added_by_name: str
    added_at: datetime
    removed_at: datetime | None
    #: When the person who looks now opened it.
    opened_at: datetime | None

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Case:
    nomination: Nomination
    #: Columns of `households.scope.households`, and village_name, time_zone (of the regency),
    #: facilitator_name.
    household: Row[Any]
    #: Also what was taken out again.
    all_evidence: Sequence[EvidenceFile]
    events: Sequence[NominationEvent]
    #: The person who looks made, sent or documented it at any time, or recorded what its
    #: readiness is computed from.
    had_hand: bool
    #: Where it stands in which batch, and what the ministry answered; None before it is forwarded.
    entry: BatchEntry | None
    batch: MinistryBatch | None

    @property
    def evidence(self) -> list[EvidenceFile]:
        return [each for each in self.all_evidence if each.removed_at is None]

    @property
    def unopened(self) -> list[EvidenceFile]:
        """By the person who looks."""
        return [each for each in self.evidence if each.opened_at is None]

    @property
    def has_consent(self) -> bool:
        return bool(
            self.nomination.consent_on
            and self.nomination.consent_given
            and self.nomination.consent_asked_by
        )

    def evidence_file(self, evidence_id: uuid.UUID) -> EvidenceFile:
        """Raises: NotFound, also for what was taken out."""
        found = next((each for each in self.evidence if each.id == evidence_id), None)
        if found is None:
            raise NotFound
        return found


def load(actor: Actor, nomination_id: uuid.UUID) -> Case:
    """Three statements, fresh from the database. Raises: NotFound."""
    seen, joined = with_household(actor)
    village, facilitator = places(), people()
    row = db.session.execute(
        select(
            Nomination,
            BatchEntry,
            MinistryBatch,
            *seen.c,
            village.c.name.label("village_name"),
            village.c.time_zone,
            facilitator.c.name.label("facilitator_name"),
            _hand_of(actor).label("had_hand"),
        )
        .select_from(Nomination)
        .join(seen, joined)
        .join(village, village.c.code == seen.c.village_code)
        .outerjoin(facilitator, facilitator.c.id == seen.c.facilitator_id)
        .outerjoin(
            BatchEntry,
            ITS_ENTRY,
        )
        .outerjoin(
            MinistryBatch,
            and_(
                MinistryBatch.area_id == BatchEntry.area_id,
                MinistryBatch.id == BatchEntry.batch_id,
            ),
        )
        .where(probed_areas(actor, Nomination.area_id), Nomination.id == nomination_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    nomination: Nomination = row[0]
    return Case(
        nomination,
        row,
        _evidence(actor, nomination),
        events_of(nomination),
        row.had_hand,
        row[1],
        row[2],
    )


def _hand_of(actor: Actor) -> Exists:
    return exists().where(
        NominationHand.area_id == Nomination.area_id,
        NominationHand.nomination_id == Nomination.id,
        NominationHand.user_id == actor.user_id,
    )


def _evidence(actor: Actor, nomination: Nomination) -> list[EvidenceFile]:
    mine = and_(
        EvidenceOpening.area_id == Evidence.area_id,
        EvidenceOpening.nomination_id == Evidence.nomination_id,
        EvidenceOpening.evidence_id == Evidence.id,
        EvidenceOpening.opened_by == actor.user_id,
    )
    rows = db.session.execute(
        select(
            Evidence.id,
            Evidence.kind,
            Evidence.media_type,
            Evidence.size,
            Evidence.pages,
            Evidence.sha256,
            Evidence.added_by,
            Evidence.added_by_name,
            Evidence.added_at,
            Evidence.removed_at,
            EvidenceOpening.opened_at,
        )
        .outerjoin(EvidenceOpening, mine)
        .where(Evidence.area_id == nomination.area_id, Evidence.nomination_id == nomination.id)
        .order_by(Evidence.added_at, Evidence.id)
    )
    order = list(EvidenceKind)
    return sorted((EvidenceFile(*row) for row in rows), key=lambda each: order.index(each.kind))


def events_of(nomination: Nomination) -> Sequence[NominationEvent]:
    return db.session.scalars(
        select(NominationEvent)
        .where(
            NominationEvent.area_id == nomination.area_id,
            NominationEvent.nomination_id == nomination.id,
        )
        .order_by(NominationEvent.version)
    ).all()


def open_nomination(area_id: int, household_id: uuid.UUID) -> uuid.UUID | None:
    """The one under way for a household that the caller has got through its scope."""
    return db.session.scalar(
        select(Nomination.id).where(
            Nomination.area_id == area_id,
            Nomination.household_id == household_id,
            Nomination.status.in_(open_statuses()),
        )
    )
