"""Which column of a file holds what, whatever the office called it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from casework.core.tables.reading.cells import Cell, SourceRow, squash, text_of
from casework.core.tables.reading.errors import FileFault, UnreadableFile

#: Titles, logos and dates stand above the header of most home-made sheets.
HEADER_WITHIN = 20


class Column(StrEnum):
    CARETAKER_NAME = "caretaker_name"
    NIK = "nik"
    NO_KK = "no_kk"
    BORN_ON = "born_on"
    PREGNANT = "pregnant"
    EARLY_CHILDHOOD = "early_childhood"
    PRIMARY_SCHOOL = "primary_school"
    JUNIOR_SCHOOL = "junior_school"
    SENIOR_SCHOOL = "senior_school"
    DISABILITY = "disability"
    ELDERLY = "elderly"
    RIGHTS_VIOLATION_VICTIM = "rights_violation_victim"
    STATUS = "status"
    ADDRESS = "address"
    RT = "rt"
    RW = "rw"
    HAMLET = "hamlet"
    VILLAGE = "village"
    DISTRICT = "district"
    REGENCY = "regency"
    PROVINCE = "province"
    VILLAGE_CODE = "village_code"


#: The components that make a family eligible; how many members have each.
COMPONENTS = (
    Column.PREGNANT,
    Column.EARLY_CHILDHOOD,
    Column.PRIMARY_SCHOOL,
    Column.JUNIOR_SCHOOL,
    Column.SENIOR_SCHOOL,
    Column.DISABILITY,
    Column.ELDERLY,
    Column.RIGHTS_VIOLATION_VICTIM,
)


class Need(StrEnum):
    """Whether a file has to have a column."""

    ALWAYS = "always"
    #: Where there is no column with the code of the village.
    WITHOUT_CODE = "without_code"
    OPTIONAL = "optional"


_NEEDED = {
    Column.CARETAKER_NAME: Need.ALWAYS,
    Column.NIK: Need.ALWAYS,
    Column.NO_KK: Need.ALWAYS,
    Column.VILLAGE: Need.WITHOUT_CODE,
    Column.DISTRICT: Need.WITHOUT_CODE,
}


def need(column: Column) -> Need:
    return _NEEDED.get(column, Need.OPTIONAL)


#: First the name in the Final Closing, by which a missing column is asked for; then the names
#: in SIKS exports and in sheets of offices. Written without case, blanks and punctuation.
#: Where a row has several (ALAMAT and ALAMAT FC), the first that is filled in counts.
ALIASES: dict[Column, tuple[str, ...]] = {
    Column.CARETAKER_NAME: (
        "NAMA PENERIMA", "NAMA PENGURUS", "PENGURUS", "NAMA LENGKAP PENGURUS", "NAMA KPM",
        "NAMA PENERIMA MANFAAT", "NAMA LENGKAP", "NAMA",
    ),
    Column.NIK: (
        "NIK", "NIK PENGURUS", "NIK PENERIMA", "NIK KTP", "NO NIK", "NOMOR NIK", "NO KTP",
        "NOMOR INDUK KEPENDUDUKAN",
    ),
    Column.NO_KK: (
        "NO KK", "NOMOR KK", "NO KARTU KELUARGA", "NOMOR KARTU KELUARGA", "KK",
    ),
    Column.BORN_ON: ("TGL LAHIR", "TANGGAL LAHIR"),
    Column.PREGNANT: ("HAMIL", "BUMIL", "IBU HAMIL"),
    Column.EARLY_CHILDHOOD: ("AUD", "BALITA", "ANAK USIA DINI", "USIA DINI"),
    Column.PRIMARY_SCHOOL: ("SD", "ANAK SD"),
    Column.JUNIOR_SCHOOL: ("SMP", "ANAK SMP"),
    Column.SENIOR_SCHOOL: ("SMA", "ANAK SMA"),
    Column.DISABILITY: ("DISABIL", "DISAB", "DISABILITAS", "DISABILITAS BERAT"),
    Column.ELDERLY: ("LANSIA", "LANJUT USIA"),
    Column.RIGHTS_VIOLATION_VICTIM: ("HAM", "KORBAN HAM", "PELANGGARAN HAM"),
    Column.STATUS: ("STATUS", "STATUS KEPESERTAAN", "STATUS PKH"),
    Column.ADDRESS: ("ALAMAT", "ALAMAT FC", "ALAMAT LENGKAP"),
    Column.RT: ("RT", "NO RT"),
    Column.RW: ("RW", "NO RW"),
    Column.HAMLET: ("DUSUN", "LINGKUNGAN", "NAMA DUSUN"),
    Column.VILLAGE: (
        "KELURAHAN", "DESA", "DESA KELURAHAN", "KELURAHAN DESA", "DESA KEL", "KEL DESA", "KEL",
        "NAMA KELURAHAN", "NAMA DESA", "NAMA KEL", "NAMA DESA KELURAHAN", "NAMA KELURAHAN DESA",
    ),
    Column.DISTRICT: ("KECAMATAN", "KEC", "NAMA KECAMATAN", "NAMA KEC", "DISTRIK"),
    Column.REGENCY: (
        "KABUPATEN", "KAB KOTA", "KABUPATEN KOTA", "KOTA KABUPATEN", "KAB", "KOTA",
        "NAMA KABUPATEN", "NAMA KAB", "NAMA KAB KOTA", "NAMA KABUPATEN KOTA",
    ),
    Column.PROVINCE: ("PROVINSI", "PROV", "NAMA PROVINSI", "NAMA PROP", "PROPINSI"),
    Column.VILLAGE_CODE: (
        "KODE WILAYAH", "KODE DESA", "KODE KELURAHAN", "KODE DESA KELURAHAN", "KODE KEMENDAGRI",
    ),
}  # fmt: skip

#: Two of these under one name leave open which is meant.
_MUST_BE_ONE = frozenset({Column.NIK, Column.NO_KK, Column.CARETAKER_NAME, Column.VILLAGE_CODE})


_KNOWN = {
    squash(name): (column, rank)
    for column, names in ALIASES.items()
    for rank, name in enumerate(names)
}


@dataclass(frozen=True)
class Columns:
    """The header of a file."""

    row_number: int
    header: tuple[str, ...]
    #: Places in the row, in the order in which they are asked.
    positions: dict[Column, tuple[int, ...]]

    def __contains__(self, column: Column) -> bool:
        return column in self.positions

    def only_position(self, column: Column) -> int | None:
        """Where the column stands, if it stands there once."""
        positions = self.positions.get(column, ())
        return positions[0] if len(positions) == 1 else None

    def cell(self, row: SourceRow, column: Column) -> Cell:
        """What the row holds there; empty text where there is no such column or cell."""
        position = self.position(row.cells, column)
        return "" if position is None else row.cells[position]

    def position(self, cells: Sequence[Cell], column: Column) -> int | None:
        """Which of the row's cells counts; None where there is no such column or cell."""
        positions = self.positions.get(column, ())
        if len(positions) == 1:
            return positions[0] if positions[0] < len(cells) else None
        for position in positions:
            if position < len(cells) and text_of(cells[position]):
                return position
        return None

    def label(self, column: Column) -> str:
        """The column's name as the file writes it, so that its reader finds it."""
        positions = self.positions.get(column)
        return self.header[positions[0]] if positions else ALIASES[column][0]


