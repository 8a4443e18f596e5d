"""Nominations from before there was a list of hands get theirs from what is on record."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select

from casework.core.db import WRITING, db
from casework.core.ids import new_id
from tests.old_rows import Rows, tables_as_of

SENT = datetime(2026, 11, 2, tzinfo=UTC)
BEFORE, AFTER = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC)


@pytest.fixture
def old_app(blank_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    with tables_as_of("0001", blank_database_url, tmp_path) as app:
        yield app


def people(*names: str) -> dict[str, uuid.UUID]:
    return {name: new_id() for name in names}


def test_every_hand_that_is_on_record_is_found(old_app: Flask) -> None:
    who = people(
        "maker", "sender", "first sender", "stated", "stated first", "noted", "noted first",
        "added", "removed", "observed", "began", "corrected", "answered",
        "observed later", "decided", "opened",
    )  # fmt: skip
    household, nomination, file, business = (new_id() for _ in range(4))
    case = {"area_id": 1, "household_id": household}
    with old_app.app_context():
        with db.engine.connect().execution_options(**{WRITING: True}) as connection:
            _fill(Rows(connection), who, case, nomination, file, business)
            connection.commit()
        upgrade(revision="0003")
        with db.engine.connect() as connection:
            rows = Rows(connection)
            hand = rows.table("nomination_hand")
            found = {
                tuple(row) for row in connection.execute(select(hand.c.user_id, hand.c.hand_in))
            }
        names = {user_id: name for name, user_id in who.items()}
        assert {(names[user_id], hand_in) for user_id, hand_in in found} == {
            ("maker", "made"),
            ("sender", "sent"),
            ("first sender", "sent"),
            ("stated", "statement"),
            ("stated first", "statement"),
            ("noted", "note"),
            ("noted first", "note"),
            ("added", "evidence"),
            ("removed", "evidence"),
            ("observed", "readiness"),
            ("began", "readiness"),
            ("corrected", "readiness"),
            ("answered", "readiness"),
        }
        downgrade(revision="-1")
        with db.engine.connect() as connection:
            old = Rows(connection).table("nomination")
            row = connection.execute(select(old.c.consent_recorded_by, old.c.noted_by)).one()
        assert row.consent_recorded_by in {who["stated"], who["stated first"]}
        assert row.noted_by in {who["noted"], who["noted first"]}


def _fill(
    rows: Rows,
    who: dict[str, uuid.UUID],
    case: dict[str, Any],
    nomination: uuid.UUID,
    file: uuid.UUID,
    business: uuid.UUID,
) -> None:
    rows.add_family(case["household_id"])
    rows.add(
        "nomination", **case, id=nomination, kind="independent", status="submitted", note="",
        consent_asked_by="", consent_recorded_by=who["stated"], noted_by=who["noted"],
        nominated_by=who["maker"], nominated_by_name="", nominated_at=BEFORE,
        submitted_by=who["sender"], submitted_at=SENT, updated_at=SENT, version=9,
    )  # fmt: skip
    for version, (name, to) in enumerate(
        [("first sender", "submitted"), ("decided", "returned"), ("sender", "submitted")], 2
    ):
        rows.add(
            "nomination_event", area_id=1, nomination_id=nomination, version=version,
            to_status=to, reason="", actor_id=who[name], actor_name="", at=SENT,
        )  # fmt: skip
    rows.add(
        "evidence", area_id=1, nomination_id=nomination, id=file, kind="signing_photo",
        media_type="image/jpeg", size=1, pages=1, sha256=b"", added_by=who["added"],
        added_by_name="", added_at=BEFORE,
    )  # fmt: skip
    for name, at in (("observed", BEFORE), ("observed later", AFTER)):
        rows.add(
            "observation", **case, id=new_id(), observed_on=at.date(), note="",
            recorded_by=who[name], recorded_by_name="", recorded_at=at,
        )  # fmt: skip
    rows.add(
        "enterprise", **case, id=business, kind="shop", name="", since_on=BEFORE.date(),
        licences=[], channels=[], recorded_by=who["began"], recorded_at=BEFORE, updated_at=BEFORE,
    )  # fmt: skip
    rows.add(
        "readiness_check", **case, id=new_id(), instrument="x", answered_on=BEFORE.date(),
        answers={}, answered_by=who["answered"], answered_by_name="", recorded_at=BEFORE,
    )  # fmt: skip
    for name, tag, kind, subject in (
        ("stated first", "nomination:record-consent", "nomination", nomination),
        ("noted first", "nomination:note", "nomination", nomination),
        ("removed", "evidence:remove", "evidence", file),
        ("opened", "evidence:open", "evidence", file),
        ("corrected", "enterprise:change", "enterprise", business),
        ("opened", "regions:load", "regions", "300.2.2-2138"),
    ):
        rows.add(
            "audit_entry", area_id=1, id=new_id(), at=BEFORE, actor_id=who[name], actor_name="",
            actor_role="facilitator", tag=tag, subject_type=kind, subject_id=str(subject), data={},
        )  # fmt: skip
