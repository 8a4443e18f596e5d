"""A file of outcomes: what each row says, and what in it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, islice

from casework.core.masking import FULL_LENGTH, mask_nik
from casework.core.tables.reading import sources
from casework.core.tables.reading.cells import Cell, SourceRow, squash, text_of, undressed
from casework.core.tables.reading.errors import FileFault, UnreadableFile
from casework.graduation.reading.faults import OutcomeFault, OutcomeProblem
from casework.graduation.rules import MOST_CHARACTERS
from casework.graduation.states import Step
from casework.households.rules import is_stage

#: A batch has a few hundred families, and lists of a whole province may come back.
MAX_ROWS = 20_000
HEADER_WITHIN = 20


class Column(StrEnum):
    NUMBER = "number"
    NIK = "nik"
    NO_KK = "no_kk"
    OUTCOME = "outcome"
    STAGE = "stage"
    REASON = "reason"


#: First the name in the list that goes to the ministry, by which a missing column is asked for.
ALIASES: Mapping[Column, tuple[str, ...]] = {
    Column.NUMBER: ("NO USULAN", "NOMOR USULAN"),
    Column.NIK: ("NIK", "NIK PENGURUS", "NIK PENERIMA", "NOMOR NIK", "NO KTP"),
    Column.NO_KK: ("NO KK", "NOMOR KK", "NO KARTU KELUARGA", "NOMOR KARTU KELUARGA", "KK"),
    Column.OUTCOME: ("HASIL", "HASIL KEMENSOS", "KEPUTUSAN", "STATUS", "OUTCOME"),
    Column.STAGE: ("TAHAP", "MULAI TAHAP", "TAHAP MULAI", "STAGE"),
    Column.REASON: ("ALASAN", "ALASAN PENOLAKAN", "KETERANGAN", "REASON"),
}
_KNOWN = {squash(name): column for column, names in ALIASES.items() for name in names}
_IDENTIFYING = (Column.NUMBER, Column.NIK, Column.NO_KK)

_WORDS = {
    "ditetapkan": Step.ESTABLISH,
    "established": Step.ESTABLISH,
    "ditolak": Step.REFUSE,
    "refused": Step.REFUSE,
}
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_NOTHING = {"", "-"}


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A row without a problem of its own."""

    row: int
    number: str
    nik: str
    no_kk: str
    #: None: the ministry has not answered on this family yet.
    step: Step | None
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class OutcomeTable:
    rows: tuple[OutcomeRow, ...]
    problems: tuple[OutcomeProblem, ...]
    #: How the file calls its columns.
    labels: Mapping[Column, str]


@dataclass(frozen=True, slots=True)
class _Header:
    row_number: int
    places: Mapping[Column, int]
    labels: Mapping[Column, str]

    def cell(self, row: SourceRow, column: Column) -> Cell:
        place = self.places.get(column)
        return "" if place is None or place >= len(row.cells) else row.cells[place]

    def label(self, column: Column) -> str:
        return self.labels.get(column, ALIASES[column][0])


def read_outcomes(data: bytes) -> OutcomeTable:
    """Raises: UnreadableFile when no row can be looked at."""
    header, source_rows = _find_table(data)
    rows: list[OutcomeRow] = []
    problems: list[OutcomeProblem] = []
    count = 0
    for source in source_rows:
        count += 1
        if count > MAX_ROWS:
            raise UnreadableFile(FileFault.TOO_MANY_ROWS, limit=MAX_ROWS)
        found = _Reading(header, source)
        if found.problems:
            problems += found.problems
        else:
            rows.append(found.row)
    if not count:
        raise UnreadableFile(FileFault.NO_ROWS, row=header.row_number)
    return OutcomeTable(tuple(rows), tuple(problems), header.labels)