def read_header(row: SourceRow) -> Columns:
    header = tuple(text_of(cell) for cell in row.cells)
    found: dict[Column, list[tuple[int, int]]] = {}
    for position, name in enumerate(header):
        if known := _KNOWN.get(squash(name)):
            column, rank = known
            found.setdefault(column, []).append((rank, position))
    positions = {
        column: tuple(position for _, position in sorted(places))
        for column, places in found.items()
    }
    return Columns(row.number, header, positions)


def known_in(row: SourceRow) -> int:
    """How many of the columns a row names."""
    return len(read_header(row).positions)


def missing(columns: Columns) -> tuple[str, ...]:
    """Obligatory columns that are not there, by their name in the Final Closing."""
    asked = {Need.ALWAYS} if Column.VILLAGE_CODE in columns else {Need.ALWAYS, Need.WITHOUT_CODE}
    return _names(column for column in _NEEDED if need(column) in asked and column not in columns)


def _names(columns: Iterable[Column]) -> tuple[str, ...]:
    """In the Final Closing."""
    return tuple(ALIASES[column][0] for column in columns)


def no_header() -> UnreadableFile:
    return UnreadableFile(
        FileFault.NO_HEADER,
        within=HEADER_WITHIN,
        columns=_names(column for column in _NEEDED if need(column) is Need.ALWAYS),
    )


def find_header(rows: Sequence[SourceRow]) -> Columns:
    """The first row that names all that is needed.

    Raises: UnreadableFile, naming what the nearest candidate lacks.
    """
    candidates = [read_header(row) for row in rows[:HEADER_WITHIN]]
    for columns in candidates:
        if not missing(columns):
            _check_single(columns)
            return columns
    nearest = max(candidates, key=lambda columns: len(columns.positions), default=None)
    # One familiar word may stand in any title.
    if nearest is None or len(nearest.positions) < 2:
        raise no_header()
    raise UnreadableFile(
        FileFault.MISSING_COLUMNS, columns=missing(nearest), row=nearest.row_number
    )


def _check_single(columns: Columns) -> None:
    for column in sorted(_MUST_BE_ONE):
        names = [squash(columns.header[position]) for position in columns.positions.get(column, ())]
        if len(names) != len(set(names)):
            raise UnreadableFile(
                FileFault.COLUMN_TWICE, column=columns.label(column), row=columns.row_number
            )
