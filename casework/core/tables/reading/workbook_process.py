"""Reads a workbook in a process of its own; run by `workbook`, never imported.

The reader (calamine) takes memory for every cell between the first and the last, and every
repetition of a shared string: a workbook of one kilobyte can ask for 500 GB, on which it ends
the whole process. So it gets a process without secrets, with little memory and little time.
In: the workbook. Out: one JSON array per row: number of the sheet, number of the row, cells;
a date as {"date": "1980-01-31"}.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

#: 75,000 rows of 25 columns take 220 MB (measured).
MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 20
#: Exit status that says: not a workbook that can be read.
DAMAGED = 3


def limit_resources() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def plain(value: object) -> object:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            return int(value)
        case int() | float() | str():
            return value
        case datetime():
            return {"date": value.date().isoformat()}
        case date():
            return {"date": value.isoformat()}
        case _:
            return str(value)


def write_rows(data: bytes) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for index, sheet in enumerate(book.sheets_metadata):
        if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible != SheetVisibleEnum.Visible:
            continue
        content = book.get_sheet_by_index(index)
        for number, row in enumerate(content.to_python(skip_empty_area=False), start=1):
            cells = [plain(value) for value in row]
            while cells and cells[-1] == "":
                cells.pop()
            if cells:
                sys.stdout.write(json.dumps([index, number, *cells]) + "\n")


def main() -> int:
    limit_resources()
    data = sys.stdin.buffer.read()
    try:
        write_rows(data)
    except MemoryError:
        raise
    except BrokenPipeError:
        return 0
    except BaseException:  # what the reader raises on nonsense includes panics of its own
        return DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main())
