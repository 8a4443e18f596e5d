import io
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.core.tables.reading import sources
from casework.core.tables.reading.cells import SourceRow
from casework.core.tables.reading.errors import FileFault, UnreadableFile
from casework.core.tables.reading.sources import sheets
from casework.rosters.reading.columns import known_in
from tests.factories.rosters import as_xlsx, final_closing

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def read(data: bytes) -> list[list[SourceRow]]:
    return [list(sheet) for sheet in sheets(data, known_in)]


def sheet_xml(rows: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def rebuilt(parts: dict[str, bytes], *, without: tuple[str, ...] = ()) -> bytes:
    """A small sound workbook with some of its parts replaced, added or taken out."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(as_xlsx(final_closing(1)))) as sound,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in sound.namelist():
            if name not in parts and name not in without:
                archive.writestr(name, sound.read(name))
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@contextmanager
def refused(fault: FileFault, *, within: float = 1.0) -> Iterator[None]:
    started = time.process_time()
    with pytest.raises(UnreadableFile) as caught:
        yield
    assert caught.value.fault is fault
    # CPU time of this process: the machine may be busy with other tests.
    assert time.process_time() - started < within


def test_cells_keep_what_they_are() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B3"] = "9901010101800001"
    sheet["C3"] = 9901010101800001
    sheet["D3"] = 5
    sheet["E3"] = 1.5
    sheet["F3"] = date(1980, 1, 31)
    sheet["G3"] = datetime.fromisoformat("1980-01-31 07:30")
    sheet["H3"] = True
    sheet["A6"] = "akhir"
    file = io.BytesIO()
    book.save(file)
    [first, last] = read(file.getvalue())[0]
    assert first.number == 3
    assert first.cells[:2] == ("", "9901010101800001")
    assert isinstance(first.cells[2], int | float)
    assert first.cells[2] >= 10**15
    assert first.cells[3:] == (5, 1.5, date(1980, 1, 31), date(1980, 1, 31), "TRUE")
    assert last == SourceRow(6, ("akhir",))


def test_sheets_come_in_their_order_and_hidden_ones_not_at_all() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "satu"
    book.create_sheet()["A1"] = "rahasia"
    book.worksheets[1].sheet_state = "hidden"
    book.create_sheet()
    book.create_sheet()["A2"] = "empat"
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue()) == [[SourceRow(1, ("satu",))], [SourceRow(2, ("empat",))]]


def test_a_reader_may_stop_after_the_first_row() -> None:
    rows = next(iter(sheets(as_xlsx(final_closing(2_000)), known_in)))
    assert next(rows).cells[0] == "NAMA PENERIMA"
    rows.close()  # type: ignore[attr-defined]


def test_a_file_that_is_too_large_is_not_even_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 1_000_000)
    file = tmp_path / "besar.csv"
    file.write_bytes(b"x" * 1_000_001)
    with refused(FileFault.TOO_LARGE):
        sources.load(file)
    file.write_bytes(b"x" * 1_000_000)
    assert len(sources.load(file)) == 1_000_000


def test_a_bomb_that_tells_its_size_is_refused() -> None:
    bomb = rebuilt({"xl/worksheets/sheet1.xml": b"0" * 101_000_000})
    assert len(bomb) < 200_000
    with refused(FileFault.UNPACKS_TOO_LARGE):
        read(bomb)


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(rebuilt({"xl/big.xml": b"0" * 101_000_000}))
    entry = bomb.rindex(b"PK\x01\x02")
    assert bomb[entry + 46 : entry + 56] == b"xl/big.xml"
    bomb[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
    with refused(FileFault.UNPACKS_TOO_LARGE):
        read(bytes(bomb))


def test_a_workbook_of_too_many_parts_is_refused() -> None:
    parts = {f"xl/media/image{n}.png": b"" for n in range(200)}
    with refused(FileFault.TOO_MANY_PARTS):
        read(rebuilt(parts))


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!doctype x SYSTEM "http://127.0.0.1:9/x">',
        "<!DOCTYPE x [" + "<!ENTITY a 'aaaaaaaaaa'>" * 10 + "]>",
    ],
)
def test_markup_that_could_fetch_or_multiply_is_refused(declaration: str) -> None:
    part = f'<?xml version="1.0"?>{declaration}'.encode() + sheet_xml(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>'
    )
    with refused(FileFault.FORBIDDEN_MARKUP):
        read(rebuilt({"xl/worksheets/sheet1.xml": part}))


def test_a_declaration_across_two_blocks_is_still_seen() -> None:
    part = b" " * (256 * 1024 - 5) + b"<!DOCTYPE x>"
    with refused(FileFault.FORBIDDEN_MARKUP):
        read(rebuilt({"xl/worksheets/sheet1.xml": part}))


def test_markup_in_utf_16_is_refused_for_it_could_hide_a_declaration() -> None:
    with refused(FileFault.FORBIDDEN_MARKUP):
        read(rebuilt({"xl/worksheets/sheet1.xml": sheet_xml("").decode().encode("utf-16")}))


def test_two_cells_far_apart_do_not_take_the_memory_between_them() -> None:
    cells = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    with refused(FileFault.TOO_COMPLEX):
        read(rebuilt({"xl/worksheets/sheet1.xml": sheet_xml(cells)}))


def test_one_long_text_repeated_does_not_take_the_memory_of_all() -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t>{"x" * 1_000_000}</t></si></sst>'.encode()
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 3000))
    with refused(FileFault.TOO_COMPLEX):
        read(
            rebuilt(
                {
                    "xl/sharedStrings.xml": strings,
                    "xl/worksheets/sheet1.xml": sheet_xml(cells),
                }
            )
        )


@pytest.mark.parametrize(
    ("parts", "without", "fault"),
    [
        ({"xl/vbaProject.bin": b"x"}, (), FileFault.MACROS),
        ({"xl/workbook.bin": b"x"}, ("xl/workbook.xml",), FileFault.BINARY_WORKBOOK),
        ({"word/document.xml": b"<x/>"}, ("xl/workbook.xml",), FileFault.NOT_A_TABLE),
        ({"mimetype": b"x", "content.xml": b"<x/>"}, ("xl/workbook.xml",), FileFault.OPEN_DOCUMENT),
        ({"xl/workbook.xml": b"<workbook"}, (), FileFault.DAMAGED_WORKBOOK),
        ({}, ("xl/worksheets/sheet1.xml",), FileFault.DAMAGED_WORKBOOK),
    ],
)
def test_other_and_broken_workbooks_are_refused_with_the_reason(
    parts: dict[str, bytes], without: tuple[str, ...], fault: FileFault
) -> None:
    with refused(fault):
        read(rebuilt(parts, without=without))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_refused(share: float) -> None:
    whole = as_xlsx(final_closing(50))
    with refused(FileFault.DAMAGED_WORKBOOK):
        read(whole[: int(len(whole) * share)])


def test_a_workbook_changed_on_its_way_is_refused() -> None:
    whole = bytearray(as_xlsx(final_closing(200)))
    start = whole.index(b"xl/worksheets/sheet1.xml") + 200
    whole[start : start + 50] = bytes(50)
    with refused(FileFault.DAMAGED_WORKBOOK):
        read(bytes(whole))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300).map(lambda tail: b"PK\x03\x04" + tail))
def test_any_bytes_after_the_mark_of_a_workbook_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read(data)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_sheet_with_any_bytes_changed_gives_rows_or_is_refused(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(SOUND)) as archive:
        sheet = bytearray(archive.read("xl/worksheets/sheet1.xml"))
    for _ in range(data.draw(st.integers(1, 8))):
        sheet[data.draw(st.integers(0, len(sheet) - 1))] = data.draw(st.integers(0, 255))
    with suppress(UnreadableFile):
        rows = read(rebuilt({"xl/worksheets/sheet1.xml": bytes(sheet)}))
        assert all(isinstance(row, SourceRow) for sheet in rows for row in sheet)


SOUND = as_xlsx(final_closing(3))
