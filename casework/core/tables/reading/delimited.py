"""Rows of a CSV file in whatever encoding and with whatever separator it came."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice

from casework.core.tables.reading.cells import SourceRow
from casework.core.tables.reading.errors import FileFault, UnreadableFile

#: In the order that decides a draw: Excel with Indonesian settings writes `;`.
_DELIMITERS = (";", ",", "\t", "|")
_USUAL = "utf-8-sig"
_SAMPLE_CHARACTERS = 64 * 1024
_SAMPLE_ROWS = 50
#: No roster has more columns; a longer row means that this is not one.
MAX_COLUMNS = 500

_SEP_LINE = re.compile(r'"?sep=([^\r\n])"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
#: What text never holds; Excel's Alt+Enter may come as vertical tab or form feed.
_BINARY = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")


#: How many columns that a reader looks for a row names, if it is the header.
Known = Callable[[SourceRow], int]


def rows(data: bytes, known: Known) -> Iterator[SourceRow]:
    """The rows, blank ones left out but counted.

    Numbers are those a spreadsheet program shows: a `sep=` line is not a row, and a quoted
    line break does not begin one.
    """
    text = decode(data)
    if text.lstrip()[:1] == "<":
        raise UnreadableFile(FileFault.WEB_PAGE)
    if declared := _SEP_LINE.match(text):
        delimiter = declared.group(1)
        text = text[declared.end() :]
    else:
        delimiter = sniff(text, known)
    return _parse(text, delimiter)


def decode(data: bytes) -> str:
    """UTF-8, UTF-16, else the Windows code page of Western Europe, which is what Excel in
    Indonesia writes as plain CSV."""
    guess = _encoding(data)
    for encoding in (guess, "cp1252") if guess == _USUAL else (guess,):
        with suppress(UnicodeDecodeError):
            text = data.decode(encoding).removesuffix("\x1a")
            break
    else:
        raise UnreadableFile(FileFault.UNKNOWN_ENCODING)
    if _BINARY.search(text):
        raise UnreadableFile(FileFault.NOT_A_TABLE)
    return text


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = data[:4096]
    # Nearly every character of a table is ASCII, so in UTF-16 every other byte is zero.
    if sample[1::2].count(0) * 2 > len(sample[1::2]):
        return "utf-16-le"
    if sample[::2].count(0) * 2 > len(sample[::2]):
        return "utf-16-be"
    return _USUAL


def sniff(text: str, known: Known) -> str:
    """The separator that makes a known header, else rows that are wide and alike.

    Counting characters would be misled by title lines and by addresses with commas.
    """
    sample = text[:_SAMPLE_CHARACTERS]

    def fitness(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        rows = [row for row in islice(reader, _SAMPLE_ROWS) if row]
        named = [known(SourceRow(0, tuple(row))) for row in rows]
        widths = Counter(map(len, rows))
        alike = [(width - 1) * count for width, count in widths.items()]
        return max(named, default=0), max(alike, default=0)

    return max(_DELIMITERS, key=fitness)


def _parse(text: str, delimiter: str) -> Iterator[SourceRow]:
    number = 0
    try:
        # Strict: an unmatched quotation mark would otherwise swallow the rows after it.
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for number, cells in enumerate(reader, start=1):
            if len(cells) > MAX_COLUMNS:
                raise UnreadableFile(FileFault.NOT_A_TABLE)
            if any(cell and not cell.isspace() for cell in cells):
                yield SourceRow(number, tuple(cells))
    except (csv.Error, TypeError, ValueError):
        raise UnreadableFile(FileFault.BROKEN_QUOTES, row=number + 1) from None
