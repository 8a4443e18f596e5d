"""What a phone takes along: enough to work with, and no more than that."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.core import clock
from casework.core.crypto import current_keyring
from casework.core.db import db
from casework.core.ids import short_id
from casework.core.transaction import transaction
from casework.households.models import Household, Membership
from casework.households.rules import HouseholdStatus
from casework.meetings.actions.record import record_meeting
from casework.meetings.rules import Mark, Presence, Understanding
from tests.factories.accounts import UserFactory, actor_for
from tests.fixtures.statements import Statements
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange
from tests.offline.conftest import browser_of

#: The issue's: 450 families in 20 groups.
MOST_KILOBYTES = 50
#: As a page of ours asks, of a browser that knows no better compression.
COMPRESSED = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"}


def fetch(client: FlaskClient, **headers: str) -> TestResponse:
    return client.get("/bundle", headers=headers)


def save(group: Arranged, presence: Presence, **more: Any) -> None:
    grasp = None if presence is Presence.PRESENT else Understanding.NOT_ASSESSABLE
    marks = dict.fromkeys(group.households, Mark(presence, grasp))
    with transaction():
        record_meeting(
            group.actor, group.group_id, held_on=TODAY, lessons=(1,), marks=marks, **more
        )


def test_it_holds_groups_with_their_latest_meeting_and_families_with_their_marks(
    her: FlaskClient, melati: Arranged
) -> None:
    save(melati, Presence.PRESENT, place="Balai")
    found = fetch(her).json
    assert (found["owner"], found["name"]) == (str(melati.actor.user_id), melati.actor.name)
    (group,) = found["groups"]
    assert (group["id"], group["name"], group["lesson"]) == (str(melati.group_id), "Melati", 2)
    assert group["latest"] == {
        "held_on": "2026-11-12",
        "status": "sent",
        "version": 1,
        "lessons": [1],
        "topic": "",
        "starts_at": None,
        "ends_at": None,
        "place": "Balai",
    }
    assert group["past"] == [["2026-11-12", "sent", 1]]
    assert [(row[0], row[1]) for row in found["families"]] == [
        (short_id(key), name) for key, name in zip(melati.households, melati.names, strict=True)
    ]
    assert {tuple(row[6]) for row in found["families"]} == {("present", None)}
    assert found["questions"][0][0] == "family_is_ready"
    assert len(found["lessons"]) > 12


def test_a_family_that_has_moved_has_the_mark_of_its_own_group(
    her: FlaskClient, melati: Arranged
) -> None:
    mawar = arrange(melati.actor.username, 2, name="Mawar")
    save(melati, Presence.ABSENT)
    moved = melati.households[0]
    with transaction() as session:
        old = session.query(Membership).filter_by(household_id=moved).one()
        old.to_on = TODAY
        session.flush()
        session.add(
            Membership(
                area_id=melati.area_id, household_id=moved, from_on=TODAY, group_id=mawar.group_id
            )
        )
    families = {row[0]: row for row in fetch(her).json["families"]}
    assert families[short_id(moved)][6] is None
    save(replace(mawar, households=(*mawar.households, moved)), Presence.PRESENT)
    families = {row[0]: row for row in fetch(her).json["families"]}
    assert families[short_id(moved)][6] == ["present", None]


def test_it_names_exactly_these_things(her: FlaskClient, melati: Arranged) -> None:
    """A key more is a decision about what lies on a phone that is lost."""
    save(melati, Presence.SICK)
    found = fetch(her).json
    assert set(found) == {
        "shape",
        "epoch",
        "owner",
        "name",
        "lessons",
        "questions",
        "groups",
        "families",
    }
    assert set(found["groups"][0]) == {
        "id", "name", "place", "starts_at", "ends_at", "lesson", "past", "latest"
    }  # fmt: skip
    assert {len(row) for row in found["families"]} == {8}


def test_no_number_and_no_address_lies_on_a_phone(her: FlaskClient, melati: Arranged) -> None:
    text = gzip.decompress(fetch(her, **COMPRESSED).data).decode()
    assert melati.names[0] in text
    for family in db.session.scalars(db.select(Household)):
        for field in ("nik", "no_kk", "address"):
            sealed = getattr(family, f"{field}_sealed")
            number = current_keyring().open_text(
                sealed, table="household", row=str(family.id), field=field
            )
            assert number not in text


def test_it_is_not_sent_again_until_something_changes(her: FlaskClient, melati: Arranged) -> None:
    first = fetch(her)
    known = {"If-None-Match": first.headers["ETag"]}
    again = fetch(her, **known)
    assert (again.status_code, again.data) == (304, b"")
    with clock.at(NOON + timedelta(hours=1)):
        assert fetch(her, **known).status_code == 304
    save(melati, Presence.PRESENT)
    assert fetch(her, **known).status_code == 200


def test_only_what_is_in_her_care(app: Flask, her: FlaskClient, melati: Arranged) -> None:
    arrange(name="Cempaka")
    with transaction() as session:
        family = session.get(Household, (melati.area_id, melati.households[0]))
        family.status = HouseholdStatus.GRADUATED
    found = fetch(her).json
    assert [group["name"] for group in found["groups"]] == ["Melati"]
    assert short_id(melati.households[0]) not in {row[0] for row in found["families"]}
    with transaction():
        supervisor = actor_for(UserFactory(supervisor=True))
    assert fetch(browser_of(app, supervisor)).status_code == 404


def test_it_fits_the_budget_and_costs_the_same_statements(
    her: FlaskClient, melati: Arranged, statements: Statements, budget: Callable[..., None]
) -> None:
    statements.reset()
    fetch(her)
    few = statements.count
    for number in range(19):
        group = arrange(melati.actor.username, 24 if number else 14, name=f"Kelompok {number}")
        save(group, Presence.PRESENT)
    statements.reset()
    answer = fetch(her, **COMPRESSED)
    assert statements.count <= few + 1  # marks, where there is a meeting
    found = json.loads(gzip.decompress(answer.data))
    assert (len(found["groups"]), len(found["families"])) == (20, 450)
    budget("bundle of 450 families, compressed", len(answer.data) / 1024, MOST_KILOBYTES, "KB")
    assert answer.headers["Cache-Control"] == "no-store"
