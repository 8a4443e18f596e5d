"""The public figures for programs: `/api/v1/counts`."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.accounts.models import User
from casework.core.transaction import transaction
from casework.counts import paces
from casework.counts.views import api
from casework.ledger.rules import CountedState
from tests.counts.counting import (
    YEAR,
    count_households,
    set_target,
    three_regencies,
)
from tests.counts.schema import breaches
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.places import BITUNG, DENPASAR, MANADO
from tests.fixtures.statements import Statements

pytestmark = pytest.mark.usefixtures("november")

ADDRESS = "/api/v1/counts"
DESCRIPTION = json.loads(api._DESCRIPTION.read_text(encoding="utf-8"))
SCHEMAS = DESCRIPTION["components"]["schemas"]


@pytest.fixture
def counted(db_session: Session) -> None:
    """Manado 25 in June and 17 in July, Bitung 12 in June, Denpasar 4 in July."""
    three_regencies()
    count_households(MANADO, 25)
    count_households(MANADO, 17, date(YEAR, 7, 9))
    count_households(BITUNG, 12)
    count_households(DENPASAR, 4, date(YEAR, 7, 9))
    set_target(None, 200)
    set_target("71", 40)


def asks(client: FlaskClient, query: str = "") -> dict[str, Any]:
    """A whole answer, which is as it is described."""
    answer = client.get(f"{ADDRESS}?{query}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.get_json()
    wrong = list(breaches(document, SCHEMAS["Counts"], DESCRIPTION))
    assert not wrong, wrong
    return document


def counts(client: FlaskClient, query: str = "") -> list[tuple[Any, ...]]:
    return [
        (line["region"], line["month"], line["counted"], line["shown"])
        for line in asks(client, query)["counts"]
    ]


def refused(answer: TestResponse, status: int) -> str:
    assert answer.status_code == status
    assert answer.mimetype == "application/json"
    assert not list(breaches(answer.get_json(), SCHEMAS["Error"], DESCRIPTION))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "public" not in answer.headers["Cache-Control"]
    code: str = answer.get_json()["error"]["code"]
    return code


def test_without_a_question_it_is_the_nation_in_the_year_of_the_last_full_month(
    counted: None, client: FlaskClient
) -> None:
    answer = asks(client)
    assert answer["counted_to"] == "2026-10-31"
    assert answer["counts"] == [
        {
            "region": "ID",
            "name": "Indonesia",
            "level": "nation",
            "year": YEAR,
            "month": None,
            "kind": "independent",
            "state": "approved",
            "counted": 50,  # of 58
            "shown": "at_least",
            "target": 200,
            "share": 0.25,
            "gap": 150,
            "counted_to": "2026-10-31",
        }
    ]


def test_a_count_under_ten_is_not_told_at_any_level(counted: None, client: FlaskClient) -> None:
    assert counts(client, "level=province") == [
        ("51", None, None, "under_10"),
        ("71", None, 50, "at_least"),
    ]
    assert counts(client, "level=regency") == [
        (DENPASAR, None, None, "under_10"),
        (MANADO, None, 40, "rounded"),
        (BITUNG, None, 10, "rounded"),
    ]
    assert counts(client, "level=regency&region=71") == [
        (MANADO, None, 40, "rounded"),
        (BITUNG, None, 10, "rounded"),
    ]
    assert counts(client, f"region={BITUNG}") == [(BITUNG, None, 10, "rounded")]
    assert counts(client, "region=51") == [("51", None, None, "under_10")]


def test_months_are_told_of_provinces_and_added_up_for_the_nation_from_january_on(
    counted: None, client: FlaskClient
) -> None:
    count_households(DENPASAR, 8, date(YEAR, 8, 9))
    months = counts(client, "region=71&month=all")
    assert [month for _region, month, _counted, _shown in months] == list(range(1, 11))
    assert [counted for _region, _month, counted, _shown in months if counted] == [
        30,  # 37
        *[50] * 4,  # 54
    ]
    assert counts(client, "month=6") == [("ID", 6, 30, "at_least")]
    assert counts(client, "month=7&level=province") == [
        ("51", 7, None, "held_back"),
        ("71", 7, 50, "at_least"),
    ]
    assert counts(client, "month=8&region=51") == [("51", 8, 10, "at_least")]
    assert counts(client, "month=11") == []
    (line,) = asks(client, "month=6")["counts"]
    assert (line["counted_to"], line["target"]) == ("2026-06-30", None)


def test_months_are_not_told_of_what_was_established(counted: None, client: FlaskClient) -> None:
    answer = client.get(f"{ADDRESS}?state=established&month=all")
    assert refused(answer, 422) == "month"


def test_a_month_that_is_not_over_is_in_no_figure(counted: None, client: FlaskClient) -> None:
    count_households(MANADO, 30, date(YEAR, 11, 3))
    assert counts(client, f"region={MANADO}") == [(MANADO, None, 40, "rounded")]
    assert counts(client, "year=2027") == [("ID", None, None, "not_yet")]


def test_a_whole_is_held_back_where_it_would_give_its_parts_away(
    db_session: Session, client: FlaskClient
) -> None:
    """5 and 6 are at least 10 together: neither could be none."""
    three_regencies()
    count_households(MANADO, 5)
    count_households(BITUNG, 6)
    assert counts(client, "region=71") == [("71", None, None, "held_back")]
    assert counts(client, "region=71&level=regency") == [
        (MANADO, None, None, "under_10"),
        (BITUNG, None, None, "under_10"),
    ]


def test_what_was_established_is_asked_for_by_name(counted: None, client: FlaskClient) -> None:
    count_households(MANADO, 11, state=CountedState.ESTABLISHED)
    assert counts(client, "state=established") == [("ID", None, 10, "at_least")]


@pytest.mark.parametrize(
    "query",
    [
        "level=regency",
        "level=province&month=all",
        "month=all",
        "region=71&level=regency",
        f"region={MANADO}",
    ],
)
def test_seven_statements_answer_any_question(
    counted: None, client: FlaskClient, statements: Statements, query: str
) -> None:
    asks(client, query)
    statements.reset()
    asks(client, query)
    assert statements.count <= 7, statements.sent


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("region=99", 404, "region"),
        ("region=71.71.01", 404, "region"),
        ("region=%27--", 404, "region"),
        ("year=20x6", 422, "parameter"),
        ("year=1999", 422, "parameter"),
        ("kind=wisuda", 422, "parameter"),
        ("state=drafted", 422, "parameter"),
        ("level=village", 422, "level"),
        ("level=nation&region=71", 422, "level"),
        ("month=13", 422, "month"),
        ("month=0", 422, "month"),
        ("month=0019", 422, "month"),
        (f"month=001{'9' * 4400}", 422, "month"),
        ("month=%C2%B2", 422, "month"),
        ("month=9999999", 422, "month"),
        ("level=regency&month=all", 422, "month"),
        ("format=xml", 422, "format"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_reason(
    counted: None, client: FlaskClient, query: str, status: int, code: str
) -> None:
    answer = client.get(f"{ADDRESS}?{query}")
    assert refused(answer, status) == code
    assert answer.get_json()["error"]["message"]


@pytest.mark.parametrize(
    ("query", "accept"), [("&format=csv", None), ("", "text/csv"), ("&format=csv", "text/html")]
)
def test_it_comes_as_csv_with_the_same_columns(
    counted: None, client: FlaskClient, query: str, accept: str | None
) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = client.get(f"{ADDRESS}?level=regency{query}", headers=headers)
    assert answer.mimetype == "text/csv"
    assert "Accept" in answer.vary
    table = list(csv.DictReader(io.StringIO(answer.text)))
    as_json = asks(client, "level=regency")["counts"]
    assert list(table[0]) == SCHEMAS["Count"]["required"]
    for line, same in zip(table, as_json, strict=True):
        for name, value in same.items():
            assert line[name] == ("" if value is None else str(value))


@pytest.mark.parametrize("path", [f"{ADDRESS}?level=regency", "/api/v1/openapi.json"])
def test_who_has_it_already_is_told_so_in_a_line(
    counted: None, client: FlaskClient, path: str
) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    assert "Cookie" not in first.vary
    assert "Set-Cookie" not in first.headers
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data
    assert again.headers["ETag"] == first.headers["ETag"]
    for _ in range(9):
        count_households(MANADO, 1)
    changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == (304 if "openapi" in path else 200)


def test_the_answer_is_the_same_for_whoever_is_signed_in(
    counted: None, client: FlaskClient
) -> None:
    nobody = client.get(f"{ADDRESS}?level=regency")
    with transaction():
        person = UserFactory(administrator=True, locale="en")
    sign_in(client, person)
    somebody = client.get(f"{ADDRESS}?level=regency")
    assert somebody.data == nobody.data
    assert "Set-Cookie" not in somebody.headers


def test_pages_of_any_site_may_read_it_and_nothing_else(client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json", headers={"Origin": "https://example.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    before = client.options(ADDRESS)
    assert before.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Origin" not in client.get("/national").headers
    assert client.post(ADDRESS).status_code == 405


def test_a_program_that_asks_for_ever_is_told_to_wait(
    counted: None, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paces, "ASKING", paces.Pace("counts", most=2, a_second=0.5))
    assert [client.get(ADDRESS).status_code for _ in range(2)] == [200, 200]
    answer = client.get(ADDRESS)
    assert refused(answer, 429) == "pace"
    assert 1 <= int(answer.headers["Retry-After"]) <= 2
    other = client.get(ADDRESS, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert other.status_code == 200


def test_a_page_costs_what_an_answer_costs_but_whoever_works_here_is_not_counted(
    counted: None, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paces, "ASKING", paces.Pace("counts", most=2, a_second=0.5))
    assert client.get(ADDRESS).status_code == 200
    assert [client.get("/national").status_code for _ in range(2)] == [200, 429]
    with transaction():
        viewer: User = UserFactory(viewer=True)
    sign_in(client, viewer)
    assert [client.get("/national").status_code for _ in range(3)] == [200] * 3


def test_the_description_says_what_the_code_takes(client: FlaskClient) -> None:
    assert client.get("/api/v1/openapi.json").get_json() == DESCRIPTION
    from casework.counts.queries.rows import Level
    from casework.counts.rules import Shown
    from casework.ledger.rules import ExitKind

    for name, words in {
        "Kind": ExitKind,
        "State": CountedState,
        "Level": Level,
        "Shown": Shown,
    }.items():
        assert SCHEMAS[name]["enum"] == [word.value for word in words]
    assert tuple(SCHEMAS["Count"]["required"]) == api._COLUMNS
    assert set(SCHEMAS["Count"]["properties"]) == set(api._COLUMNS)


@pytest.mark.control
def test_the_check_against_the_description_sees_a_count_under_ten(
    counted: None, client: FlaskClient
) -> None:
    document = asks(client)
    document["counts"][0]["counted"] = 7
    document["counts"][0]["nik"] = "none"
    del document["counts"][0]["shown"]
    assert len(list(breaches(document, SCHEMAS["Counts"], DESCRIPTION))) == 4
