import pytest

from casework.core.tables.reading.cells import SourceRow
from casework.core.tables.reading.delimited import rows, sniff
from casework.core.tables.reading.errors import FileFault, UnreadableFile
from casework.core.tables.reading.sources import sheets
from casework.rosters.reading.columns import known_in


def read(data: bytes) -> list[SourceRow]:
    return [row for sheet in sheets(data, known_in) for row in sheet]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_separator_and_encoding_are_found_out(delimiter: str, encoding: str) -> None:
    lines = ["NAMA PENERIMA,NIK,ALAMAT", "SITI,99,JL. CAFÉ"]
    data = "\r\n".join(lines).replace(",", delimiter).encode(encoding)
    assert read(data) == [
        SourceRow(1, ("NAMA PENERIMA", "NIK", "ALAMAT")),
        SourceRow(2, ("SITI", "99", "JL. CAFÉ")),
    ]


@pytest.mark.parametrize("line", ["sep=,", '"sep=,"', "SEP=, "])
def test_a_sep_line_decides_and_is_not_counted(line: str) -> None:
    assert read(f"{line}\r\nA;1,B\r\n".encode()) == [SourceRow(1, ("A;1", "B"))]


def test_commas_in_addresses_and_titles_do_not_mislead() -> None:
    text = "DAFTAR, TAHAP 1, KOTA MANADO\n" + "NAMA;ALAMAT\n" + "SITI;JL. A, NO 1, RT 2\n" * 5
    assert sniff(text, known_in) == ";"


def test_a_quoted_separator_does_not_count() -> None:
    assert sniff('NAMA,ALAMAT\n"SITI; A","JL. X; NO 1; RT 2"\n', known_in) == ","


def test_a_text_without_separator_is_one_column() -> None:
    assert read(b"NIK\n99\n") == [SourceRow(1, ("NIK",)), SourceRow(2, ("99",))]


def test_blank_rows_are_left_out_but_counted() -> None:
    assert [row.number for row in read(b"A;B\n\n;\n  ;\t\n1;2\n")] == [1, 5]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_quoted_line_break_stays_in_its_row(ending: str) -> None:
    data = f'A;B{ending}1;"x{ending}y"{ending}2;z{ending}'.encode()
    assert [row.number for row in read(data)] == [1, 2, 3]


def test_an_end_of_file_mark_of_old_programs_is_dropped() -> None:
    assert read(b"A;B\r\n1;2\r\n\x1a")[-1] in (SourceRow(2, ("1", "2")), SourceRow(3, ("",)))


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", FileFault.EMPTY),
        (b" \r\n \t", FileFault.EMPTY),
        (b"<html><table><tr><td>NIK</td></tr></table></html>", FileFault.WEB_PAGE),
        (b"\xef\xbb\xbf\r\n<?xml version='1.0'?><Workbook/>", FileFault.WEB_PAGE),
        (b"%PDF-1.7\n1;2", FileFault.NOT_A_TABLE),
        (b"MZ\x90\x00\x03\x00\x00\x00", FileFault.NOT_A_TABLE),
        (b"\x7fELF\x02\x01\x01\x00", FileFault.NOT_A_TABLE),
        (b"\x89PNG\r\n\x1a\n", FileFault.NOT_A_TABLE),
        (b"A;B\n1;\x002\n" + b"x;y\n" * 10, FileFault.NOT_A_TABLE),
        (b"A;B\n1;\x81\n", FileFault.UNKNOWN_ENCODING),
        (b"\xff\xfeA\x00;", FileFault.UNKNOWN_ENCODING),
        (b";" * 1000, FileFault.NOT_A_TABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, FileFault.LEGACY_WORKBOOK),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", FileFault.LEGACY_WORKBOOK),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, fault: FileFault) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(data)
    assert caught.value.fault is fault


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('A;B\n1;"x\n2;y\n3;z\n', 2),
        ('A;B\n1;2\n3;"x\n4;"y"\n', 3),
        ('A;B\n1;"' + "x" * 200_000 + '"\n', 2),
    ],
)
def test_a_quotation_mark_that_would_swallow_rows_is_refused(text: str, row: int) -> None:
    with pytest.raises(UnreadableFile) as caught:
        list(rows(text.encode(), known_in))
    assert caught.value.fault is FileFault.BROKEN_QUOTES
    assert caught.value.params == {"row": row}


def test_a_quotation_mark_inside_a_name_is_only_a_character() -> None:
    assert read(b'A;B\n1;JL. "MAWAR" 3\n')[1].cells == ("1", 'JL. "MAWAR" 3')
