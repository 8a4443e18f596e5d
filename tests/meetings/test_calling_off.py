"""Calling off a register of the wrong day, moving it, and recording that day anew."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from casework.access.actor import Actor
from casework.audit.models import AuditEntry
from casework.core import clock
from casework.core.errors import CaseworkError, Invalid, NotFound, Refused
from casework.core.files import Purpose, check_and_clean
from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.households.models import Membership
from casework.meetings.actions.calling_off import Moved, Saying, call_off
from casework.meetings.actions.photos import add_photo, remove_photo
from casework.meetings.actions.record import ChangedMeanwhile
from casework.meetings.actions.recount import differences
from casework.meetings.models import (
    Attendance,
    AttendanceChange,
    CalledOff,
    Meeting,
    MeetingPhoto,
)
from casework.meetings.photo_files import current_store
from casework.meetings.queries.facts import NEVER_MARKED, attendance_facts
from casework.meetings.queries.months import groups_in_month
from casework.meetings.rules import MOST_PHOTOS, Mark, MeetingStatus, Presence, Understanding
from tests.factories.accounts import UserFactory, actor_for
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange, rows
from tests.meetings.test_photos import other
from tests.meetings.test_recording import (
    AWAY,
    HERE,
    IN_BULK,
    SICK,
    Heard,
    everybody,
    heard,
    save,
)
from tests.meetings.test_taking_words import OTHER, hand_over, take, word
from tests.simultaneous import at_once

__all__ = ["heard"]

YESTERDAY = TODAY - timedelta(days=1)
WHY = "Salah tanggal"


def off(
    group: Arranged,
    day: date = TODAY,
    *,
    why: str = WHY,
    to: date | None = None,
    base: int = 1,
    actor: Actor | None = None,
    **more: int,
) -> Moved | None:
    saying = Saying(why, to, base)
    with transaction():
        return call_off(
            actor or group.actor, meeting_id(group.group_id, day), saying, current_store, **more
        )


def of(group: Arranged, day: date = TODAY) -> Meeting:
    (meeting,) = rows(Meeting, id=meeting_id(group.group_id, day))
    return meeting


def marks(group: Arranged, day: date = TODAY) -> dict[uuid.UUID, Mark]:
    found = rows(Attendance, meeting_id=meeting_id(group.group_id, day))
    return {
        row.household_id: Mark(
            row.presence, row.understanding, row.note, row.marked_how, row.assessed_how
        )
        for row in found
    }


def held(group: Arranged) -> int:
    (family, *_others) = group.households
    return attendance_facts(group.area_id, [family], as_of=TODAY)[family].held


# ---- Called off ----


def test_a_register_that_is_called_off_is_kept_and_counts_no_more(
    melati: Arranged, heard: Heard
) -> None:
    one, *others = melati.households
    save(melati, {one: SICK, **dict.fromkeys(others, IN_BULK)})
    before = marks(melati)
    heard.households.clear()
    with clock.at(NOON + timedelta(hours=1)):
        assert off(melati, why="  Salah   tanggal ") is None
    meeting = of(melati)
    assert (meeting.status, meeting.version) == (MeetingStatus.CALLED_OFF, 2)
    assert (meeting.present, meeting.total) == (4, 5)
    # Who recorded it, and when, stays as well.
    assert (meeting.recorded_by, meeting.recorded_at) == (melati.actor.user_id, NOON)
    assert marks(melati) == before
    (told,) = rows(CalledOff)
    assert (told.meeting_id, told.version, told.reason) == (meeting.id, 2, "Salah tanggal")
    assert (told.called_off_by, told.called_off_by_name) == (
        melati.actor.user_id, melati.actor.name
    )  # fmt: skip
    assert (told.called_off_at, told.moved_to) == (NOON + timedelta(hours=1), None)
    assert heard.households == set(melati.households)
    assert held(melati) == 0
    (line,) = rows(AuditEntry, tag="meeting:call-off")
    assert line.data == {"held_on": "2026-11-12", "total": 5, "moved_to": None}
    assert (line.subject_id, line.actor_id) == (str(meeting.id), melati.actor.user_id)
    assert differences(melati.area_id) == []


def test_a_draft_is_called_off_too_and_tells_nobody(melati: Arranged, heard: Heard) -> None:
    one, *_ = melati.households
    save(melati, {one: HERE}, status=MeetingStatus.DRAFT, lessons=())
    off(melati)
    assert of(melati).status is MeetingStatus.CALLED_OFF
    assert heard.households == set()
    (group,) = groups_in_month(melati.actor, TODAY)
    assert (group.draft_on, group.met_on, group.meeting_id) == (None, None, None)


def test_said_twice_it_is_done_once(melati: Arranged) -> None:
    save(melati, everybody(melati))
    assert off(melati) is None
    assert off(melati) is None
    assert of(melati).version == 2
    assert len(rows(CalledOff)) == len(rows(AuditEntry, tag="meeting:call-off")) == 1


@pytest.mark.parametrize("said", [{"why": "Pertemuan batal"}, {"to": YESTERDAY}])
def test_called_off_already_it_is_not_called_off_otherwise(
    melati: Arranged, said: dict[str, object]
) -> None:
    save(melati, everybody(melati))
    off(melati)
    with pytest.raises(ChangedMeanwhile):
        off(melati, **said)
    with pytest.raises(Refused):
        off(melati, base=2, **said)
    assert len(rows(CalledOff)) == len(rows(Meeting)) == 1


def test_a_page_that_was_overtaken_calls_nothing_off(melati: Arranged) -> None:
    save(melati, everybody(melati))
    save(melati, everybody(melati, AWAY), base_version=1)
    with pytest.raises(ChangedMeanwhile):
        off(melati, base=1)
    assert (of(melati).status, of(melati).version) == (MeetingStatus.SENT, 2)
    assert rows(CalledOff) == []


@pytest.mark.parametrize("why", ["", "salah tgl", "..........", "salah salah"])
def test_without_a_reason_nothing_is_called_off(melati: Arranged, why: str) -> None:
    save(melati, everybody(melati))
    with pytest.raises(Invalid) as refused:
        off(melati, why=why)
    assert list(refused.value.fields) == ["reason"]
    assert of(melati).status is MeetingStatus.SENT


def test_what_differs_is_settled_first(melati: Arranged) -> None:
    one, *_ = melati.households
    take(melati, word(everybody(melati)))
    take(melati, word({**everybody(melati), one: AWAY}, device=OTHER))
    with pytest.raises(Refused):
        off(melati, base=2)
    save(melati, everybody(melati), base_version=2)
    off(melati, base=3)
    assert of(melati).status is MeetingStatus.CALLED_OFF


@pytest.mark.parametrize(
    ("now", "may"),
    [
        # 35 days after: 17 December. The month before last is closed with its month.
        (datetime(2026, 12, 17, 4, tzinfo=UTC), True),
        (datetime(2026, 12, 17, 16, 1, tzinfo=UTC), False),
        (datetime(2027, 1, 1, 4, tzinfo=UTC), False),
    ],
)
def test_it_is_called_off_as_long_as_its_day_can_be_recorded(
    melati: Arranged, now: datetime, may: bool
) -> None:
    save(melati, everybody(melati))
    with clock.at(now):
        if may:
            off(melati)
        else:
            with pytest.raises(Refused):
                off(melati)
    assert (of(melati).status is MeetingStatus.CALLED_OFF) is may


def test_how_long_is_a_setting(melati: Arranged) -> None:
    save(melati, everybody(melati), held_on=YESTERDAY)
    with pytest.raises(Refused):
        off(melati, YESTERDAY, backdating_days=0)
    off(melati, YESTERDAY, backdating_days=1)


def test_nobody_else_calls_a_register_off(melati: Arranged) -> None:
    save(melati, everybody(melati))
    stranger = arrange().actor
    with transaction():
        supervisor = actor_for(UserFactory(supervisor=True))
    with pytest.raises(NotFound):
        off(melati, actor=stranger)
    with pytest.raises(Refused):
        off(melati, actor=supervisor)
    successor = hand_over(melati, days_ago=0)
    with pytest.raises(NotFound):
        off(melati)
    off(melati, actor=successor)
    (told,) = rows(CalledOff)
    assert told.called_off_by == successor.user_id


def test_of_two_at_once_one_calls_it_off(app: Flask, melati: Arranged) -> None:
    save(melati, everybody(melati))
    of_today = meeting_id(melati.group_id, TODAY)

    def saying(why: str) -> Callable[[], Moved | None]:
        return lambda: call_off(melati.actor, of_today, Saying(why, None, 1), current_store)

    answers = at_once(app, [saying("Salah tanggal"), saying("Pertemuan batal")])
    assert sorted(isinstance(each, CaseworkError) for each in answers) == [False, True]
    assert len(rows(CalledOff)) == 1
    assert of(melati).version == 2


# ---- Moved ----


def test_it_is_moved_with_its_head_and_each_mark_as_it_was_made(
    melati: Arranged, heard: Heard
) -> None:
    one, two, *others = melati.households
    good = Mark(Presence.PRESENT, Understanding.GOOD, "rajin")
    given = {one: SICK, two: good, **dict.fromkeys(others, IN_BULK)}
    save(melati, given, lessons=(5, 6), topic="Judi online", starts_at=time(9), ends_at=time(11),
         place="Balai desa")  # fmt: skip
    heard.households.clear()
    moved = off(melati, to=YESTERDAY)
    assert moved == Moved(meeting_id(melati.group_id, YESTERDAY), YESTERDAY, 0, 0)
    wrong, right = of(melati), of(melati, YESTERDAY)
    assert (wrong.status, right.status) == (MeetingStatus.CALLED_OFF, MeetingStatus.SENT)
    head = ("lesson_mask", "adaptive_topic", "starts_at", "ends_at", "place", "present", "total")
    assert [getattr(right, name) for name in head] == [getattr(wrong, name) for name in head]
    assert marks(melati, YESTERDAY) == marks(melati) == given
    assert (right.version, right.recorded_by) == (1, melati.actor.user_id)
    assert held(melati) == 1
    assert heard.households == set(melati.households)
    (told,) = rows(CalledOff)
    assert told.moved_to == YESTERDAY
    (line,) = rows(AuditEntry, tag="meeting:call-off")
    assert line.data["moved_to"] == "2026-11-11"
    assert len(rows(AuditEntry, tag="meeting:record")) == 2
    assert differences(melati.area_id) == []


def test_moved_twice_by_one_form_it_is_moved_once(melati: Arranged) -> None:
    save(melati, everybody(melati))
    assert off(melati, to=YESTERDAY) == off(melati, to=YESTERDAY)
    assert len(rows(Meeting)) == 2
    assert of(melati, YESTERDAY).version == 1


def leaves(group: Arranged, family: uuid.UUID, day: date) -> None:
    with transaction() as session:
        session.query(Membership).filter_by(household_id=family).one().to_on = day


def joins(group: Arranged, family: uuid.UUID, day: date) -> None:
    with transaction() as session:
        stay = session.query(Membership).filter_by(household_id=family).one()
        session.delete(stay)
        session.flush()
        session.add(
            Membership(
                area_id=group.area_id, household_id=family, from_on=day, group_id=group.group_id
            )
        )


def test_who_was_not_in_the_group_on_the_right_day_is_left_out(melati: Arranged) -> None:
    new, *others = melati.households
    joins(melati, new, TODAY)
    save(melati, everybody(melati))
    moved = off(melati, to=YESTERDAY)
    assert moved is not None
    assert (moved.left_out, moved.unmarked) == (1, 0)
    assert set(marks(melati, YESTERDAY)) == set(others)
    assert of(melati, YESTERDAY).status is MeetingStatus.SENT
    again = off(melati, to=YESTERDAY)
    assert again is not None
    assert again.left_out == 1


def test_who_was_there_on_the_right_day_only_leaves_it_a_draft(melati: Arranged) -> None:
    gone, *others = melati.households
    leaves(melati, gone, TODAY)
    save(melati, dict.fromkeys(others, HERE))
    moved = off(melati, to=YESTERDAY)
    assert moved is not None
    assert (moved.left_out, moved.unmarked) == (0, 1)
    right = of(melati, YESTERDAY)
    assert (right.status, right.total) == (MeetingStatus.DRAFT, 4)


def test_a_draft_moves_as_a_draft(melati: Arranged) -> None:
    one, *_ = melati.households
    save(melati, {one: HERE}, status=MeetingStatus.DRAFT, lessons=())
    off(melati, to=YESTERDAY)
    right = of(melati, YESTERDAY)
    assert (right.status, right.total) == (MeetingStatus.DRAFT, 1)


def test_where_nobody_was_in_the_group_nothing_moves(melati: Arranged) -> None:
    for family in melati.households:
        joins(melati, family, TODAY)
    save(melati, everybody(melati))
    refused_at(melati, YESTERDAY)


@pytest.mark.parametrize(
    "day", [TODAY, TODAY + timedelta(days=1), date(2026, 10, 7), date(2026, 9, 30), date.min]
)
def test_a_day_that_cannot_be_the_right_one_is_refused_at_its_field(
    melati: Arranged, day: date
) -> None:
    save(melati, everybody(melati))
    refused_at(melati, day)


@pytest.mark.parametrize("status", [MeetingStatus.SENT, MeetingStatus.DRAFT])
def test_a_day_that_has_a_register_keeps_it(melati: Arranged, status: MeetingStatus) -> None:
    save(melati, everybody(melati))
    save(melati, everybody(melati, AWAY), held_on=YESTERDAY, status=status)
    refused_at(melati, YESTERDAY)
    assert set(marks(melati, YESTERDAY).values()) == {AWAY}


def refused_at(group: Arranged, day: date) -> None:
    with pytest.raises(Invalid) as refused:
        off(group, to=day)
    assert list(refused.value.fields) == ["right_day"]
    assert of(group).status is MeetingStatus.SENT
    assert rows(CalledOff) == []


def test_a_day_that_was_called_off_itself_takes_it(melati: Arranged) -> None:
    save(melati, everybody(melati, AWAY), held_on=YESTERDAY)
    off(melati, YESTERDAY)
    save(melati, everybody(melati))
    off(melati, to=YESTERDAY)
    right = of(melati, YESTERDAY)
    assert (right.status, right.version) == (MeetingStatus.SENT, 3)
    assert set(marks(melati, YESTERDAY).values()) == {HERE}
    # And back again.
    off(melati, YESTERDAY, to=TODAY, base=3)
    assert (of(melati).status, of(melati).version) == (MeetingStatus.SENT, 3)
    assert held(melati) == 1


@pytest.mark.parametrize("status", [MeetingStatus.SENT, MeetingStatus.DRAFT])
def test_a_day_that_was_called_off_takes_no_part_of_it(
    melati: Arranged, status: MeetingStatus
) -> None:
    """Its old marks would stand for the families without one."""
    gone, *others = melati.households
    save(melati, everybody(melati, AWAY), held_on=YESTERDAY)
    off(melati, YESTERDAY)
    leaves(melati, gone, TODAY)
    save(melati, dict.fromkeys(others, HERE), status=status)
    with pytest.raises(Invalid) as refused:
        off(melati, to=YESTERDAY)
    assert list(refused.value.fields) == ["right_day"]


# ---- Photos ----


def photograph(group: Arranged, number: int = 1, day: date = TODAY) -> uuid.UUID:
    sent = FileStorage(io.BytesIO(other(number)), "foto.jpg").stream
    file = check_and_clean(sent, Purpose.PHOTO, images_only=True, by=group.actor.user_id)
    with transaction():
        return add_photo(group.actor, group.group_id, day, file=file, store=current_store())


def photos(group: Arranged, day: date = TODAY) -> list[MeetingPhoto]:
    found = rows(MeetingPhoto, meeting_id=meeting_id(group.group_id, day), removed_at=None)
    return sorted(found, key=lambda each: each.width)


def test_photos_go_along_with_the_register(melati: Arranged) -> None:
    save(melati, everybody(melati))
    first, second = photograph(melati, 1), photograph(melati, 2)
    with clock.at(NOON + timedelta(hours=2)):
        moved = off(melati, to=YESTERDAY)
    assert moved is not None
    assert moved.photos_left == 0
    assert photos(melati) == []
    for before, after in zip((first, second), photos(melati, YESTERDAY), strict=True):
        (old,) = rows(MeetingPhoto, id=before)
        assert old.removed_at == NOON + timedelta(hours=2)
        assert (after.upload_sha256, after.added_by, after.added_at, after.size) == (
            old.upload_sha256, old.added_by, NOON, old.size
        )  # fmt: skip
        here = current_store().get(melati.area_id, moved.meeting_id, after.id)
        there = current_store().get(melati.area_id, old.meeting_id, old.id)
        assert here == there
    assert len(rows(AuditEntry, tag="meeting:remove-photo")) == 2
    added = rows(AuditEntry, tag="meeting:add-photo")
    assert sorted(line.data["held_on"] for line in added) == ["2026-11-11"] * 2 + ["2026-11-12"] * 2


def test_photos_without_room_on_the_right_day_stay(melati: Arranged) -> None:
    save(melati, everybody(melati), held_on=YESTERDAY)
    for number in range(MOST_PHOTOS - 1):
        photograph(melati, number, YESTERDAY)
    off(melati, YESTERDAY)
    save(melati, everybody(melati))
    photograph(melati, 21)
    photograph(melati, 22)
    moved = off(melati, to=YESTERDAY)
    assert moved is not None
    assert moved.photos_left == 1
    assert (len(photos(melati)), len(photos(melati, YESTERDAY))) == (1, MOST_PHOTOS)


def test_photos_of_a_register_that_was_called_off_stay_as_they_are(melati: Arranged) -> None:
    save(melati, everybody(melati))
    photo = photograph(melati)
    off(melati)
    with pytest.raises(CaseworkError):
        photograph(melati, 2)
    with pytest.raises(CaseworkError), transaction():
        remove_photo(melati.actor, meeting_id(melati.group_id, TODAY), photo)
    assert [each.id for each in photos(melati)] == [photo]


def test_a_photo_that_comes_late_goes_to_the_right_day(melati: Arranged) -> None:
    save(melati, everybody(melati))
    off(melati, to=YESTERDAY)
    photograph(melati)
    assert (len(photos(melati)), len(photos(melati, YESTERDAY))) == (0, 1)
    (line,) = rows(AuditEntry, tag="meeting:add-photo")
    assert line.data["held_on"] == "2026-11-11"


# ---- Recorded anew ----


def test_recorded_anew_nothing_of_before_stands_and_nothing_is_lost(
    melati: Arranged, heard: Heard
) -> None:
    one, *others = melati.households
    save(melati, {one: SICK, **dict.fromkeys(others, HERE)})
    off(melati)
    heard.households.clear()
    with pytest.raises(Invalid) as refused:
        save(melati, dict.fromkeys(others, HERE), base_version=2)
    assert set(refused.value.fields) == {"", str(one)}
    saved = save(melati, everybody(melati), base_version=2)
    assert (saved.status, saved.version, saved.totals.present) == (MeetingStatus.SENT, 3, 5)
    assert heard.households == set(melati.households)
    assert held(melati) == 1
    (change,) = rows(AttendanceChange)
    assert (change.household_id, change.before["presence"], change.after["presence"]) == (
        one, "sick", "present"
    )  # fmt: skip
    assert len(rows(AuditEntry, tag="meeting:record")) == 2
    # It may be wrong once more.
    off(melati, base=3, why="Pertemuan batal")
    assert [row.version for row in rows(CalledOff)] == [2, 4]
    assert differences(melati.area_id) == []


def test_a_page_from_before_does_not_bring_it_back(melati: Arranged) -> None:
    save(melati, everybody(melati))
    off(melati)
    for base in (0, 1):
        with pytest.raises(ChangedMeanwhile):
            save(melati, everybody(melati), base_version=base)
    assert of(melati).status is MeetingStatus.CALLED_OFF


def test_it_is_recorded_anew_as_a_whole_and_only_while_its_day_can_be(melati: Arranged) -> None:
    save(melati, everybody(melati))
    off(melati)
    with pytest.raises(Refused):
        save(melati, everybody(melati), base_version=2, status=MeetingStatus.DRAFT)
    with clock.at(datetime(2027, 1, 2, tzinfo=UTC)), pytest.raises(Invalid) as refused:
        save(melati, everybody(melati), base_version=2)
    assert list(refused.value.fields) == ["held_on"]


def test_a_family_that_was_never_in_another_register_has_no_facts(melati: Arranged) -> None:
    save(melati, everybody(melati))
    off(melati)
    (family, *_others) = melati.households
    facts = attendance_facts(melati.area_id, [family], as_of=TODAY)
    assert facts == {family: NEVER_MARKED}
