"""One household per row: checked, and told what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, repeat
from typing import Any

from casework.core.masking import mask_nik
from casework.core.tables.reading.cells import Cell, SourceRow, text_of
from casework.rosters.reading import values
from casework.rosters.reading.columns import COMPONENTS, Column, Columns
from casework.rosters.reading.cut import is_cut
from casework.rosters.reading.errors import CellFault, CellProblem
from casework.rosters.reading.places import Place, PlaceProblem, VillageResolver

#: Lengths that the household's columns hold.
MAX_NAME = 120
MAX_TEXT = 300

#: As much of a refused cell as a message repeats.
MAX_SHOWN = 80

_PERSONAL = frozenset({Column.NIK, Column.NO_KK})
_TEXTS = (Column.ADDRESS, Column.HAMLET, Column.STATUS)
_PLACE = (
    Column.PROVINCE,
    Column.REGENCY,
    Column.DISTRICT,
    Column.VILLAGE,
    Column.VILLAGE_CODE,
)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A household as the roster has it, every value checked."""

    number: int
    caretaker_name: str
    #: Personal numbers and the address stay out of logs and traces.
    nik: str = field(repr=False)
    no_kk: str = field(repr=False)
    born_on: date | None
    #: Only the components the file has a column for: an absent column says nothing.
    components: Mapping[Column, int]
    address: str = field(repr=False)
    hamlet: str
    rt: str
    rw: str
    village_code: str
    #: The office's own word for the household's state; free text.
    status: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    row: int
    column: Column
    #: The column's name in the file.
    label: str
    #: What stands there; NIK and No KK masked.
    value: str
    code: CellProblem
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """A row with its problems; `household` is there if there are none."""

    number: int
    #: Kept for a row with other problems too: the same number elsewhere is still a doubt.
    nik: str | None = field(repr=False)
    no_kk: str | None = field(repr=False)
    household: RosterRow | None
    problems: tuple[RowProblem, ...]


class RowChecker:
    """Checks the rows of one file: `today` bounds birth dates, `resolver` knows the villages."""

    def __init__(self, columns: Columns, *, resolver: VillageResolver, today: date) -> None:
        self._columns = columns
        self._resolver = resolver
        readers: dict[Column, Callable[[Cell], object]] = {
            Column.NIK: values.personal_number,
            Column.NO_KK: values.personal_number,
            Column.CARETAKER_NAME: lambda cell: values.name(cell, limit=MAX_NAME),
            Column.BORN_ON: lambda cell: values.birth_date(cell, today=today),
            **dict.fromkeys(COMPONENTS, values.count),
            **dict.fromkeys(_TEXTS, lambda cell: values.short(cell, limit=MAX_TEXT)),
            Column.RT: values.rt_rw,
            Column.RW: values.rt_rw,
        }
        self._readers = [
            (column, read, columns.only_position(column))
            for column, read in readers.items()
            if column in columns
        ]
        self._places = [
            (column, columns.only_position(column)) for column in _PLACE if column in columns
        ]
        #: A roster names the same few villages again and again.
        self._villages: dict[tuple[Cell, ...], str | list[PlaceProblem]] = {}

    def check(self, source: SourceRow) -> Checked:
        """The row as a household, or everything that is wrong with it, not just the first."""
        problems: list[RowProblem] = []
        found: dict[Column, Any] = {}
        cells = source.cells
        width = len(cells)
        for column, read, position in self._readers:
            # Nearly always where it is known to be; to look it up takes as long as to read it.
            if position is not None and position < width:
                cell = cells[position]
            else:
                cell = self._columns.cell(source, column)
            try:
                found[column] = read(cell)
            except CellFault as fault:
                shown = values.masked(cell) if column in _PERSONAL else text_of(cell)
                problems.append(self._problem(source, column, shown, fault.code, fault.params))
        village = self._village(source)
        if not isinstance(village, str):
            problems += [
                self._problem(source, each.column, each.value, each.code, each.params)
                for each in village
            ]
            village = ""
        return Checked(
            source.number,
            found.get(Column.NIK),
            found.get(Column.NO_KK),
            None if problems else _household(source.number, found, village),
            tuple(problems),
        )

    def _village(self, source: SourceRow) -> str | list[PlaceProblem]:
        row, width = source.cells, len(source.cells)
        cells = tuple(
            [
                row[position]
                if position is not None and position < width
                else self._columns.cell(source, column)
                for column, position in self._places
            ]
        )
        answer = self._villages.get(cells)
        if answer is None:
            told = dict(zip((column for column, _position in self._places), cells, strict=True))
            place = Place(*(text_of(told.get(column, "")) for column in _PLACE))
            answer = self._villages[cells] = self._resolve(place)
        return answer

    def _resolve(self, place: Place) -> str | list[PlaceProblem]:
        if not place.code and not (place.district and place.village):
            told = {Column.DISTRICT: place.district, Column.VILLAGE: place.village}
            return [
                PlaceProblem(column, "", CellProblem.MISSING)
                for column, text in told.items()
                if not text
            ]
        answer = self._resolver.resolve(place)
        return [answer] if isinstance(answer, PlaceProblem) else answer

    def _problem(
        self,
        source: SourceRow,
        column: Column,
        value: str,
        code: CellProblem,
        params: Mapping[str, object],
    ) -> RowProblem:
        shown = value if len(value) <= MAX_SHOWN else value[: MAX_SHOWN - 1] + "…"
        return RowProblem(source.number, column, self._columns.label(column), shown, code, params)


