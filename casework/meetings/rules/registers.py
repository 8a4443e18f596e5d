"""What a register may say; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Presence(StrEnum):
    PRESENT = "present"
    SICK = "sick"
    EXCUSED = "excused"
    ABSENT = "absent"
    NOT_MARKED = "not_marked"


class Understanding(StrEnum):
    POOR = "poor"
    GOOD = "good"
    VERY_GOOD = "very_good"
    NOT_ASSESSABLE = "not_assessable"


class MarkedHow(StrEnum):
    """One by one, or with "the rest present": the supervisor sees the difference."""

    SINGLE = "single"
    BULK = "bulk"


class MeetingStatus(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    #: Of the wrong day, or of a meeting that never took place: kept, and counted nowhere.
    CALLED_OFF = "called_off"


class MonthState(StrEnum):
    """What a group's meetings of a month have come to."""

    NOT_YET = "not_yet"
    #: A register was begun, and none was sent.
    DRAFT = "draft"
    MET = "met"


#: How long after the day a meeting may still be recorded.
#: Source: none official; product default (safety paper), a setting of the installation.
BACKDATING_DAYS = 35

#: Meetings missed one after the other from which on the family is visited.
#: Source: none official; product default.
MISSED_TOO_OFTEN = 2

NOTE_LENGTH = 200
PLACE_LENGTH = 120
TOPIC_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Mark:
    """What the register says of one household."""

    presence: Presence
    #: None: present, not yet assessed.
    understanding: Understanding | None = None
    note: str = ""
    marked_how: MarkedHow = MarkedHow.SINGLE
    #: None where there is no understanding that somebody chose.
    assessed_how: MarkedHow | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.understanding, Understanding | None):
            raise TypeError("an understanding is one of the four, or none")
        if self.presence is Presence.NOT_MARKED:
            raise ValueError("a household that is not marked has no mark")
        if self.understanding != settle(self.presence, self.understanding):
            raise ValueError("who was not there cannot be assessed")


def settle(presence: Presence, understanding: Understanding | None) -> Understanding | None:
    """The understanding that goes with a presence: who was not there cannot be assessed.

    Source: the ministry's monthly monitoring form ("Tidak Dapat Dinilai").
    """
    return understanding if presence is Presence.PRESENT else Understanding.NOT_ASSESSABLE


@dataclass(frozen=True, slots=True)
class Head:
    """What a register says of the meeting itself."""

    #: Lessons taught, a bit each (`curriculum.rules`).
    lesson_mask: int
    topic: str = ""
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """A register in figures, as the check page and the report name them."""

    present: int
    sick: int
    excused: int
    absent: int
    #: How the marks came about.
    single: int
    bulk: int
    #: Present, understanding still open; and understanding filled in for many at once.
    not_assessed: int
    assessed_in_bulk: int

    @property
    def total(self) -> int:
        return self.present + self.sick + self.excused + self.absent

    @property
    def away(self) -> int:
        return self.total - self.present


def totals(marks: Iterable[Mark]) -> Totals:
    marks = list(marks)
    by_presence = dict.fromkeys(Presence, 0)
    for mark in marks:
        by_presence[mark.presence] += 1
    bulk = sum(mark.marked_how is MarkedHow.BULK for mark in marks)
    return Totals(
        present=by_presence[Presence.PRESENT],
        sick=by_presence[Presence.SICK],
        excused=by_presence[Presence.EXCUSED],
        absent=by_presence[Presence.ABSENT],
        single=len(marks) - bulk,
        bulk=bulk,
        not_assessed=sum(mark.understanding is None for mark in marks),
        assessed_in_bulk=sum(mark.assessed_how is MarkedHow.BULK for mark in marks),
    )


class DateProblem(StrEnum):
    """Why a day cannot be a meeting's."""

    IN_THE_FUTURE = "in_the_future"
    BEFORE_LAST_MONTH = "before_last_month"
    TOO_LONG_AGO = "too_long_ago"


def date_problem(
    held_on: date, today: date, backdating_days: int = BACKDATING_DAYS
) -> DateProblem | None:
    """What speaks against recording a meeting of that day today (on the wall where the
    facilitator stands); None for nothing."""
    if held_on > today:
        return DateProblem.IN_THE_FUTURE
    if held_on < last_month(today):
        return DateProblem.BEFORE_LAST_MONTH
    if held_on < today - timedelta(days=backdating_days):
        return DateProblem.TOO_LONG_AGO
    return None


def last_month(today: date) -> date:
    """First day of the month before."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def next_month(day: date) -> date:
    """First day of the month after."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def others_of_month(day: date, held: Iterable[date]) -> list[date]:
    """Of these days, those of the same month but for the day itself, in their order."""
    first, after = day.replace(day=1), next_month(day)
    return sorted(each for each in held if each != day and first <= each < after)


def twelve_months(day: date) -> date:
    """The first day of the twelve calendar months of which that day's is the last."""
    return next_month(day.replace(year=day.year - 1, day=1))


class LessonAttended(NamedTuple):
    """A household was present when a lesson was taught."""

    #: The first time.
    attended_on: date
    #: The best it was ever understood; None: never assessed.
    understanding: Understanding | None


class AttendanceFacts(NamedTuple):
    """What the registers tell of one household up to a day."""

    #: Of the last twelve months (`twelve_months`) those with a mark for it, and those in which it
    #: was present. P2K2 is owed once a month: two registers of one month are no more than one, or
    #: as many as it takes could be made up on one evening.
    held: int = 0
    attended: int = 0
    #: Meetings missed one after the other, counted back from the latest.
    missed_running: int = 0
    last_present_on: date | None = None
    #: Lessons of the economics module, by running number, over all time.
    lessons: Mapping[int, LessonAttended] = MappingProxyType({})
