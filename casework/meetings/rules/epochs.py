"""Versions of meetings on a server that was put back to a backup; pure.

What was counted after the backup is counted a second time, and phones still speak of the first
time. So each epoch, which begins with such a restore, counts in a range of its own, and a
version says in which epoch somebody saw it (docs/decisions/0018).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

#: Versions of one meeting in one epoch: far more than anybody saves.
RANGE = 10_000
#: Epochs are numbered by the hour, for the number of an epoch that was lost with its backup
#: must not be given again. They fit into the database's integer until 2050.
_HOUR = timedelta(hours=1)
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def epoch_number(began: datetime, latest: int) -> int:
    """Of an epoch that begins now; before the first restore it is 0."""
    return max((began - _FIRST) // _HOUR, latest + 1)


def epoch_of(version: int) -> int:
    return version // RANGE


def next_version(version: int, epoch: int) -> int:
    """After that version of the meeting, on a server in that epoch."""
    return max(version, epoch * RANGE) + 1
