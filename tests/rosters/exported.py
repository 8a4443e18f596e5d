"""Exported files, read back."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

import openpyxl

from casework.core.tables.cells import unguard


def csv_rows(data: bytes) -> list[dict[str, str]]:
    """By column, without the apostrophes that keep spreadsheets from calculating."""
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    return [
        {name: unguard(cell) for name, cell in row.items()}
        for row in csv.DictReader(text, delimiter=";")
    ]


def xlsx_rows(data: bytes) -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.active
    assert sheet is not None
    cells = list(sheet.iter_rows())
    assert all(cell.data_type != "f" for row in cells for cell in row)
    header, *rows = [[cell.value for cell in row] for row in cells]
    return [dict(zip(map(str, header), map(_plain, row), strict=True)) for row in rows]


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) and not isinstance(value, date) else value
