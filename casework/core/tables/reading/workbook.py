"""Rows of an XLSX workbook, after it has been checked from outside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

from casework.core.tables.reading.cells import Cell, SourceRow
from casework.core.tables.reading.errors import FileFault, UnreadableFile

#: Limits of what unpacking may cost. Source: OWASP ASVS 5.0, 5.2.3. A Final Closing of 50,000
#: households unpacks to 63 to 70 MB (measured) in a dozen parts.
MAX_PARTS = 200
MAX_UNPACKED = 100 * 1000 * 1000
SECONDS = 30

_PROCESS = Path(__file__).with_name("workbook_process.py")
_DAMAGED = 3
_CENTRAL_ENTRY = b"PK\x01\x02"
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OVERLAP = 16


def sheets(data: bytes) -> Iterator[Iterator[SourceRow]]:
    """The rows of each visible sheet in turn; one must be done with before the next."""
    check_package(data)
    for _, lines in groupby(_lines(data), key=lambda line: line[0]):
        yield (SourceRow(line[1], tuple(map(_cell, line[2:]))) for line in lines)


def check_package(data: bytes) -> None:
    """Refuse what is no ordinary workbook before anything reads its contents."""
    # Counted in the bytes: building a list of half a million entries is itself an attack.
    if data.count(_CENTRAL_ENTRY) > MAX_PARTS:
        raise UnreadableFile(FileFault.TOO_MANY_PARTS, limit=MAX_PARTS)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            _check_kind({member.filename.lower() for member in members})
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                raise UnreadableFile(FileFault.UNPACKS_TOO_LARGE, limit=MAX_UNPACKED // 10**6)
            _unpack(archive, members)
    except UnreadableFile:
        raise
    except Exception as error:  # zipfile answers hostile bytes with many kinds of exception
        raise UnreadableFile(FileFault.DAMAGED_WORKBOOK) from error


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.bin" in names:
        raise UnreadableFile(FileFault.BINARY_WORKBOOK)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise UnreadableFile(FileFault.MACROS)
    if "xl/workbook.xml" in names:
        return
    if {"mimetype", "content.xml"} <= names:
        raise UnreadableFile(FileFault.OPEN_DOCUMENT)
    raise UnreadableFile(FileFault.NOT_A_TABLE)


def _unpack(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Unpack everything once, to nowhere: the sizes in the directory may be lies."""
    total = 0
    for member in members:
        # Read to the end of the stream, not to the size that the directory tells.
        member.file_size = 2 * MAX_UNPACKED
        before = b""
        with archive.open(member) as stream:
            while chunk := stream.read(256 * 1024):
                total += len(chunk)
                if total > MAX_UNPACKED:
                    raise UnreadableFile(FileFault.UNPACKS_TOO_LARGE, limit=MAX_UNPACKED // 10**6)
                # XML in UTF-16 could hide what is looked for; no spreadsheet program writes it.
                hidden = not before and b"\0" in chunk[:4] and _is_markup(member.filename)
                if hidden or _FORBIDDEN.search(before + chunk):
                    raise UnreadableFile(FileFault.FORBIDDEN_MARKUP)
                before = chunk[-_OVERLAP:]


def _is_markup(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _lines(data: bytes) -> Iterator[list[Any]]:
    """What the reading process says, row by row; see `workbook_process`."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 - our own file, run by our own interpreter
        [sys.executable, "-I", str(_PROCESS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=kept,
    )
    timer = threading.Timer(SECONDS, process.kill)
    timer.start()
    try:
        with suppress(BrokenPipeError), process.stdin as entrance:  # type: ignore[union-attr]
            entrance.write(data)
        for line in process.stdout:  # type: ignore[union-attr]
            yield json.loads(line)
        status = process.wait()
    finally:
        timer.cancel()
        process.kill()
        process.stdout.close()  # type: ignore[union-attr]
        process.wait()
    if status == _DAMAGED:
        raise UnreadableFile(FileFault.DAMAGED_WORKBOOK)
    if status != 0:
        raise UnreadableFile(FileFault.TOO_COMPLEX)


def _cell(value: Any) -> Cell:
    cell: Cell = date.fromisoformat(value["date"]) if isinstance(value, dict) else value
    return cell
