"""Saving a register, saving it again, and correcting it."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time

import pytest

from casework.audit.models import AuditEntry
from casework.core import clock
from casework.core.errors import Invalid, NotFound, Refused
from casework.core.ids import meeting_id
from casework.core.signals import household_facts_changed
from casework.core.transaction import transaction
from casework.households.models import Membership
from casework.households.rules import HouseholdStatus
from casework.meetings.actions.record import ChangedMeanwhile, Recorded, record_meeting
from casework.meetings.models import Attendance, AttendanceChange, Meeting
from casework.meetings.rules import Mark, MarkedHow, MeetingStatus, Presence, Understanding
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.households import HouseholdFactory, MembershipFactory, group_with
from tests.meetings.conftest import TODAY, Arranged, arrange, rows

HERE = Mark(Presence.PRESENT)
HERE_GOOD = Mark(Presence.PRESENT, Understanding.GOOD, assessed_how=MarkedHow.SINGLE)
IN_BULK = Mark(Presence.PRESENT, marked_how=MarkedHow.BULK)
SICK = Mark(Presence.SICK, Understanding.NOT_ASSESSABLE)
AWAY = Mark(Presence.ABSENT, Understanding.NOT_ASSESSABLE)


def save(group: Arranged, marks: dict[uuid.UUID, Mark], **changes: object) -> Recorded:
    given = {"held_on": TODAY, "lessons": (5,), **changes}
    actor = given.pop("actor", group.actor)
    with transaction():
        return record_meeting(actor, group.group_id, marks=marks, **given)


def everybody(group: Arranged, mark: Mark = HERE) -> dict[uuid.UUID, Mark]:
    return dict.fromkeys(group.households, mark)


class Heard:
    """Whose facts were told to have changed."""

    def __init__(self) -> None:
        self.households: set[uuid.UUID] = set()

    def hear(self, _actor: object, *, area_id: int, household_ids: list[uuid.UUID]) -> None:
        self.households.update(household_ids)


@pytest.fixture
def heard() -> Heard:
    heard = Heard()
    household_facts_changed.connect(heard.hear)
    return heard


def test_a_register_is_saved_with_its_totals_and_who_and_how(melati: Arranged) -> None:
    one, two, *others = melati.households
    saved = save(
        melati,
        {one: SICK, two: HERE_GOOD, **dict.fromkeys(others, IN_BULK)},
        lessons=(5, 6),
        starts_at=time(9),
        ends_at=time(11),
        place="Balai desa",
    )
    (meeting,) = rows(Meeting)
    assert meeting.id == saved.meeting_id == meeting_id(melati.group_id, TODAY)
    assert (meeting.present, meeting.total, meeting.version) == (4, 5, 1)
    assert (meeting.lesson_mask, meeting.place) == (0b110000, "Balai desa")
    assert meeting.status is MeetingStatus.SENT
    assert meeting.recorded_by == melati.actor.user_id
    marks = {mark.household_id: mark for mark in rows(Attendance)}
    assert marks[one].presence is Presence.SICK
    assert marks[one].understanding is Understanding.NOT_ASSESSABLE
    assert marks[two].understanding is Understanding.GOOD
    assert [marks[each].marked_how for each in others] == [MarkedHow.BULK] * 3
    assert (saved.totals.present, saved.totals.away, saved.totals.bulk) == (4, 1, 3)
    (line,) = rows(AuditEntry, tag="meeting:record")
    assert line.data == {
        "held_on": "2026-11-12", "status": "sent", "present": 4, "total": 5, "bulk": 3,
        "lessons": [5, 6],
    }  # fmt: skip


def test_a_repeated_save_writes_nothing_and_answers_the_same(melati: Arranged) -> None:
    first = save(melati, everybody(melati))
    with clock.at(datetime(2026, 11, 12, 5, tzinfo=UTC)):
        again = save(melati, everybody(melati))
    assert (again.meeting_id, again.version, again.totals) == (
        first.meeting_id, first.version, first.totals
    )  # fmt: skip
    assert (first.marks_written, again.marks_written) == (5, 0)
    assert len(rows(AuditEntry, tag="meeting:record")) == 1
    assert rows(AttendanceChange) == []


def test_a_correction_keeps_what_stood_before(melati: Arranged, heard: Heard) -> None:
    one, two, *_ = melati.households
    save(melati, everybody(melati))
    heard.households.clear()
    saved = save(
        melati,
        {**everybody(melati), one: Mark(Presence.SICK, Understanding.NOT_ASSESSABLE, "demam")},
        base_version=1,
    )
    assert (saved.version, saved.marks_written) == (2, 1)
    (change,) = rows(AttendanceChange)
    assert (change.household_id, change.version) == (one, 2)
    assert (change.before["presence"], change.after["presence"]) == ("present", "sick")
    assert (change.before["note"], change.after["note"]) == ("", "demam")
    assert change.changed_by_name == melati.actor.name
    assert heard.households == {one}
    (line,) = rows(AuditEntry, tag="meeting:correct")
    assert line.data == {
        "held_on": "2026-11-12", "marks_changed": 1, "present": 4, "total": 5,
        "lessons": [5], "lessons_before": None,
    }  # fmt: skip
    (mark,) = rows(Attendance, household_id=two)
    assert mark.marked_at == datetime(2026, 11, 12, 4, tzinfo=UTC)


def test_another_lesson_concerns_everybody_s_facts(melati: Arranged, heard: Heard) -> None:
    save(melati, everybody(melati))
    heard.households.clear()
    saved = save(melati, everybody(melati), lessons=(7,), base_version=1)
    assert (saved.version, saved.marks_written) == (2, 0)
    assert heard.households == set(melati.households)


def test_a_save_from_an_older_version_is_told_so_and_changes_nothing(melati: Arranged) -> None:
    one, two, *_ = melati.households
    save(melati, everybody(melati))
    save(melati, {**everybody(melati), one: SICK}, base_version=1)
    with pytest.raises(ChangedMeanwhile):
        save(melati, {**everybody(melati), two: AWAY}, base_version=1)
    assert [mark.household_id for mark in rows(Attendance) if mark.presence is not HERE.presence] \
        == [one]  # fmt: skip


def test_a_meeting_recorded_twice_from_scratch_is_not_overwritten(melati: Arranged) -> None:
    save(melati, everybody(melati))
    with pytest.raises(ChangedMeanwhile):
        save(melati, everybody(melati, AWAY))


def test_a_draft_may_lack_marks_and_lesson_and_tells_nobody(melati: Arranged, heard: Heard) -> None:
    one, two, *_ = melati.households
    save(melati, {one: HERE}, lessons=(), status=MeetingStatus.DRAFT)
    (meeting,) = rows(Meeting)
    assert (meeting.status, meeting.present, meeting.total) == (MeetingStatus.DRAFT, 1, 1)
    save(melati, {two: SICK}, lessons=(), status=MeetingStatus.DRAFT, base_version=1)
    assert len(rows(Attendance)) == 2
    assert heard.households == set()
    save(melati, everybody(melati), base_version=2)
    assert heard.households == set(melati.households)
    assert rows(AttendanceChange) == []  # finishing a draft corrects nothing


def test_what_was_sent_cannot_become_a_draft_again(melati: Arranged) -> None:
    save(melati, everybody(melati))
    with pytest.raises(Refused):
        save(melati, everybody(melati), status=MeetingStatus.DRAFT, base_version=1)


def test_every_household_without_a_mark_is_named(melati: Arranged) -> None:
    one, *others = melati.households
    with pytest.raises(Invalid) as refused:
        save(melati, {one: HERE})
    assert set(refused.value.fields) == {"", *map(str, others)}
    assert rows(Meeting) == []


def test_a_household_of_another_group_is_refused(melati: Arranged) -> None:
    other = arrange(melati.actor.username, households=1)
    with pytest.raises(Invalid):
        save(melati, {**everybody(melati), other.households[0]: HERE})
    with pytest.raises(Invalid):
        save(melati, {**everybody(melati), uuid.uuid4(): HERE})
    assert rows(Attendance) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lessons": ()}, "lessons"),
        ({"lessons": (99,)}, "lessons"),
        ({"lessons": (), "topic": "   "}, "lessons"),
        ({"topic": "x" * 121}, "topic"),
        ({"place": "x" * 121}, "place"),
        ({"starts_at": time(9), "ends_at": time(9)}, "ends_at"),
        ({"held_on": date(2026, 11, 13)}, "held_on"),
        ({"held_on": date(2026, 10, 7)}, "held_on"),
        ({"held_on": date(2026, 11, 10), "backdating_days": 1}, "held_on"),
    ],
)
def test_what_is_wrong_with_the_head_is_said_at_its_field(
    melati: Arranged, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        save(melati, everybody(melati), **changes)
    assert list(refused.value.fields) == [field]
    assert rows(Meeting) == []


def test_a_free_topic_needs_no_lesson(melati: Arranged) -> None:
    save(melati, everybody(melati), lessons=(), topic="Bahaya judi online")
    (meeting,) = rows(Meeting)
    assert (meeting.lesson_mask, meeting.adaptive_topic) == (0, "Bahaya judi online")


def test_a_group_without_families_has_nothing_to_send(db_session: object) -> None:
    empty = arrange(households=0)
    with pytest.raises(Invalid):
        save(empty, {})


def test_an_old_register_can_still_be_corrected(melati: Arranged) -> None:
    save(melati, everybody(melati))
    with clock.at(datetime(2027, 3, 1, tzinfo=UTC)):
        saved = save(melati, {melati.households[0]: AWAY}, base_version=1)
    assert saved.version == 2


def test_the_register_holds_who_belonged_there_on_the_day(melati: Arranged) -> None:
    leaver, *stayers = melati.households
    with transaction() as session:
        membership = session.get(
            Membership, (melati.area_id, leaver, rows_from_on(session, leaver))
        )
        membership.to_on = TODAY  # the first day without
    with pytest.raises(Invalid):
        save(melati, everybody(melati))
    save(melati, dict.fromkeys(stayers, HERE))
    day_before = date(2026, 11, 11)
    save(melati, everybody(melati), held_on=day_before)
    assert {meeting.total for meeting in rows(Meeting)} == {4, 5}


def rows_from_on(session: object, household_id: uuid.UUID) -> date:
    return session.query(Membership.from_on).filter_by(household_id=household_id).scalar()


def test_who_is_already_marked_stays_in_the_register(melati: Arranged) -> None:
    leaver, *_ = melati.households
    save(melati, everybody(melati))
    with transaction() as session:
        session.delete(session.query(Membership).filter_by(household_id=leaver).one())
    saved = save(melati, {leaver: AWAY}, base_version=1)
    assert saved.totals.total == 5


def test_who_has_left_the_programme_is_not_expected(melati: Arranged) -> None:
    with transaction():
        group = rows_group(melati)
        MembershipFactory(group=group, household=HouseholdFactory(status=HouseholdStatus.GRADUATED))
        approved = MembershipFactory(
            group=group, household=HouseholdFactory(status=HouseholdStatus.APPROVED)
        ).household_id
    with pytest.raises(Invalid) as refused:
        save(melati, everybody(melati))
    assert set(refused.value.fields) == {"", str(approved)}


def rows_group(arranged: Arranged) -> object:
    from casework.core.db import db
    from casework.households.models import Group

    return db.session.get(Group, (arranged.area_id, arranged.group_id))


def test_others_cannot_write_in_the_register(melati: Arranged) -> None:
    with transaction():
        stranger = UserFactory()
        supervisor = UserFactory(supervisor=True)
        group_with(stranger)
        actors = [actor_for(stranger), actor_for(supervisor)]
    with pytest.raises(NotFound):
        save(melati, everybody(melati), actor=actors[0])
    with pytest.raises(Refused):
        save(melati, everybody(melati), actor=actors[1])
    assert rows(Meeting) == []