def _find_table(data: bytes) -> tuple[_Header, chain[SourceRow]]:
    """The first sheet with a header, and the rows under it."""
    for sheet in sources.sheets(data, lambda row: len(_header(row).places)):
        top = list(islice(sheet, HEADER_WITHIN))
        for candidate in map(_header, top):
            if Column.OUTCOME in candidate.places and any(
                column in candidate.places for column in _IDENTIFYING
            ):
                below = [row for row in top if row.number > candidate.row_number]
                return candidate, chain(below, sheet)
    raise UnreadableFile(
        FileFault.NO_HEADER,
        within=HEADER_WITHIN,
        columns=("NO USULAN / NIK / NO KK", ALIASES[Column.OUTCOME][0]),
    )


def _header(row: SourceRow) -> _Header:
    places: dict[Column, int] = {}
    labels: dict[Column, str] = {}
    for place, cell in enumerate(row.cells):
        column = _KNOWN.get(squash(text_of(cell)))
        if column is not None and column not in places:
            places[column], labels[column] = place, text_of(cell)
    return _Header(row.number, places, labels)


class _Reading:
    """One row, cell by cell."""

    def __init__(self, header: _Header, source: SourceRow) -> None:
        self._header, self._source = header, source
        self.problems: list[OutcomeProblem] = []
        number = self._text(Column.NUMBER).upper()
        nik, no_kk = self._personal(Column.NIK), self._personal(Column.NO_KK)
        step, stage, reason = self._outcome()
        if not (number or nik or no_kk) and not self.problems:
            column = next(each for each in _IDENTIFYING if each in header.places)
            self._fault(column, OutcomeFault.NOBODY)
        self.row = OutcomeRow(source.number, number, nik, no_kk, step, stage, reason)

    def _text(self, column: Column) -> str:
        text = text_of(self._header.cell(self._source, column))
        return "" if text in _NOTHING else text

    def _fault(self, column: Column, code: OutcomeFault, value: str = "", **params: object) -> None:
        self.problems.append(
            OutcomeProblem(self._source.number, self._header.label(column), value, code, params)
        )

    def _personal(self, column: Column) -> str:
        cell = self._header.cell(self._source, column)
        text = undressed(cell)
        if text in _NOTHING:
            return ""
        is_number = isinstance(cell, int | float) and len(re.sub(r"\D", "", text)) > 15
        if is_number or _SCIENTIFIC.fullmatch(text):
            self._fault(column, OutcomeFault.CUT, masked(text))
            return ""
        if not re.fullmatch(rf"[0-9]{{{FULL_LENGTH}}}", text):
            self._fault(column, OutcomeFault.NOT_A_NUMBER, masked(text))
            return ""
        return text

    def _outcome(self) -> tuple[Step | None, str, str]:
        word, reason = self._text(Column.OUTCOME), self._text(Column.REASON)
        cell = self._header.cell(self._source, Column.STAGE)
        stage = self._text(Column.STAGE)
        if not (word or stage or reason):
            return None, "", ""
        if not word:
            self._fault(Column.OUTCOME, OutcomeFault.MISSING)
            return None, "", ""
        step = _WORDS.get(word.casefold())
        if step is None:
            self._fault(Column.OUTCOME, OutcomeFault.NOT_AN_OUTCOME, word[:40])
        elif step is Step.REFUSE:
            if not reason:
                self._fault(Column.REASON, OutcomeFault.MISSING)
            elif len(reason) > MOST_CHARACTERS:
                self._fault(
                    Column.REASON, OutcomeFault.TOO_LONG, f"{reason[:40]}…", limit=MOST_CHARACTERS
                )
        elif isinstance(cell, date):
            self._fault(Column.STAGE, OutcomeFault.STAGE_IS_A_DATE, stage)
        elif not stage:
            self._fault(Column.STAGE, OutcomeFault.MISSING)
        elif not is_stage(stage):
            self._fault(Column.STAGE, OutcomeFault.NOT_A_STAGE, stage[:40])
        return step, stage, reason


def masked(text: str) -> str:
    """A personal number as far as its owner's list needs it to find the row."""
    if re.fullmatch(r"[0-9]{16}", text):
        return mask_nik(text)
    if _SCIENTIFIC.fullmatch(text):
        return text
    return re.sub(r"[0-9]", "*", text)[:40]


def twice(rows: Sequence[int], own: int) -> str:
    """The other rows, as words name them."""
    return ", ".join(str(each) for each in rows if each != own)
