"""The list that goes to the ministry: as a workbook with whole numbers, and on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from casework.access.actor import Actor
from casework.core.masking import mask_nik
from casework.core.tables.cells import ToFill
from casework.graduation.models import MinistryBatch
from casework.graduation.queries.batches import all_entries
from casework.graduation.reading.outcomes import ALIASES, Column
from casework.graduation.rules import nomination_number
from casework.households.queries.numbers import in_full
from casework.regions.queries.lookup import path_names

#: Always Indonesian, like every list that offices exchange. The last three come back filled in.
HEADER = (
    "NO",
    ALIASES[Column.NUMBER][0],
    "NAMA PENGURUS",
    ALIASES[Column.NIK][0],
    ALIASES[Column.NO_KK][0],
    "DESA/KELURAHAN",
    "KECAMATAN",
    "KELOMPOK",
    "PENDAMPING",
    "TANGGAL DISETUJUI",
    "DISETUJUI OLEH",
    ALIASES[Column.OUTCOME][0],
    ALIASES[Column.STAGE][0],
    ALIASES[Column.REASON][0],
)
WIDTHS = (5, 15, 30, 19, 19, 24, 24, 24, 28, 18, 28, 14, 10, 30)


@dataclass(frozen=True, slots=True)
class ListedFamily:
    """One line of the list."""

    position: int
    number: str
    name: str
    nik: str
    no_kk: str
    village: str
    district: str
    group: str
    facilitator: str
    approved_on: Any
    approved_by: str

    @property
    def masked_nik(self) -> str:
        return mask_nik(self.nik)


def listed_families(actor: Actor, batch: MinistryBatch) -> Sequence[ListedFamily]:
    """With whole numbers; the caller records that, or shows them masked."""
    rows = all_entries(actor, batch)
    numbers = in_full(batch.area_id, [row.household_id for row in rows])
    paths = path_names({row.village_code for row in rows})
    families = []
    for row in rows:
        nik, no_kk = numbers[row.household_id]
        path = paths.get(row.village_code, row.village_name).split(", ")
        families.append(
            ListedFamily(
                row.BatchEntry.position,
                nomination_number(batch.number, batch.year, row.BatchEntry.position),
                row.caretaker_name,
                nik,
                no_kk,
                row.village_name,
                path[1] if len(path) > 1 else "",
                row.group_name or "",
                row.facilitator_name or "",
                row.decided_at,
                row.decided_by_name or "",
            )
        )
    return families


def workbook_rows(families: Sequence[ListedFamily], time_zone: Any) -> Iterator[tuple[object, ...]]:
    """Under `HEADER`."""
    for each in families:
        approved_on = each.approved_on.astimezone(time_zone).date() if each.approved_on else None
        yield (
            each.position,
            each.number,
            each.name,
            each.nik,
            each.no_kk,
            each.village,
            each.district,
            each.group,
            each.facilitator,
            approved_on,
            each.approved_by,
            ToFill(),
            ToFill(),
            ToFill(),
        )
