"""The list and the certificates for a wisuda."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core.db import db
from casework.graduation.states import NominationStatus
from casework.reports.queries import ceremony as queries
from casework.reports.rules import certificate_text, read_certificate
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.graduation import Cast, cast, nominate
from tests.factories.places import BITUNG, BUNAKEN, MAASING, TUMINTING
from tests.fixtures.statements import Statements

S = NominationStatus
SIGNED = {
    "place": "Manado",
    "on": "2026-12-03",
    "title": "Kepala Dinas Sosial",
    "name": "Dra. Meity Rumengan, M.Si.",
    "employee_number": "197001011995032001",
}
WHOLE = {
    "title": "a", "subtitle": "b", "given_to": "c", "wish": "d", "stage": "{number}/{year}",
    "declares": "{village} {district} {regency} {stage}",
}  # fmt: skip


@pytest.mark.parametrize("lacks", sorted(WHOLE))
def test_a_wording_that_lacks_a_part_is_not_taken(lacks: str) -> None:
    assert read_certificate(WHOLE).given_to == "c"
    with pytest.raises(KeyError, match=lacks):
        read_certificate({key: value for key, value in WHOLE.items() if key != lacks})


def test_a_wording_that_asks_for_what_is_not_known_of_a_family_is_not_taken() -> None:
    with pytest.raises(KeyError, match="nik"):
        read_certificate(WHOLE | {"declares": "{nik}"})


def test_the_wording_of_the_certificate_names_place_and_stage() -> None:
    said = certificate_text().says(
        village="Molas", district="Bunaken", regency="Kota Manado", stage="2027-2"
    )
    assert "dari Molas, Kecamatan Bunaken, Kota Manado," in said
    assert "Tahap 2 Tahun 2027" in said


@pytest.fixture
def graduated(db_session: Session) -> Cast:
    people = cast(caretaker_name="Wilhelmina Petronela Rumokoy-Tumanduk")
    nominate(people, S.ESTABLISHED)
    return people


def listed(client: FlaskClient, query: str = "") -> list[str]:
    """The names on the page."""
    text = client.get(f"/reports/ceremony{query}").text
    return re.findall(r'role="rowheader">\d+\. ([^<]+)<', text)


def test_who_has_graduated_is_listed_and_nobody_else(client: FlaskClient, graduated: Cast) -> None:
    for status in (S.APPROVED, S.FORWARDED, S.REFUSED, S.REVERSED, S.WITHDRAWN):
        nominate(cast(caretaker_name=f"Ibu {status}"), status)
    sign_in(client, graduated.supervisor)
    assert listed(client) == ["Wilhelmina Petronela Rumokoy-Tumanduk"]


def test_a_place_and_stages_narrow_it(client: FlaskClient, graduated: Cast) -> None:
    tuminting = cast(caretaker_name="Sarah Lasut", village=MAASING)
    nominate(tuminting, S.ESTABLISHED)
    sign_in(client, graduated.supervisor)
    assert len(listed(client)) == 2
    assert listed(client, f"?region={TUMINTING}") == ["Sarah Lasut"]
    assert listed(client, f"?region={BUNAKEN}") == [graduated.household.caretaker_name]
    assert listed(client, "?first=2020-1&last=2020-4") == []
    assert len(listed(client, "?first=2099-4&last=2020-1")) == 2, "turned round"


@pytest.mark.parametrize("query", [f"region={BITUNG}", "region=7171", "first=2026", "last=x"])
@pytest.mark.parametrize("page", ["/reports/ceremony", "/reports/ceremony/certificates"])
def test_what_no_page_offers_is_not_found(
    client: FlaskClient, graduated: Cast, page: str, query: str
) -> None:
    sign_in(client, graduated.supervisor)
    assert client.get(f"{page}?{query}").status_code == 404


def test_another_district_and_regency_see_nobody(client: FlaskClient, graduated: Cast) -> None:
    for person in (
        UserFactory(supervisor=True, region=TUMINTING),
        UserFactory(administrator=True, region=BITUNG),
    ):
        db.session.commit()
        sign_in(client, person)
        assert listed(client) == []
        assert client.get("/reports/ceremony/certificates").status_code == 404


def test_a_facilitator_and_a_viewer_make_none(client: FlaskClient, graduated: Cast) -> None:
    viewer = UserFactory(viewer=True)
    db.session.commit()
    for person in (graduated.facilitator, viewer):
        sign_in(client, person)
        assert client.get("/reports/ceremony").status_code == 404
        assert client.post("/reports/ceremony/certificates", data=SIGNED).status_code == 404


def made() -> list[tuple[str, dict[str, object]]]:
    db.session.rollback()
    return [
        (line.subject_id, line.data)
        for line in db.session.scalars(
            select(AuditEntry).where(AuditEntry.tag == Tag.CERTIFICATES_MADE.value)
        )
    ]


def test_each_family_has_a_page_and_who_made_them_is_in_the_trail(
    client: FlaskClient, graduated: Cast
) -> None:
    nominate(cast(caretaker_name="<b>Sarah</b> Lasut"), S.ESTABLISHED)
    sign_in(client, graduated.supervisor)
    assert client.get("/reports/ceremony/certificates").status_code == 200
    assert made() == []
    answer = client.post("/reports/ceremony/certificates", data=SIGNED)
    assert answer.status_code == 200
    assert answer.text.count('<article class="letter certificate">') == 2
    assert "Wilhelmina Petronela Rumokoy-Tumanduk" in answer.text
    assert "&lt;b&gt;Sarah&lt;/b&gt; Lasut" in answer.text
    assert "Manado, 3 Desember 2026" in answer.text
    assert "Dra. Meity Rumengan, M.Si." in answer.text
    assert re.search(r"\bB1-20\d\d-001\b", answer.text)
    assert "no-store" in answer.headers["Cache-Control"]
    ((region, told),) = made()
    assert (region, told["households"]) == ("71.71", 2)


def test_what_is_lacking_is_said_at_its_field_and_the_rest_stays(
    client: FlaskClient, graduated: Cast
) -> None:
    sign_in(client, graduated.supervisor)
    answer = client.post(
        "/reports/ceremony/certificates", data=SIGNED | {"name": " ", "on": "3 Desember"}
    )
    assert answer.status_code == 422
    assert "Tulis namanya." in answer.text
    assert 'value="Kepala Dinas Sosial"' in answer.text
    assert made() == []


def test_of_more_than_a_hall_holds_no_part_is_printed(
    client: FlaskClient, graduated: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    nominate(cast(caretaker_name="Sarah Lasut", village=MAASING), S.ESTABLISHED)
    for module in ("casework.reports.queries.ceremony", "casework.reports.views.ceremony"):
        monkeypatch.setattr(f"{module}.MOST_INVITED", 1)
    sign_in(client, graduated.supervisor)
    assert listed(client) == []
    assert "Lebih dari 1 keluarga." in client.get("/reports/ceremony").text
    answer = client.post("/reports/ceremony/certificates", data=SIGNED)
    assert "Lebih dari 1 keluarga." in answer.text
    assert "<article" not in answer.text
    assert made() == []
    assert listed(client, f"?region={TUMINTING}") == ["Sarah Lasut"]


def test_before_anybody_has_graduated_the_page_says_so(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nominate(people, S.APPROVED)
    sign_in(client, people.supervisor)
    assert "Belum ada keluarga yang graduasi." in client.get("/reports/ceremony").text


def test_the_list_is_one_statement_however_many_there_are(
    graduated: Cast, statements: Statements
) -> None:
    for number in range(3):
        nominate(cast(caretaker_name=f"Ibu {number}"), S.ESTABLISHED)
    actor = graduated.theirs
    statements.reset()
    assert len(queries.graduates(actor, queries.Wanted("2020-1", "2030-4"))) == 4
    assert statements.count == 1