def _household(number: int, found: Mapping[Column, Any], village_code: str) -> RosterRow:
    return RosterRow(
        number=number,
        caretaker_name=found[Column.CARETAKER_NAME],
        nik=found[Column.NIK],
        no_kk=found[Column.NO_KK],
        born_on=found.get(Column.BORN_ON),
        components={column: found[column] for column in COMPONENTS if column in found},
        address=found.get(Column.ADDRESS, ""),
        hamlet=found.get(Column.HAMLET, ""),
        rt=found.get(Column.RT, ""),
        rw=found.get(Column.RW, ""),
        village_code=village_code,
        status=found.get(Column.STATUS, ""),
    )


def check_file(rows: Iterable[Checked], columns: Columns) -> list[RowProblem]:
    """What only the whole file shows: a NIK or No KK that several rows share, and columns of
    which a spreadsheet has cut the last digit. Each row is named: which one is right, only the
    office knows."""
    rows = list(rows)
    problems = []
    for column in (Column.NIK, Column.NO_KK):
        label = columns.label(column)
        seen: defaultdict[str, list[int]] = defaultdict(list)
        for row in rows:
            if number := row.nik if column is Column.NIK else row.no_kk:
                seen[number].append(row.number)
        cut = is_cut(chain.from_iterable(repeat(each, len(seen[each])) for each in seen))
        for number, places in seen.items():
            if cut and number.endswith("0"):
                # That it stands there twice follows from the cut, and would lead astray.
                code = CellProblem.LAST_DIGIT_LOST
                problems += [
                    RowProblem(place, column, label, mask_nik(number), code) for place in places
                ]
            elif len(places) > 1:
                problems += [
                    RowProblem(
                        place,
                        column,
                        label,
                        mask_nik(number),
                        CellProblem.TWICE_IN_FILE,
                        {"rows": _others(place, places)},
                    )
                    for place in places
                ]
    return sorted(problems, key=lambda problem: problem.row)


def _others(place: int, places: list[int]) -> str:
    """The other rows, as many as a message can hold; never more, or a column of one repeated
    number would make a list of rows for every row."""
    others = [other for other in places[:6] if other != place][:5]
    return ", ".join(map(str, others)) + (", …" if len(places) - 1 > len(others) else "")
