"""An amount with a zero too many is asked about once, and taken once it is said to be right."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.core.transaction import transaction
from casework.economics.models import Enterprise, Observation
from casework.economics.rules import Amount, is_doubtful
from casework.economics.rules.doubts import MINIMUM_WAGE, THREE_MONTHS
from casework.readiness.instruments import current
from casework.readiness.rules.instrument import SignalCondition
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.households import HouseholdFactory, MembershipFactory, group_with


@pytest.mark.parametrize(
    ("amount", "largest"),
    [
        (Amount.INCOME, 7_550_850),
        (Amount.SAVES, 3_775_425),
        (Amount.SAVINGS, 9_000_000),
        (Amount.TURNOVER, 18_877_125),
    ],
)
def test_what_is_asked_about_begins_above_the_largest_that_is_not(
    amount: Amount, largest: int
) -> None:
    assert not is_doubtful(amount, 0)
    assert not is_doubtful(amount, largest)
    assert is_doubtful(amount, largest + 1)


def test_every_kind_of_amount_has_a_largest() -> None:
    assert all(is_doubtful(amount, 1_000_000_000) for amount in Amount)


def test_what_is_asked_about_rests_on_the_instrument() -> None:
    """Whoever changes the instrument that ships finds the amounts here."""
    limits = {
        condition.parameter.id: condition.limit
        for indicator in current().indicators
        for condition in indicator.any_of
        if isinstance(condition, SignalCondition) and condition.parameter
    }
    assert (limits["minimum_wage"], limits["three_months"]) == (MINIMUM_WAGE, THREE_MONTHS)


@pytest.fixture
def address(db_session: Session, client: FlaskClient) -> str:
    """Where the economy of a family of hers is recorded."""
    with transaction():
        facilitator = UserFactory()
        household = HouseholdFactory()
        MembershipFactory(group=group_with(facilitator, households=0), household=household)
    sign_in(client, facilitator)
    return f"/households/{household.id}/economics"


SEEN = {
    "observed_on": "2026-11-01",
    "income_per_month": "30.000.000",
    "keeps_budget": "yes",
    "borrows_from": "bank",
    "note": "Warungnya ramai.",
}
QUESTION = "Rp 30.000.000 (30 juta) per bulan, benar?"


def boxes(answer: TestResponse) -> dict[str, str]:
    """Names and values of the boxes that say yes."""
    found = re.findall(r'type="checkbox" name="(\w+_is_right)" value="(\d+)"', answer.text)
    return dict(found)


def observe(client: FlaskClient, address: str, **said: str) -> TestResponse:
    return client.post(f"{address}/observations/new", data=SEEN | said)


def test_an_income_ten_times_too_high_comes_back_once_with_all_that_was_typed(
    client: FlaskClient, address: str, db_session: Session
) -> None:
    assert not boxes(client.get(f"{address}/observations/new"))
    answer = observe(client, address)
    assert answer.status_code == 422
    assert QUESTION in answer.text
    assert "Ya, benar Rp 30.000.000" in answer.text
    assert 'value="30.000.000"' in answer.text
    assert re.search(
        r'name="keeps_budget"[^>]*value="yes"[^>]*checked|checked[^>]*value="yes"', answer.text
    )
    assert "Warungnya ramai." in answer.text
    assert db_session.scalars(select(Observation)).all() == []
    assert boxes(answer) == {"income_per_month_is_right": "30000000"}
    assert observe(client, address, **boxes(answer)).status_code == 302
    assert db_session.scalars(select(Observation.income_per_month)).all() == [30_000_000]


def test_a_slip_that_is_put_right_needs_no_box(
    client: FlaskClient, address: str, db_session: Session
) -> None:
    observe(client, address)
    assert observe(client, address, income_per_month="3.000.000").status_code == 302
    assert db_session.scalars(select(Observation.income_per_month)).all() == [3_000_000]


def test_a_yes_says_nothing_of_another_amount(client: FlaskClient, address: str) -> None:
    yes = boxes(observe(client, address))
    answer = observe(client, address, income_per_month="300.000.000", **yes)
    assert answer.status_code == 422
    assert "Rp 300.000.000 (300 juta) per bulan, benar?" in answer.text
    assert boxes(answer) == {"income_per_month_is_right": "300000000"}


def test_each_amount_is_asked_about_by_itself_and_answered_together(
    client: FlaskClient, address: str, db_session: Session
) -> None:
    large = {"savings_total": "90 juta", "saves_per_month": "4.000.000"}
    answer = observe(client, address, **large)
    assert QUESTION in answer.text
    assert "Rp 90.000.000 (90 juta) seluruhnya, benar?" in answer.text
    assert "Rp 4.000.000 (4 juta) per bulan, benar?" in answer.text
    assert len(boxes(answer)) == 3
    assert observe(client, address, **large, **boxes(answer)).status_code == 302
    assert db_session.scalars(select(Observation.savings_total)).all() == [90_000_000]


def test_a_yes_stays_ticked_while_something_else_is_put_right(
    client: FlaskClient, address: str
) -> None:
    yes = boxes(observe(client, address))
    answer = observe(client, address, observed_on="", **yes)
    assert answer.status_code == 422
    assert QUESTION not in answer.text
    assert 'value="30000000" checked' in answer.text


def test_a_turnover_is_asked_about_when_it_is_new_and_not_where_it_stands_already(
    client: FlaskClient, address: str, db_session: Session
) -> None:
    shop = {"kind": "shop", "since_on": "2024-03", "turnover_per_month": "25000000"}
    answer = client.post(f"{address}/enterprises/new", data=shop)
    assert "Rp 25.000.000 (25 juta) per bulan, benar?" in answer.text
    yes = boxes(answer)
    assert client.post(f"{address}/enterprises/new", data=shop | yes).status_code == 302
    row = db_session.scalars(select(Enterprise)).one()
    page = f"{address}/enterprises/{row.id}"
    assert not boxes(client.get(page))
    assert client.post(page, data=shop | {"name": "Kios Baru"}).status_code == 302
    larger = client.post(page, data=shop | {"turnover_per_month": "250000000"} | yes)
    assert "Rp 250.000.000 (250 juta) per bulan, benar?" in larger.text


def test_it_is_asked_in_the_language_of_who_reads(client: FlaskClient, address: str) -> None:
    client.get("/language/en")
    answer = observe(client, address, income_per_month="30000000")
    assert "Rp 30,000,000 (30 million) a month: is that right?" in answer.text
