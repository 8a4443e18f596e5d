"""Stored totals can always be counted anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from casework.audit.models import AuditEntry
from casework.core.transaction import transaction
from casework.meetings.actions.record import record_meeting
from casework.meetings.models import Meeting
from casework.meetings.rules import Head, Mark, MeetingStatus, Presence
from tests.meetings.conftest import NOON, TODAY, Arranged, rows
from tests.meetings.test_taking_words import AWAY, OTHER, everybody, take, word

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


def test_since_when_something_differs_is_counted_from_the_claims(
    melati: Arranged, run_command: Run
) -> None:
    one, *_others = melati.households
    take(melati, word(everybody(melati)))
    take(melati, word({one: AWAY}, device=OTHER, head=Head(1)))
    assert run_command("meetings", "recount").exit_code == 0
    (meeting,) = rows(Meeting)
    key = meeting.area_id, meeting.id
    for wrong in (None, NOON - timedelta(days=9)):
        with transaction() as session:
            session.get(Meeting, key).differs_since = wrong
        result = run_command("meetings", "recount", "--repair")
        assert "4 of 4 and 1 different since 2026-11-12 04:00 UTC" in result.output
        assert rows(Meeting)[0].differs_since == NOON


def test_a_moment_that_nothing_differs_since_is_taken_away(
    melati: Arranged, run_command: Run
) -> None:
    record(melati, number=5)
    (meeting,) = rows(Meeting)
    key = meeting.area_id, meeting.id
    with transaction() as session:
        session.get(Meeting, key).differs_since = NOON
    assert run_command("meetings", "recount").exit_code == 1
    assert run_command("meetings", "recount", "--repair").exit_code == 0
    assert rows(Meeting)[0].differs_since is None
