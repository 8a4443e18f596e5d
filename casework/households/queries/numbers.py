"""Personal numbers and addresses: sealed on the way in, opened on purpose only."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import LargeBinary, select

from casework.core.among import among, portions
from casework.core.crypto import Keyring, current_keyring
from casework.core.db import db
from casework.households.models import Household
from casework.households.rules import HouseholdStatus

_TABLE = "household"


class Number(StrEnum):
    """What of a household is sealed; each value names the field it is bound to."""

    NIK = "nik"
    NO_KK = "no_kk"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Sealed:
    """The columns of `Household` that hold numbers, ready to be written."""

    nik_sealed: bytes
    nik_index: bytes
    no_kk_sealed: bytes
    no_kk_index: bytes
    address_sealed: bytes | None


_COLUMNS = {
    Number.NIK: Household.nik_sealed,
    Number.NO_KK: Household.no_kk_sealed,
    Number.ADDRESS: Household.address_sealed,
}


@dataclass(frozen=True, slots=True)
class Indexes:
    """By which a household's numbers are found."""

    nik: bytes
    no_kk: bytes


def indexes(nik: str, no_kk: str) -> Indexes:
    keyring = current_keyring()
    return Indexes(nik_index(keyring, nik), no_kk_index(keyring, no_kk))


def seal(
    household_id: uuid.UUID, *, nik: str, no_kk: str, address: str, known: Indexes | None = None
) -> Sealed:
    """Bound to this household: moved to another row, they do not open. `known` are the indexes
    of the same numbers, where they have been computed before."""
    known = known or indexes(nik, no_kk)
    sealed = current_keyring().sealer(_TABLE, str(household_id))
    return Sealed(
        nik_sealed=sealed(Number.NIK.value, nik.encode()),
        nik_index=known.nik,
        no_kk_sealed=sealed(Number.NO_KK.value, no_kk.encode()),
        no_kk_index=known.no_kk,
        address_sealed=sealed(Number.ADDRESS.value, address.encode()) if address else None,
    )


def unseal(household_id: uuid.UUID, what: Number, value: bytes | None) -> str:
    """In clear; empty where there is nothing."""
    if value is None:
        return ""
    return current_keyring().open_text(value, table=_TABLE, row=str(household_id), field=what.value)


def nik_index(keyring: Keyring, nik: str) -> bytes:
    """By which a NIK is found without being told."""
    return keyring.blind_index("nik", nik)


def no_kk_index(keyring: Keyring, no_kk: str) -> bytes:
    return keyring.blind_index("no_kk", no_kk)


def in_full(area_id: int, household_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[str, str]]:
    """NIK and No KK in clear, of households that came through `scope`; the caller records it, or
    shows them masked."""
    query = select(Household.id, Household.nik_sealed, Household.no_kk_sealed).where(
        Household.area_id == area_id, among(Household.id, "ids")
    )
    return {
        row.id: (
            unseal(row.id, Number.NIK, row.nik_sealed),
            unseal(row.id, Number.NO_KK, row.no_kk_sealed),
        )
        for portion in portions(household_ids)
        for row in db.session.execute(query, {"ids": portion})
    }


def borne(area_id: int, wanted: Collection[bytes]) -> dict[bytes, set[uuid.UUID]]:
    """Blind index of a NIK or No KK -> the households of a regency that bear it; scope does not
    apply."""
    found: dict[bytes, set[uuid.UUID]] = {}
    for column in (Household.nik_index, Household.no_kk_index):
        query = select(column.label("number"), Household.id).where(
            Household.area_id == area_id,
            among(column, "numbers", LargeBinary),
            Household.status != HouseholdStatus.MOVED,
        )
        for portion in portions(wanted):
            for row in db.session.execute(query, {"numbers": portion}):
                found.setdefault(row.number, set()).add(row.id)
    return found


def read(area_id: int, household_id: uuid.UUID, what: Number) -> str:
    """One number in clear, of a household that came through `scope`; the caller records it."""
    value = db.session.scalar(
        select(_COLUMNS[what]).where(Household.area_id == area_id, Household.id == household_id)
    )
    return unseal(household_id, what, value)
