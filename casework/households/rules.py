"""What a household is in the programme; pure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum

#: PKH began in this year, in seven provinces; an earlier date is a slip of the keyboard.
PROGRAMME_BEGAN = date(2007, 1, 1)


_STAGE = re.compile(r"(20\d\d)-([1-4])")


def is_stage(text: str) -> bool:
    """Whether this names a payment stage: "2026-1" is January to March 2026 (domain: tahap)."""
    return _STAGE.fullmatch(text) is not None


def stage_of(day: date) -> str:
    """The payment stage a day lies in."""
    return f"{day.year}-{(day.month - 1) // 3 + 1}"


def stages_around(day: date) -> list[str]:
    """The stages a roster may be for today: last year's to the next one, latest first."""
    current = day.year * 4 + (day.month - 1) // 3
    return [f"{number // 4}-{number % 4 + 1}" for number in range(current + 1, current - 5, -1)]


def months_of(stage: str) -> tuple[date, date]:
    """First days of the first and the last month of a stage."""
    year, quarter = int(stage[:4]), int(stage[5:])
    return date(year, quarter * 3 - 2, 1), date(year, quarter * 3, 1)


def year_of(stage: str) -> int:
    """The year of a payment stage ("2026-1")."""
    return int(stage[:4])


class HouseholdStatus(StrEnum):
    ACTIVE = "active"
    #: A supervisor approved the graduation; payments go on until the ministry establishes it.
    APPROVED = "approved"
    GRADUATED = "graduated"
    #: Left the programme in another way than by graduation of its own will.
    EXITED = "exited"
    #: Lives in another regency now and has a row there; this one stays for what happened here.
    MOVED = "moved"


#: What each status may become, and by what.
_CHANGES = {
    # A supervisor approves; or the family leaves, or moves.
    HouseholdStatus.ACTIVE: {
        HouseholdStatus.APPROVED,
        HouseholdStatus.EXITED,
        HouseholdStatus.MOVED,
    },
    # The ministry establishes or refuses, or the family changes its mind. It leaves in no other
    # way before that (docs/decisions/0022).
    HouseholdStatus.APPROVED: {HouseholdStatus.GRADUATED, HouseholdStatus.ACTIVE},
    # An established graduation is reversed with a reason.
    HouseholdStatus.GRADUATED: {HouseholdStatus.ACTIVE},
    # That it left was a mistake; or a later roster of another regency names the family.
    HouseholdStatus.EXITED: {HouseholdStatus.ACTIVE, HouseholdStatus.MOVED},
    # It comes back.
    HouseholdStatus.MOVED: {HouseholdStatus.ACTIVE},
}


def may_become(status: HouseholdStatus, other: HouseholdStatus) -> bool:
    return other in _CHANGES[status]


def has_moved(status: HouseholdStatus, last_stage: str, stage: str, *, engaged: bool) -> bool:
    """Whether a roster of `stage` that names a family known in another regency, where
    `last_stage` was the last to name it, says that it has moved. Where not, a person has to look:
    both regencies cannot be right. `engaged`: something is under way for it there that a closed
    row would leave hanging.

    A graduation is not undone by a move either; it is reversed first.
    """
    return last_stage < stage and not engaged and may_become(status, HouseholdStatus.MOVED)


class Care(StrEnum):
    """Whether somebody looks after a group: who is not `GIVEN` could not be given it today
    (`policy.check_facilitator`), and somebody else has to be found."""

    GIVEN = "given"
    NOBODY = "nobody"
    DISABLED = "disabled"
    #: Has another role by now.
    OTHER_ROLE = "other_role"
    #: The region she has by now does not include the group's village.
    MOVED = "moved"


#: Those who may belong to a group: the rest have left the programme.
IN_PROGRAMME = frozenset({HouseholdStatus.ACTIVE, HouseholdStatus.APPROVED})


@dataclass(frozen=True, slots=True)
class Stay:
    """At a place (a household in a group, a group in a facilitator's care) from a day
    (inclusive) to a day (exclusive; None: still)."""

    place: uuid.UUID
    from_on: date
    to_on: date | None


class Overlap(Exception):
    """The day lies within or before a stay that is known already."""

    def __init__(self, stay: Stay) -> None:
        super().__init__(stay)
        self.stay = stay


class Step(Enum):
    #: It is there already.
    NOTHING = "nothing"
    #: It was nowhere.
    BEGIN = "begin"
    #: It was elsewhere: that ends on the day on which this begins.
    MOVE = "move"
    #: It went elsewhere on this very day: that was a slip, and is put right.
    REPLACE = "replace"


def step_to(stays: Iterable[Stay], place: uuid.UUID, on: date) -> Step:
    """What brings something to a place from a day on. `stays` are all there are, in any order.

    Raises: Overlap. Only the latest stay can be continued or ended: what lies before it is
    history.
    """
    latest = max(stays, key=lambda stay: stay.from_on, default=None)
    if latest is None:
        return Step.BEGIN
    if latest.to_on is not None:
        if on < latest.to_on:
            raise Overlap(latest)
        return Step.BEGIN
    if on < latest.from_on:
        raise Overlap(latest)
    if latest.place == place:
        return Step.NOTHING
    return Step.REPLACE if on == latest.from_on else Step.MOVE
