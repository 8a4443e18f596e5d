"""Tests leave nothing behind for each other, on either database."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from casework.core.db import Base, db
from casework.core.transaction import transaction
from casework.graduation.states import NominationStatus
from casework.regions.models import Area
from tests.factories.accounts import sign_in
from tests.factories.graduation import cast, nominate
from tests.fixtures.application import empty_tables, filled_tables


def area(number: int) -> Area:
    return Area(
        id=number, code=f"99.{number:02}", province_code="99", name="X", time_zone="Asia/Makassar"
    )


@pytest.mark.parametrize("_again", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(db_session: Session, _again: int) -> None:
    before = db_session.scalar(select(func.count()).select_from(Area))
    with transaction() as session:
        session.add(area(1))
    assert db_session.scalar(select(func.count()).select_from(Area)) == (before or 0) + 1


def test_of_a_whole_case_no_row_of_any_table_is_left(
    db_session: Session, client: FlaskClient
) -> None:
    people = cast()
    nominate(people, NominationStatus.REVERSED)
    sign_in(client, people.supervisor)
    db_session.rollback()
    assert len(filled_tables(db.engine)) >= 20
    empty_tables(db.engine, keep=set())
    assert filled_tables(db.engine) == set()


def test_what_came_filled_is_kept_and_nothing_else(db_session: Session) -> None:
    cast()
    db_session.rollback()
    empty_tables(db.engine, keep={"area", "region"})
    assert filled_tables(db.engine) == {"area", "region"}
    empty_tables(db.engine, keep=set())


def test_there_is_no_table_that_is_not_emptied(db_session: Session) -> None:
    there = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    assert there == set(Base.metadata.tables)


def test_threads_see_what_others_committed(app: Flask) -> None:
    def add(number: int) -> None:
        with app.app_context(), transaction() as session:
            session.add(area(number))

    threads = [threading.Thread(target=add, args=[number]) for number in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context(), transaction() as session:
        found = session.scalars(select(Area.id).where(Area.province_code == "99"))
        assert sorted(found) == [1, 2, 3]


def test_a_request_does_not_share_the_context_of_the_test(
    db_session: Session, client: FlaskClient
) -> None:
    with transaction() as session:
        session.add(area(1))
    known = db_session.get_one(Area, 1)
    assert client.get("/no-such-page").status_code in {302, 401, 404}
    assert known.name == "X"


def test_a_request_before_the_commit_is_an_error_of_the_test(
    db_session: Session, client: FlaskClient
) -> None:
    db_session.add(area(1))
    with pytest.raises(AssertionError, match="commit with transaction"):
        client.get("/")
