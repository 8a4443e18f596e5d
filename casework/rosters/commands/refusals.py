"""What commands about rosters refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from casework.core.tables.labels import file_fault_words
from casework.core.tables.reading.errors import UnreadableFile
from casework.core.typed import one_line
from casework.web import command_line
from casework.web.command_line import Stop

__all__ = ["Stop", "refusals"]


@contextmanager
def refusals() -> Iterator[None]:
    with command_line.refusals():
        try:
            yield
        except UnreadableFile as error:
            # May name a column as the file does.
            raise Stop(one_line(str(file_fault_words(error)))) from None
