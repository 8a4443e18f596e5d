"""When a register may be called off, and what goes along to another day; no database."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from casework.core.own_words import Lack, lack_in
from casework.meetings.rules import (
    REASON_LETTERS,
    REASON_WORDS,
    DateProblem,
    Mark,
    MarkedHow,
    MeetingStatus,
    Presence,
    Understanding,
    WhyNot,
    carried_over,
    next_month,
    others_of_month,
    why_not_called_off,
    would_revive,
)

DRAFT, SENT, CALLED_OFF = MeetingStatus.DRAFT, MeetingStatus.SENT, MeetingStatus.CALLED_OFF
ANI, BUDI, CICI = (uuid.UUID(int=number) for number in (1, 2, 3))
HERE = Mark(Presence.PRESENT, marked_how=MarkedHow.BULK)
SICK = Mark(Presence.SICK, Understanding.NOT_ASSESSABLE, "demam")


@pytest.mark.parametrize(
    ("status", "day", "is_differing", "why_not"),
    [
        (SENT, None, False, None),
        (DRAFT, None, False, None),
        (CALLED_OFF, None, False, WhyNot.CALLED_OFF),
        (SENT, None, True, WhyNot.DIFFERS),
        (DRAFT, None, True, WhyNot.DIFFERS),
        *((SENT, problem, False, WhyNot.TOO_LATE) for problem in DateProblem),
        # What can be mended by nobody is said before what can.
        (SENT, DateProblem.TOO_LONG_AGO, True, WhyNot.TOO_LATE),
        (CALLED_OFF, DateProblem.TOO_LONG_AGO, True, WhyNot.CALLED_OFF),
    ],
)
def test_what_keeps_a_register_from_being_called_off(
    status: MeetingStatus, day: DateProblem | None, is_differing: bool, why_not: WhyNot | None
) -> None:
    assert why_not_called_off(status, day, is_differing=is_differing) is why_not


@pytest.mark.parametrize(
    ("register", "kept", "left_out", "unmarked"),
    [
        ({ANI, BUDI}, {ANI: HERE, BUDI: SICK}, 0, 0),
        ({ANI}, {ANI: HERE}, 1, 0),
        ({ANI, BUDI, CICI}, {ANI: HERE, BUDI: SICK}, 0, 1),
        ({BUDI, CICI}, {BUDI: SICK}, 1, 1),
        ({CICI}, {}, 2, 1),
        (set(), {}, 2, 0),
    ],
)
def test_marks_go_along_as_they_were_made_for_who_belongs_there(
    register: set[uuid.UUID], kept: dict[uuid.UUID, Mark], left_out: int, unmarked: int
) -> None:
    carried = carried_over({ANI: HERE, BUDI: SICK}, register)
    assert (carried.marks, carried.left_out, carried.unmarked) == (kept, left_out, unmarked)


@pytest.mark.parametrize(
    ("status", "called_off_in", "seen", "revives"),
    [
        # Never called off.
        (SENT, 0, 0, False),
        (DRAFT, 0, 3, False),
        # As it stands now, whatever somebody has seen of it.
        (CALLED_OFF, 2, 0, True),
        (CALLED_OFF, 2, 1, True),
        (CALLED_OFF, 2, 2, True),
        # Recorded anew with version 3.
        (SENT, 2, 0, True),
        (SENT, 2, 1, True),
        (SENT, 2, 2, False),
        (SENT, 2, 3, False),
        # Called off on a server that was put back to a backup: what was seen before is older.
        (SENT, 50_002, 7, True),
        (SENT, 2, 50_003, False),
    ],
)
def test_who_has_not_seen_that_it_was_called_off_does_not_bring_it_back(
    status: MeetingStatus, called_off_in: int, seen: int, revives: bool
) -> None:
    assert would_revive(status, called_off_in, seen) is revives


@pytest.mark.parametrize(
    ("text", "lack"),
    [
        ("Salah tanggal", None),
        ("Pertemuan batal", None),
        ("Salah tgl 4", None),
        ("salah tgl", Lack.LETTERS),
        ("  salah    tgl  ", Lack.LETTERS),
        ("", Lack.LETTERS),
        ("..........", Lack.WORDS),
        ("aaaaaaaaaa", Lack.WORDS),
        ("salah salah", Lack.WORDS),
        ("tanggal.............", Lack.WORDS),
    ],
)
def test_a_short_reason_is_enough_and_none_is_not(text: str, lack: Lack | None) -> None:
    assert lack_in(text, REASON_LETTERS, REASON_WORDS) is lack


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 11, 1), date(2026, 12, 1)),
        (date(2026, 11, 30), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2028, 1, 31), date(2028, 2, 1)),
    ],
)
def test_the_month_after_begins_with_its_first_day(day: date, first: date) -> None:
    assert next_month(day) == first


def test_other_meetings_of_a_month_are_those_within_it() -> None:
    held = [date(2026, 11, 30), date(2026, 11, 1), date(2026, 11, 12), date(2026, 10, 31),
            date(2026, 12, 1), date(2025, 11, 12)]  # fmt: skip
    assert others_of_month(date(2026, 11, 12), held) == [date(2026, 11, 1), date(2026, 11, 30)]
    assert others_of_month(date(2026, 9, 12), held) == []
