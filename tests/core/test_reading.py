"""A request reads without a transaction, and what it should not write is not written."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

from casework.core.db import db
from casework.core.reading import SERVING
from casework.core.transaction import transaction
from casework.regions.models import Area
from tests.factories.places import MANADO, ensure_region

NAME = text("UPDATE area SET name = 'Somewhere else'")


@pytest.fixture
def serving(app: Flask, db_session: Session) -> Session:
    """As the guard leaves the session at the beginning of a request."""
    with transaction():
        ensure_region(MANADO)
    db.session.rollback()
    db.session().info[SERVING] = True
    yield db.session()
    db.session().info.pop(SERVING)
    db.session.rollback()


def names() -> set[str]:
    return set(db.session.scalars(select(Area.name)))


def test_a_stray_write_of_a_request_stays_without_effect(serving: Session) -> None:
    before = names()
    if db.engine.dialect.name == "postgresql":
        # Nothing would take it back, so the database has to refuse it.
        with pytest.raises(InternalError, match="read-only"):
            serving.execute(NAME)
    else:
        serving.execute(NAME)
    serving.rollback()
    assert names() == before


def test_an_action_writes_and_what_is_read_afterwards_is_guarded_again(serving: Session) -> None:
    names()
    with transaction() as session:
        session.execute(NAME)
    assert names() == {"Somewhere else"}
    if db.engine.dialect.name == "postgresql":
        with pytest.raises(InternalError, match="read-only"):
            serving.execute(NAME)
        serving.rollback()
    with transaction() as session:
        session.execute(text("UPDATE area SET name = 'Kota Manado'"))
    assert names() == {"Kota Manado"}


def test_a_connection_that_was_cut_while_it_rested_costs_nobody_a_page(serving: Session) -> None:
    if db.engine.dialect.name != "postgresql":
        return  # a file is not cut off
    own = text("SELECT pg_backend_pid()")
    pid = serving.scalar(own)
    with db.engine.connect() as other:
        serving.close()  # back into the pool
        ended = other.scalar(text("SELECT pg_terminate_backend(:pid, 2000)"), {"pid": pid})
        assert ended
        assert serving.scalar(own) not in {pid, other.scalar(own)}
