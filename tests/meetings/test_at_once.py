"""Two phones save the same register at the same moment: one wins, the other is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from casework.core.transaction import transaction
from casework.meetings.actions.record import ChangedMeanwhile, Recorded, record_meeting
from casework.meetings.models import Attendance, AttendanceChange, Meeting
from casework.meetings.rules import Mark, Presence, Understanding
from tests.meetings.conftest import TODAY, Arranged, rows
from tests.simultaneous import at_once

HERE = Mark(Presence.PRESENT)
AWAY = Mark(Presence.ABSENT, Understanding.NOT_ASSESSABLE)


def save(group: Arranged, mark: Mark, base_version: int = 0) -> Callable[[], Recorded]:
    return lambda: record_meeting(
        group.actor,
        group.group_id,
        held_on=TODAY,
        lessons=(5,),
        marks=dict.fromkeys(group.households, mark),
        base_version=base_version,
    )


@pytest.mark.parametrize("base_version", [0, 1])
def test_of_two_different_saves_one_wins_whole_and_the_other_is_told(
    app: Flask, melati: Arranged, base_version: int
) -> None:
    if base_version:
        with transaction():
            save(melati, Mark(Presence.PRESENT, note="semula"))()
    answers = at_once(app, [save(melati, HERE, base_version), save(melati, AWAY, base_version)])
    (won,) = [answer for answer in answers if isinstance(answer, Recorded)]
    (lost,) = [answer for answer in answers if not isinstance(answer, Recorded)]
    assert isinstance(lost, ChangedMeanwhile)
    (meeting,) = rows(Meeting)
    marks = rows(Attendance)
    assert len({mark.presence for mark in marks}) == 1
    assert meeting.present == sum(mark.presence is Presence.PRESENT for mark in marks)
    assert (meeting.total, meeting.version) == (5, won.version) == (5, base_version + 1)
    assert len(rows(AttendanceChange)) == (5 if base_version else 0)


def test_the_same_save_from_two_phones_never_doubles_anything(app: Flask, melati: Arranged) -> None:
    answers = at_once(app, [save(melati, HERE), save(melati, HERE), save(melati, HERE)])
    assert [answer for answer in answers if isinstance(answer, Recorded)]
    # Who was read before the winner committed is told; sent again, it is the same save.
    assert all(isinstance(answer, Recorded | ChangedMeanwhile) for answer in answers)
    with transaction():
        again = save(melati, HERE)()
    assert (again.version, again.marks_written) == (1, 0)
    assert len(rows(Attendance)) == 5
