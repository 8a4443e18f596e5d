"""Filling in a document that shows personal numbers: each is written down as seen."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from casework.access.actor import Actor
from casework.graduation import policy
from casework.graduation.queries.case import load
from casework.households.actions.reveal import reveal
from casework.households.queries.numbers import Number
from casework.regions.queries.places import path_of


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
