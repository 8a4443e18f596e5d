"""Who decides reads what is odd of the registers behind a family's attendance."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.households.models import Group, Membership
from casework.meetings.actions.calling_off import Saying, call_off
from casework.meetings.actions.record import record_meeting
from casework.meetings.models import Meeting
from casework.meetings.photo_files import current_store
from casework.meetings.rules import Mark, MarkedHow, MeetingStatus, Presence, Understanding
from tests.factories.accounts import sign_in
from tests.factories.graduation import Cast, cast, nominate
from tests.factories.meetings import meeting_with

pytestmark = pytest.mark.usefixtures("morning")

HERE = Mark(Presence.PRESENT, Understanding.VERY_GOOD, assessed_how=MarkedHow.SINGLE)
LATE = "absensi disimpan atau diperbaiki lebih dari 35 hari setelah pertemuannya."


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast()


@pytest.fixture
def group_id(people: Cast) -> uuid.UUID:
    family = people.household.id
    (found,) = db.session.scalars(
        select(Membership.group_id).where(Membership.household_id == family)
    )
    return found


def held(people: Cast, group_id: uuid.UUID, presence: Presence, *days: date) -> None:
    """Each saved on its day."""
    for day in days:
        with (
            clock.at(datetime(day.year, day.month, day.day, 3, tzinfo=UTC)),
            transaction() as session,
        ):
            group = session.get_one(Group, (people.household.area_id, group_id))
            meeting_with(group, day, {people.household.id: presence})


def save(
    people: Cast, group_id: uuid.UUID, day: date, lessons: tuple[int, ...] = (5, 6, 7)
) -> None:
    key = (people.household.area_id, meeting_id(group_id, day))
    found = db.session.get(Meeting, key)
    version = found.version if found else 0
    with transaction():
        record_meeting(
            people.hers,
            group_id,
            held_on=day,
            lessons=lessons,
            marks={people.household.id: HERE},
            base_version=version,
        )


def page(client: FlaskClient, people: Cast) -> str:
    nomination_id = nominate(people)
    sign_in(client, db.session.merge(people.supervisor))
    answer = client.get(f"/nominations/{nomination_id}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_nothing_is_said_where_each_was_saved_in_its_time(
    client: FlaskClient, people: Cast, group_id: uuid.UUID
) -> None:
    held(people, group_id, Presence.PRESENT, *(date(2026, month, 3) for month in range(4, 12)))
    text = page(client, people)
    assert "absensi" not in text.partition("Kehadiran 12 bulan")[2].partition("Tangga")[0]


def test_a_year_that_was_corrected_on_one_evening_is_told(
    client: FlaskClient, people: Cast, group_id: uuid.UUID
) -> None:
    days = [date(2026, month, 3) for month in range(4, 12)]
    held(people, group_id, Presence.ABSENT, *days)
    for day in days[:3]:
        save(people, group_id, day)
    assert f"3 dari 8 {LATE}" in page(client, people)


def test_drafts_of_long_ago_that_are_sent_today_are_told(
    client: FlaskClient, people: Cast, group_id: uuid.UUID
) -> None:
    day = date(2026, 6, 3)
    with clock.at(datetime(2026, 6, 4, 3, tzinfo=UTC)), transaction():
        record_meeting(
            people.hers,
            group_id,
            held_on=day,
            lessons=(),
            topic="Gotong royong",
            marks={},
            status=MeetingStatus.DRAFT,
        )
    save(people, group_id, day)
    assert f"1 dari 1 {LATE}" in page(client, people)


def test_a_second_register_of_a_month_and_one_called_off_are_told(
    client: FlaskClient, people: Cast, group_id: uuid.UUID
) -> None:
    held(people, group_id, Presence.ABSENT, date(2026, 10, 20), date(2026, 11, 3))
    save(people, group_id, date(2026, 11, 10))
    wrong = meeting_id(group_id, date(2026, 10, 20))
    with transaction():
        call_off(people.hers, wrong, Saying("salah tanggal saja", None, 1), current_store)
    text = page(client, people)
    assert "Di 1 bulan ada lebih dari satu absensi. 1 absensi dibatalkan." in text


def test_what_was_taught_before_a_correction_stays_in_the_trail(
    people: Cast, group_id: uuid.UUID
) -> None:
    day = date(2026, 11, 10)
    save(people, group_id, day, (1,))
    save(people, group_id, day, (5, 6, 7))
    told = [
        (entry.data.get("lessons"), entry.data.get("lessons_before"))
        for tag in (Tag.MEETING_RECORDED, Tag.MEETING_CORRECTED)
        for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.tag == tag))
    ]
    assert told == [([1], None), ([5, 6, 7], [1])]
