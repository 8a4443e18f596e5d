"""A file of any kind -> the rows of its sheets, or the reason why it cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from casework.core.tables.reading import delimited, workbook
from casework.core.tables.reading.cells import SourceRow
from casework.core.tables.reading.errors import FileFault, UnreadableFile

#: Source: OWASP ASVS 5.0, 5.2.1. A Final Closing of 50,000 households, a large regency, is
#: 10 MB as CSV and 2 to 5 MB as XLSX (measured).
MAX_BYTES = 20 * 1000 * 1000

_ZIP = b"PK\x03\x04"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Workbooks of Excel 2 to 4, which have no outer form.
_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_OTHER = (b"%PDF", b"MZ", b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!",
          b"7z\xbc\xaf", b"PK\x05\x06", b"{\\rtf")  # fmt: skip


def load(file: Path) -> bytes:
    """The file's bytes, unless it is too large."""
    with file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    check_size(data)
    return data


def check_size(data: bytes) -> None:
    if not data.strip():
        raise UnreadableFile(FileFault.EMPTY)
    if len(data) > MAX_BYTES:
        raise UnreadableFile(FileFault.TOO_LARGE, limit=MAX_BYTES // 10**6)


def sheets(data: bytes, known: delimited.Known) -> Iterator[Iterator[SourceRow]]:
    """The rows of each sheet in turn (a CSV file is one sheet), told apart by their first
    bytes: names and types that a browser sends are no evidence."""
    check_size(data)
    if data.startswith(_ZIP):
        yield from workbook.sheets(data)
        return
    if data.startswith((_OLE2, *_BIFF)):
        raise UnreadableFile(FileFault.LEGACY_WORKBOOK)
    if data.startswith(_OTHER):
        raise UnreadableFile(FileFault.NOT_A_TABLE)
    yield delimited.rows(data, known)
