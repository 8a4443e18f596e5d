"""Calling off a register of the wrong day, or of a meeting that never took place; pure
(docs/decisions/0031)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from casework.meetings.rules.registers import DateProblem, Mark, MeetingStatus

#: Least letters and different words of the reason: "Salah tanggal" says enough.
#: Source: none official; product default.
REASON_LETTERS = 10
REASON_WORDS = 2
REASON_LENGTH = 500


class WhyNot(StrEnum):
    """What keeps a register from being called off."""

    CALLED_OFF = "called_off"
    #: Its day can be recorded no more: what it says may have been reported.
    TOO_LATE = "too_late"
    #: What phones say differently of it is settled first.
    DIFFERS = "differs"


def why_not_called_off(
    status: MeetingStatus, day: DateProblem | None, *, is_differing: bool
) -> WhyNot | None:
    """`day`: what speaks against recording a meeting of its day today."""
    if status is MeetingStatus.CALLED_OFF:
        return WhyNot.CALLED_OFF
    if day is not None:
        return WhyNot.TOO_LATE
    return WhyNot.DIFFERS if is_differing else None


@dataclass(frozen=True, slots=True)
class Carried:
    """What goes along to another day."""

    #: Each as it was made.
    marks: Mapping[uuid.UUID, Mark]
    #: Families marked that are not in the group's register of that day.
    left_out: int
    #: Families of that register without a mark.
    unmarked: int


def carried_over(marks: Mapping[uuid.UUID, Mark], register: Collection[uuid.UUID]) -> Carried:
    """`register`: the families of the group on the other day."""
    kept = {key: mark for key, mark in marks.items() if key in register}
    return Carried(kept, len(marks) - len(kept), len(set(register) - kept.keys()))


def would_revive(status: MeetingStatus, called_off_in: int, seen: int) -> bool:
    """Whether a word of somebody who has seen that version of the meeting speaks of a register
    that was called off. `called_off_in`: the version that this made last; 0: it never was.

    Nobody can know on a phone who is to be marked anew, so what is called off now is recorded
    anew on the page only.
    """
    return status is MeetingStatus.CALLED_OFF or seen < called_off_in
