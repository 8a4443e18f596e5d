"""One nomination with everything that policy and the page ask of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    Subquery,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    select,
)

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.accounts.queries.people import people
from casework.core.db import db
from casework.core.errors import NotFound
from casework.graduation.models import (
    BatchEntry,
    MinistryBatch,
    Nomination,
    NominationEvent,
    NominationHand,
)
from casework.graduation.queries.evidence import EvidenceFile, evidence_of
from casework.graduation.scope import ITS_ENTRY, is_of
from casework.graduation.states import NominationStatus, open_statuses
from casework.households import scope as households
from casework.regions.queries.places import places
from casework.regions.rules import regency_of
from casework.regions.scope import is_one_area, probed_areas


@dataclass(frozen=True, slots=True)
class Case:
    nomination: Nomination
    #: Columns of `households.scope.households`, and village_name, time_zone (of the regency),
    #: facilitator_name, facilitator_is_active, facilitator_role, facilitator_region.
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
    def is_looked_after(self) -> bool:
        """Somebody has its group who can sign in and sees it (`households.scope`)."""
        row = self.household
        return bool(
            row.facilitator_is_active
            and row.facilitator_role is Role.FACILITATOR
            and row.facilitator_region
            and regency_of(row.facilitator_region) == regency_of(row.village_code)
        )

    @property
    def has_consent(self) -> bool:
        return bool(
            self.nomination.consent_on
            and self.nomination.consent_given
            and self.nomination.consent_asked_by
        )

    def files(self) -> list[dict[str, str]]:
        """The evidence as a nomination is sent with it, to be kept beside its readiness."""
        return [
            {"id": str(each.id), "kind": each.kind.value, "sha256": each.sha256.hex()}
            for each in sorted(self.evidence, key=lambda each: each.id)
        ]

    @property
    def is_as_sent(self) -> bool:
        """The evidence is what was sent, file by file; what was sent before lists were kept counts
        as such."""
        kept = (self.nomination.readiness or {}).get("files")
        return kept is None or kept == self.files()

    @property
    def returned_before(self) -> NominationEvent | None:
        """The last time that what waits now was returned, for whoever looks at it again."""
        if self.nomination.status is not NominationStatus.SUBMITTED:
            return None
        newest_first = reversed(self.events)
        return next((e for e in newest_first if e.to_status is NominationStatus.RETURNED), None)

    def evidence_file(self, evidence_id: uuid.UUID) -> EvidenceFile:
        """Raises: NotFound, also for what was taken out."""
        found = next((each for each in self.evidence if each.id == evidence_id), None)
        if found is None:
            raise NotFound
        return found


def load(actor: Actor, nomination_id: uuid.UUID) -> Case:
    """Three statements, fresh from the database. Raises: NotFound."""
    given = {"area_id": actor.area_id, "actor_id": actor.user_id, "id": nomination_id}
    row = db.session.execute(_seen_by(actor), given).one_or_none()
    if row is None:
        raise NotFound
    nomination: Nomination = row[0]
    return Case(
        nomination,
        row,
        evidence_of(actor, nomination),
        events_of(nomination),
        row.had_hand,
        row[1],
        row[2],
    )


_AREA = bindparam("area_id", type_=Integer)
_ACTOR = bindparam("actor_id", type_=Uuid)


def _seen_by(actor: Actor) -> Select[*tuple[Any, ...]]:
    if actor.role is Role.FACILITATOR:
        return _in_care()
    if is_one_area(actor):
        return _in_regency()
    return _statement(households.households(actor), probed_areas(actor, Nomination.area_id))


@cache
def _in_care() -> Select[*tuple[Any, ...]]:
    """Built once, as what almost everybody's pages and acts begin with."""
    return _statement(households.households_in_care(_AREA, _ACTOR), Nomination.area_id == _AREA)


@cache
def _in_regency() -> Select[*tuple[Any, ...]]:
    return _statement(households.households_in_regency(_AREA), Nomination.area_id == _AREA)


def _statement(seen: Subquery, lies: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Of the households in scope, with what lies in the regencies that `lies` names; takes the
    parameters id, actor_id and, where `lies` does, area_id."""
    village, facilitator = places(), people()
    had_hand = exists().where(
        NominationHand.area_id == Nomination.area_id,
        NominationHand.nomination_id == Nomination.id,
        NominationHand.user_id == _ACTOR,
    )
    return (
        select(
            Nomination,
            BatchEntry,
            MinistryBatch,
            *seen.c,
            village.c.name.label("village_name"),
            village.c.time_zone,
            facilitator.c.name.label("facilitator_name"),
            facilitator.c.is_active.label("facilitator_is_active"),
            facilitator.c.role.label("facilitator_role"),
            facilitator.c.region_code.label("facilitator_region"),
            had_hand.label("had_hand"),
        )
        .select_from(Nomination)
        .join(seen, is_of(seen))
        .join(village, village.c.code == seen.c.village_code)
        .outerjoin(facilitator, facilitator.c.id == seen.c.facilitator_id)
        .outerjoin(BatchEntry, ITS_ENTRY)
        .outerjoin(
            MinistryBatch,
            and_(
                MinistryBatch.area_id == BatchEntry.area_id,
                MinistryBatch.id == BatchEntry.batch_id,
            ),
        )
        .where(lies, Nomination.id == bindparam("id", type_=Uuid))
        .execution_options(populate_existing=True)
    )


def events_of(nomination: Nomination) -> Sequence[NominationEvent]:
    given = {"area_id": nomination.area_id, "id": nomination.id}
    return db.session.scalars(_its_events(), given).all()


@cache
def _its_events() -> Select[NominationEvent]:
    return (
        select(NominationEvent)
        .where(
            NominationEvent.area_id == _AREA,
            NominationEvent.nomination_id == bindparam("id", type_=Uuid),
        )
        .order_by(NominationEvent.version)
    )


def drafts_since(area_id: int, household_id: uuid.UUID, since: datetime) -> int:
    """How many were begun since then and given up before they were sent."""
    count = db.session.scalar(
        select(func.count()).where(
            Nomination.area_id == area_id,
            Nomination.household_id == household_id,
            given_up_since(since),
        )
    )
    return count or 0


def given_up_since(since: datetime) -> ColumnElement[bool]:
    return and_(
        Nomination.status == NominationStatus.WITHDRAWN,
        Nomination.first_submitted_at.is_(None),
        Nomination.nominated_at > since,
    )


def open_nomination(area_id: int, household_id: uuid.UUID) -> uuid.UUID | None:
    """The one under way for a household that the caller has got through its scope."""
    return db.session.scalar(
        select(Nomination.id).where(
            Nomination.area_id == area_id,
            Nomination.household_id == household_id,
            Nomination.status.in_(open_statuses()),
        )
    )
