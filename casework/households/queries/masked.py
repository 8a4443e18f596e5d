from __future__ import annotations

import uuid
from dataclasses import dataclass

from casework.core.masking import mask_nik, mask_no_kk
from casework.households.queries.numbers import Number, unseal


@dataclass(frozen=True, slots=True)
class MaskedNumbers:
    """What a page may show of a household's numbers without leaving a trace."""

    nik: str
    no_kk: str
    has_address: bool

    @classmethod
    def of(
        cls, household_id: uuid.UUID, nik: bytes | None, no_kk: bytes | None, *, has_address: bool
    ) -> MaskedNumbers:
        """From the sealed columns of a household that came through `scope`."""
        return cls(
            nik=mask_nik(unseal(household_id, Number.NIK, nik)),
            no_kk=mask_no_kk(unseal(household_id, Number.NO_KK, no_kk)),
            has_address=has_address,
        )
