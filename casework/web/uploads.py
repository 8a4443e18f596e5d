"""How many files one person may send: each is opened, cleaned and kept sealed, which costs more
than anything else that is asked for (docs/decisions/0025)."""

from __future__ import annotations

import math
from typing import IO

from flask_babel import LazyString, lazy_ngettext

from casework.access.actor import Actor
from casework.web.pace import Pace

_MEBIBYTE = 1024 * 1024

#: A file costs this much, and 1 more for each MB that it has: a picture of 7 KB can take a second
#: of a processor.
A_FILE = 2
#: The evidence of 14 families at once, three photos of 5 MB each, and of 8 more in each hour: a
#: month of one facilitator. A program that sends for ever gets a picture decoded each minute, which
#: takes a second (decision 0015), and 150 MB of papers an hour onto the disk.
#: Source: none official; product default.
UPLOADING = Pace("uploading", most=300, a_second=0.05)


def spend(actor: Actor, file: IO[bytes]) -> None:
    """Before it is opened. Raises: TooMany, in words for whoever chose it in a form."""
    UPLOADING.spend(actor, A_FILE + math.ceil(_size(file) / _MEBIBYTE), words=_wait)


def _wait(minutes: int) -> LazyString:
    return lazy_ngettext(
        "You have sent many files. Wait %(num)d minute, then send this one again.",
        "You have sent many files. Wait %(num)d minutes, then send this one again.",
        minutes,
    )


def _size(file: IO[bytes]) -> int:
    """Of what came: a declared length is a claim."""
    here = file.tell()
    size = file.seek(0, 2)
    file.seek(here)
    return size
