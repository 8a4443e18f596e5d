"""What whoever judges a family by its attendance should know of the registers behind it; pure.

None of it is forbidden: a mark is put right when the family shows that it was there, groups meet
twice, a wrong day is called off. But a year of attendance can also be written on one evening.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from casework.meetings.rules.registers import BACKDATING_DAYS, MeetingStatus


class RegisterSaved(NamedTuple):
    """A register in which the family has a mark."""

    held_on: date
    status: MeetingStatus
    #: The last time.
    saved_at: datetime


class Oddities(NamedTuple):
    #: Registers that count.
    registers: int = 0
    #: Of these: saved or corrected, the last time, longer after the meeting than a register may be
    #: recorded.
    saved_late: int = 0
    #: Months with more than one.
    doubled_months: int = 0
    called_off: int = 0

    @property
    def is_none(self) -> bool:
        return not (self.saved_late or self.doubled_months or self.called_off)


def oddities_of(registers: Iterable[RegisterSaved], time_zone: str) -> Oddities:
    """`time_zone`: by whose days a register is late."""
    zone = ZoneInfo(time_zone)
    counted, called_off = [], 0
    for each in registers:
        if each.status is MeetingStatus.SENT:
            counted.append(each)
        called_off += each.status is MeetingStatus.CALLED_OFF
    months = Counter((each.held_on.year, each.held_on.month) for each in counted)
    return Oddities(
        registers=len(counted),
        saved_late=sum(
            (each.saved_at.astimezone(zone).date() - each.held_on).days > BACKDATING_DAYS
            for each in counted
        ),
        doubled_months=sum(number > 1 for number in months.values()),
        called_off=called_off,
    )
