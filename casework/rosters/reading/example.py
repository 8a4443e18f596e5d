"""One invented row of a roster file, for whoever makes one: shown on the page of the import and in
docs/roster-file.md. A test has it read like any other."""

from __future__ import annotations

from collections.abc import Mapping

from casework.rosters.reading.columns import Column

#: NIK and No KK begin with 99, a province that does not exist.
EXAMPLE: Mapping[Column, str] = {
    Column.CARETAKER_NAME: "Wilhelmina Rumokoy",
    Column.NIK: "9901015208850003",
    Column.NO_KK: "9901010107120011",
    Column.BORN_ON: "12/08/1985",
    Column.PREGNANT: "0",
    Column.EARLY_CHILDHOOD: "1",
    Column.PRIMARY_SCHOOL: "2",
    Column.JUNIOR_SCHOOL: "0",
    Column.SENIOR_SCHOOL: "0",
    Column.DISABILITY: "0",
    Column.ELDERLY: "1",
    Column.RIGHTS_VIOLATION_VICTIM: "0",
    Column.STATUS: "Aktif",
    Column.ADDRESS: "Jl. Mawar 7",
    Column.RT: "003",
    Column.RW: "001",
    Column.HAMLET: "Lingkungan II",
    Column.VILLAGE: "Molas",
    Column.DISTRICT: "Bunaken",
    Column.REGENCY: "Kota Manado",
    Column.PROVINCE: "Sulawesi Utara",
    Column.VILLAGE_CODE: "71.71.01.1001",
}
