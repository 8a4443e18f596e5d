"""A register that was called off counts nowhere on the pages of an office, and stays visible."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.access.actor import Actor
from casework.accounts.models import User
from casework.core.db import db
from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.desk.queries.supervisor_home import supervisor_home
from casework.meetings.queries.photos import photos_of, used_elsewhere
from casework.meetings.rules import MeetingStatus
from casework.readiness.models import Readiness
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.meetings.conftest import Arranged, melati, noon, rows
from tests.meetings.test_calling_off import YESTERDAY, off, photograph
from tests.meetings.test_recording import AWAY, HERE, everybody, save
from tests.meetings.test_sheet_pages import words

__all__ = ["melati", "noon"]


@pytest.fixture
def office(melati: Arranged) -> Actor:
    with transaction():
        return actor_for(UserFactory(supervisor=True))


def read(client: FlaskClient, actor: Actor, address: str) -> TestResponse:
    sign_in(client, db.session.get(User, actor.user_id))
    return client.get(address)


def tag_of_month(page: TestResponse) -> str:
    (tag,) = re.findall(
        r"Pertemuan November 2026</dt>.*?</svg>([^<]+)</span>", page.text, re.DOTALL
    )
    return str(tag)


def test_the_group_has_not_met_this_month_and_its_page_shows_what_was_called_off(
    client: FlaskClient, melati: Arranged, office: Actor
) -> None:
    save(melati, everybody(melati))
    off(melati)
    page = read(client, office, f"/groups/{melati.group_id}")
    assert tag_of_month(page) == "Belum bertemu"
    meetings = words(page).split("Pertemuan", 2)[2]
    assert "12 Nov 2026" in meetings
    assert "Dibatalkan" in meetings
    assert "5 dari 5 hadir" not in meetings


def test_a_group_with_another_meeting_has_met(
    client: FlaskClient, melati: Arranged, office: Actor
) -> None:
    save(melati, everybody(melati))
    off(melati, to=YESTERDAY)
    page = read(client, office, f"/groups/{melati.group_id}")
    assert tag_of_month(page) == "Sudah bertemu"
    assert "11 Nov 2026" in words(page)


@pytest.mark.parametrize("status", [MeetingStatus.SENT, MeetingStatus.DRAFT])
def test_lists_and_figures_of_an_office_leave_it_out(
    client: FlaskClient, melati: Arranged, office: Actor, status: MeetingStatus
) -> None:
    save(melati, everybody(melati), status=status)
    off(melati)
    (row,) = supervisor_home(office).facilitators
    assert (row.groups, row.met, row.drafts, row.missing) == (1, 0, 0, 1)
    group = f"/groups/{melati.group_id}"
    shown = {
        state: group in read(client, office, f"/groups/?state={state}").text
        for state in ("met", "draft", "not_yet")
    }
    assert shown == {"met": False, "draft": False, "not_yet": True}


def test_the_facilitator_s_home_asks_for_the_meeting_again(
    client: FlaskClient, melati: Arranged
) -> None:
    save(melati, everybody(melati))
    new = f"/groups/{melati.group_id}/meetings/new"
    assert new not in read(client, melati.actor, "/").text
    off(melati)
    assert new in read(client, melati.actor, "/").text


def test_a_family_s_readiness_and_its_case_file_know_it_no_more(
    client: FlaskClient, melati: Arranged
) -> None:
    family, *_others = melati.households
    save(melati, everybody(melati, AWAY))
    meeting = "12 Nov 2026"

    def missed() -> int | None:
        (row,) = rows(Readiness, household_id=family)
        return row.missed_running  # type: ignore[no-any-return]

    assert missed() == 1
    assert meeting in words(read(client, melati.actor, f"/households/{family}"))
    off(melati)
    assert missed() == 0
    page = read(client, melati.actor, f"/households/{family}")
    assert "Tanpa kabar" not in words(page)
    # Moved, it counts on the right day.
    save(melati, everybody(melati, HERE), base_version=2)
    off(melati, to=YESTERDAY, base=3)
    page = read(client, melati.actor, f"/households/{family}")
    assert "11 Nov 2026" in words(page)


def test_its_photos_are_no_photos_of_another_meeting(melati: Arranged) -> None:
    save(melati, everybody(melati))
    photograph(melati)
    save(melati, everybody(melati), held_on=YESTERDAY)
    photograph(melati, day=YESTERDAY)

    right = meeting_id(melati.group_id, YESTERDAY)

    def elsewhere() -> int:
        photos = photos_of(melati.area_id, right)
        return len(used_elsewhere(melati.actor, melati.area_id, right, photos))

    assert elsewhere() == 1
    off(melati)
    assert elsewhere() == 0
