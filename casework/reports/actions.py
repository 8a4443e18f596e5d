"""Making documents about families: who made which is written down."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.counts.rules import NATION
from casework.graduation import policy
from casework.graduation.queries.case import load
from casework.households.actions.reveal import reveal
from casework.households.queries.numbers import Number
from casework.regions.queries.places import path_of
from casework.reports.queries.ceremony import Wanted


@dataclass(frozen=True, slots=True)
class Statement:
    """What stands in a family's statement besides its wording."""

    name: str
    nik: str
    address: str
    village: str
    district: str
    regency: str
    province: str
    facilitator: str


def fill_statement(actor: Actor, nomination_id: uuid.UUID) -> Statement:
    """What the family is to sign, with its NIK and address, while the nomination lies with its
    facilitator.

    Raises: NotFound; Refused; Conflict; TooMany.
    """
    case = load(actor, nomination_id)
    policy.check_can_edit(actor, case)
    household = case.household
    province, regency, district, village = (each.name for each in path_of(household.village_code))
    return Statement(
        name=household.caretaker_name,
        nik=reveal(actor, case.nomination.household_id, Number.NIK),
        address=reveal(actor, case.nomination.household_id, Number.ADDRESS),
        village=village,
        district=district,
        regency=regency,
        province=province,
        facilitator=actor.name,
    )


def record_certificates(actor: Actor, wanted: Wanted, families: Sequence[Any]) -> None:
    """That certificates were made, for how many families of where and since when."""
    audit.record(
        actor,
        Tag.CERTIFICATES_MADE,
        subject_type="region",
        subject_id=wanted.region or actor.region_code or NATION,
        area_id=actor.area_id,
        stage=f"{wanted.first} - {wanted.last}",
        households=len(families),
    )
