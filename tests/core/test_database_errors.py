"""What the database refuses is told without the data it refused."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Integer, String, bindparam, cast, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from casework.access.roles import Role
from casework.accounts.models import User
from casework.core.bulk import insert_many
from casework.core.clock import now
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.graduation.models import Nomination
from casework.graduation.states import NominationStatus
from casework.ledger.rules import ExitKind
from casework.web.guard import public

#: Of nobody; neither may stand in a log.
NIK = "9901014507880001"
NAME = "Aminah Lahengko"


def person(**changes: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "username": NIK,
        "name": NAME,
        "job_title": "",
        "employee_number": NIK,
        "role": Role.FACILITATOR,
        "role_since": now(),
        "region_code": None,
        "locale": "id",
        "password_hash": None,
        "is_active": True,
        "created_at": now(),
        **changes,
    }


def a_unique_key(session: Session) -> None:
    session.execute(insert(User), [person(), person()])


def a_unique_key_of_many_rows(session: Session) -> None:
    insert_many(User, [person(), person()])


def a_foreign_key(session: Session) -> None:
    session.execute(insert(User), person(region_code=NIK[:13]))


def a_check(session: Session) -> None:
    session.execute(
        insert(Nomination),
        {
            "area_id": 7171,
            "id": new_id(),
            "household_id": new_id(),
            "kind": ExitKind.INDEPENDENT,
            "status": NominationStatus.DRAFT,
            "note": NIK,
            "nominated_by": new_id(),
            "nominated_by_name": NAME,
            "nominated_at": now(),
            "updated_at": now(),
            "decided_at": now(),  # and nobody who decided
        },
    )


def a_missing_value(session: Session) -> None:
    session.execute(insert(User), person(name=None))


def a_value_of_another_type(session: Session) -> None:
    """PostgreSQL quotes the value in the very message; SQLite takes it, so it is refused
    otherwise."""
    session.scalar(select(cast(bindparam("nik", NIK, String), Integer)))
    session.execute(text("SELECT :nik FROM nowhere"), {"nik": NIK})


FAULTS = [a_unique_key, a_unique_key_of_many_rows, a_foreign_key, a_check, a_missing_value]
CLASHES = [a_unique_key, a_unique_key_of_many_rows, a_foreign_key, a_check]

Fault = Callable[[Session], None]


def named(fault: Fault) -> str:
    return fault.__name__


@pytest.fixture
def failing_app(own_app: Flask) -> Flask:
    """An application whose address /fail does what `own_app.config["FAULT"]` does."""

    @public
    def fail() -> str:
        with transaction() as session:
            own_app.config["FAULT"](session)
        return "saved"

    own_app.add_url_rule("/fail", "fail", fail, methods=["POST"])
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    return own_app


@pytest.mark.parametrize("fault", [*FAULTS, a_value_of_another_type], ids=named)
def test_no_log_tells_whose_row_was_refused(
    failing_app: Flask, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    failing_app.config["FAULT"] = fault
    answer = failing_app.test_client().post("/fail")
    assert answer.status_code in {409, 500, 503}
    for told in (caplog.text, answer.text):
        assert NIK[:13] not in told
        assert NAME not in told
    assert caplog.text


@pytest.mark.parametrize("fault", [*FAULTS, a_value_of_another_type], ids=named)
def test_no_terminal_tells_it_either(failing_app: Flask, fault: Fault) -> None:
    """Commands print what Python prints of an error that nobody expected."""
    with failing_app.app_context():
        with pytest.raises(DBAPIError) as caught, transaction() as session:
            fault(session)
        printed = "".join(traceback.format_exception(caught.value))
    assert NIK[:13] not in printed
    assert NAME not in printed


@pytest.mark.parametrize("fault", CLASHES, ids=named)
def test_what_a_rule_of_the_database_refuses_is_a_conflict_and_not_a_fault(
    failing_app: Flask, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    failing_app.config["FAULT"] = fault
    answer = failing_app.test_client().post("/fail")
    assert answer.status_code == 409
    assert "Tidak ada yang tersimpan" in answer.text
    assert "muat ulang" in answer.text
    code = answer.text.split("kode G-")[1][:4]
    (line,) = [line for line in caplog.messages if f"G-{code}" in line]
    assert "at fail" in line
    machine = failing_app.test_client().post("/fail", headers={"Accept": "application/json"})
    assert machine.status_code == 409
    assert machine.json is not None
    assert machine.json["error"]["code"].startswith("G-")
    with failing_app.app_context():
        assert db.session.scalar(select(User.id)) is None


def test_the_log_names_the_rule_and_the_code_of_the_database(
    failing_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    failing_app.config["FAULT"] = a_unique_key
    failing_app.test_client().post("/fail")
    with failing_app.app_context():
        dialect = db.engine.dialect.name
    if dialect == "postgresql":
        assert "SQLSTATE 23505" in caplog.text
        assert "constraint uq_user_account_username" in caplog.text
    else:
        assert "UNIQUE constraint failed: user_account.username" in caplog.text


def test_many_rows_fail_as_one_row_does(failing_app: Flask) -> None:
    """COPY goes past SQLAlchemy; what comes of it must not differ."""
    with failing_app.app_context(), pytest.raises(IntegrityError), transaction() as session:
        a_unique_key_of_many_rows(session)
