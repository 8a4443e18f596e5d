from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from casework.core.db import db
from casework.core.masking import mask_nik, mask_no_kk
from casework.households.models import Household
from casework.households.queries.numbers import Number, unseal


@dataclass(frozen=True, slots=True)
class MaskedNumbers:
    """What a page may show of a household's numbers without leaving a trace."""

    nik: str
    no_kk: str
    has_address: bool


def masked_numbers(area_id: int, household_id: uuid.UUID) -> MaskedNumbers:
    """Of a household that came through `scope`."""
    row = db.session.execute(
        select(Household.nik_sealed, Household.no_kk_sealed, Household.address_sealed).where(
            Household.area_id == area_id, Household.id == household_id
        )
    ).one()
    return MaskedNumbers(
        nik=mask_nik(unseal(household_id, Number.NIK, row.nik_sealed)),
        no_kk=mask_no_kk(unseal(household_id, Number.NO_KK, row.no_kk_sealed)),
        has_address=row.address_sealed is not None,
    )
