"""Final Closing files of invented families, as offices send them.

NIK and No KK begin with 99, a province that does not exist.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

import openpyxl

FINAL_CLOSING = (
    "NAMA PENERIMA", "NIK", "NO KK", "TGL LAHIR", "UMUR", "ART", "HAMIL", "AUD", "SD", "SMP",
    "SMA", "DISABIL", "LANSIA", "HAM", "JML KOMPONEN", "NOMINAL", "STATUS", "ALAMAT FC", "ALAMAT",
    "RT", "RW", "KELURAHAN", "KECAMATAN", "KABUPATEN", "PROVINSI",
)  # fmt: skip

#: Villages the rows are spread over, in turn.
VILLAGES = (
    ("TUMUMPA SATU", "TUMINTING"),
    ("TUMUMPA DUA", "TUMINTING"),
    ("MOLAS", "BUNAKEN"),
)


def nik(number: int) -> str:
    return f"9901{number:012d}"


def no_kk(number: int) -> str:
    return f"9902{number:012d}"


def final_closing_row(number: int, **changes: object) -> dict[str, object]:
    """Family `number` as a row; `changes` by column name, blanks written as underscores."""
    village, district = VILLAGES[number % len(VILLAGES)]
    row: dict[str, object] = dict.fromkeys(FINAL_CLOSING, "0") | {
        "NAMA PENERIMA": f"IBU CONTOH {number}",
        "NIK": nik(number),
        "NO KK": no_kk(number),
        "TGL LAHIR": f"{date(1980, 1, 1) + timedelta(days=number % 3650):%d/%m/%Y}",
        "AUD": str(number % 2),
        "SD": str(number % 3),
        "JML KOMPONEN": str(number % 2 + number % 3),
        "NOMINAL": "750000",
        "STATUS": "AKTIF",
        "ALAMAT FC": f"JL. CONTOH NO {number}",
        "ALAMAT": f"JL. CONTOH NO {number}, LINGKUNGAN {number % 5 + 1}",
        "RT": f"{number % 9 + 1:03d}",
        "RW": "001",
        "KELURAHAN": village,
        "KECAMATAN": district,
        "KABUPATEN": "KOTA MANADO",
        "PROVINSI": "SULAWESI UTARA",
    }
    return row | {name.replace("_", " "): value for name, value in changes.items()}


def final_closing(count: int, *, first: int = 1) -> list[dict[str, object]]:
    return [final_closing_row(number) for number in range(first, first + count)]


def as_csv(
    rows: Sequence[dict[str, object]],
    *,
    delimiter: str = ";",
    encoding: str = "utf-8",
    sep_line: bool = False,
    titles: Sequence[str] = (),
    header: Sequence[str] | None = None,
) -> bytes:
    columns = list(rows[0]) if rows else list(FINAL_CLOSING)
    text = io.StringIO(newline="")
    if sep_line:
        text.write(f"sep={delimiter}\r\n")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([title] for title in titles)
    writer.writerow(header or columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return text.getvalue().encode(encoding)


def as_xlsx(
    rows: Sequence[dict[str, object]],
    *,
    titles: Sequence[str] = (),
    header: Sequence[str] | None = None,
    sheets_before: Sequence[str] = (),
) -> bytes:
    columns = list(rows[0]) if rows else list(FINAL_CLOSING)
    book = openpyxl.Workbook()
    sheet = book.active
    for name in sheets_before:
        sheet.title = name
        sheet["A1"] = "CATATAN"
        sheet = book.create_sheet()
    for title in titles:
        sheet.append([title])
    sheet.append(list(header or columns))
    for row in rows:
        sheet.append([row.get(column, "") for column in columns])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
