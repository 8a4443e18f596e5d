"""Who decides sees which records were made long after their day, and how many; nothing more."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.core import clock
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.economics import actions as economics
from casework.economics.rules import EnterpriseKind
from casework.graduation.models import Nomination
from casework.readiness import actions as readiness
from tests.factories.accounts import sign_in
from tests.factories.graduation import Cast, cast, nominate
from tests.fixtures.statements import Statements
from tests.graduation.conftest import MORNING

TODAY = date(2026, 11, 12)
LINE = "pengamatan dan jawaban baru dicatat lebih dari 35 hari setelah tanggalnya."

pytestmark = pytest.mark.usefixtures("morning")


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast(caretaker_name="Ibu Aminah")


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def save(people: Cast, day: date) -> None:
    seen = economics.Seen(day, savings_total=3_000_000, income_per_month=2_000_000)
    with transaction():
        economics.record_observation(
            people.hers, people.household.id, seen, observation_id=new_id()
        )


def one_evening(people: Cast) -> None:
    """Six records, of which four are of long ago."""
    for days in (201, 150, 10, 0):
        save(people, ago(days))
    with transaction():
        economics.record_enterprise(
            people.hers,
            people.household.id,
            economics.Business(EnterpriseKind.SHOP, ago(500)),
            enterprise_id=new_id(),
        )
    with transaction():
        readiness.answer(
            people.hers, people.household.id, answered_on=ago(36), answers={"steady_work": True}
        )


def page(client: FlaskClient, people: Cast, nomination_id: uuid.UUID) -> str:
    sign_in(client, db.session.merge(people.supervisor))
    answer = client.get(f"/nominations/{nomination_id}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_the_page_to_decide_on_says_how_many_and_which(client: FlaskClient, people: Cast) -> None:
    one_evening(people)
    text = page(client, people, nominate(people))
    assert f"3 dari 5 {LINE} Pengamatan " in text
    assert "Pengamatan 25 Apr 2026: dicatat 12 Nov 2026 (201 hari kemudian)" in text
    assert "Lihat kemajuan ekonomi" in text
    # The business behind two indicators and a rung, and the list of answers.
    assert "dicatat 12 Nov 2026 (500 hari kemudian)" in text
    assert "dicatat 12 Nov 2026 (36 hari kemudian)" in text
    # Today's observation is what counts, so no older one stands behind a figure.
    assert text.count("(201 hari kemudian)") == 1


def test_a_figure_that_rests_on_a_late_record_says_so_at_its_reason(
    client: FlaskClient, people: Cast
) -> None:
    save(people, ago(201))
    text = page(client, people, nominate(people))
    assert f"1 dari 1 {LINE}" in text
    assert text.count("dicatat 12 Nov 2026 (201 hari kemudian)") == 4, (
        "in the list, income twice, savings once"
    )


def test_where_all_was_recorded_in_time_nothing_is_said(client: FlaskClient, people: Cast) -> None:
    save(people, ago(35))
    text = page(client, people, nominate(people))
    assert "hari kemudian" not in text


def test_the_line_is_of_what_stood_when_it_was_sent(client: FlaskClient, people: Cast) -> None:
    """Another evening of typing changes neither what was frozen nor the line beside it."""
    one_evening(people)
    nomination_id = nominate(people)
    frozen = db.session.get_one(Nomination, (people.household.area_id, nomination_id)).readiness
    with clock.at(MORNING + timedelta(minutes=1)):
        save(people, ago(90))
        save(people, ago(100))
        text = page(client, people, nomination_id)
    assert f"3 dari 5 {LINE}" in text
    db.session.rollback()
    after = db.session.get_one(Nomination, (people.household.area_id, nomination_id)).readiness
    assert after == frozen
    assert "hari kemudian" not in str(frozen)


def shop(people: Cast, since: date, ended: date | None = None) -> uuid.UUID:
    with transaction():
        economics.record_enterprise(
            people.hers,
            people.household.id,
            economics.Business(EnterpriseKind.SHOP, since, ended_on=ended),
            enterprise_id=(shop_id := new_id()),
        )
    return shop_id


def change_shop(people: Cast, shop_id: uuid.UUID, since: date) -> None:
    with transaction():
        economics.change_enterprise(
            people.hers,
            people.household.id,
            shop_id,
            economics.Business(EnterpriseKind.SHOP, since),
        )


def test_a_business_reopened_today_does_not_look_as_old_as_its_record(
    client: FlaskClient, people: Cast
) -> None:
    with clock.at(MORNING - timedelta(days=700)):
        shop_id = shop(people, ago(720), ended=ago(701))
    change_shop(people, shop_id, ago(720))
    text = page(client, people, nominate(people))
    assert "dicatat 12 Nov 2026 (720 hari kemudian)" in text


def test_a_start_moved_after_sending_is_told_beside_what_was_sent(
    client: FlaskClient, people: Cast
) -> None:
    shop_id = shop(people, ago(500))
    nomination_id = nominate(people)
    assert "Usaha berjalan" not in since_sending(page(client, people, nomination_id))
    change_shop(people, shop_id, ago(499))
    assert "Usaha berjalan" in since_sending(page(client, people, nomination_id))


def since_sending(text: str) -> str:
    return text.partition("Sejak dikirim")[2].partition("Kehadiran")[0]


def test_it_costs_no_statement(client: FlaskClient, people: Cast, statements: Statements) -> None:
    nomination_id = nominate(people)
    page(client, people, nomination_id)
    statements.reset()
    page(client, people, nomination_id)
    without = statements.count
    one_evening(people)
    statements.reset()
    page(client, people, nomination_id)
    assert statements.count == without
