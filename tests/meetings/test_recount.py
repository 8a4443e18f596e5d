"""Stored totals can always be counted anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casework.audit.models import AuditEntry
from casework.core.transaction import transaction
from casework.meetings.actions.record import record_meeting
from casework.meetings.models import Meeting
from casework.meetings.rules import Mark, MeetingStatus, Presence
from tests.meetings.conftest import TODAY, Arranged, rows

Run = Callable[..., Any]


def record(group: Arranged, *, number: int, status: MeetingStatus = MeetingStatus.SENT) -> None:
    with transaction():
        record_meeting(
            group.actor,
            group.group_id,
            held_on=TODAY,
            lessons=(1,),
            marks=dict.fromkeys(group.households[:number], Mark(Presence.PRESENT)),
            status=status,
        )


def falsify() -> None:
    (meeting,) = rows(Meeting)
    key = meeting.area_id, meeting.id
    with transaction() as session:
        session.get(Meeting, key).present = 1


def test_what_was_recorded_counts_the_same(melati: Arranged, run_command: Run) -> None:
    record(melati, number=3, status=MeetingStatus.DRAFT)
    result = run_command("meetings", "recount")
    assert (result.exit_code, "0 differences" in result.output) == (0, True)


def test_an_empty_draft_counts_as_nothing(melati: Arranged, run_command: Run) -> None:
    record(melati, number=0, status=MeetingStatus.DRAFT)
    assert run_command("meetings", "recount", "--area", melati.area_id).exit_code == 0


def test_a_difference_is_named_and_repaired_only_when_asked(
    melati: Arranged, run_command: Run
) -> None:
    record(melati, number=5)
    falsify()
    result = run_command("meetings", "recount")
    assert result.exit_code == 1
    assert (
        "2026-11-12: stored 1 of 5 and 0 different, counted 5 of 5 and 0 different" in result.output
    )
    assert rows(Meeting)[0].present == 1

    result = run_command("meetings", "recount", "--repair")
    assert (result.exit_code, "1 differences repaired" in result.output) == (0, True)
    assert rows(Meeting)[0].present == 5
    (line,) = rows(AuditEntry, tag="meeting:recount")
    assert line.data == {"differences": 1}
    assert run_command("meetings", "recount").exit_code == 0
