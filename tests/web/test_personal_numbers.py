"""A NIK typed into a form is refused at its field, and what was typed with it stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.core import clock
from casework.graduation.states import NominationStatus as S
from tests.aftercare.families import graduate
from tests.factories.accounts import sign_in
from tests.factories.exits import leave
from tests.factories.graduation import Cast, cast, nominate, open_all
from tests.meetings.browsing import form_of, press
from tests.meetings.conftest import Arranged, arrange
from tests.meetings.test_calling_off_pages import form_page, send
from tests.meetings.test_recording import everybody, save
from tests.meetings.test_sheet_pages import new, signed_in
from tests.table_rows import everything

#: In the fourth stage of its year.
MORNING = datetime(2026, 11, 12, 1, tzinfo=UTC)
NUMBER = "7171012345678901"
TYPED = f"Anak dirawat, NIK {NUMBER}, keluarga ini belum sanggup."
TOLD = "Hapus NIK atau No KK dari tulisan ini."


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with clock.at(MORNING):
        yield


class Page(NamedTuple):
    """Whose, where, and what else is sent with the text in `field`."""

    user: Any
    address: str
    field: str
    others: dict[str, str]


def household(people: Cast, page: str) -> str:
    return f"/households/{people.household.id}/{page}"


def of_nomination(people: Cast, status: S, page: str) -> str:
    return f"/nominations/{nominate(people, status)}/{page}"


def visit(people: Cast) -> Page:
    graduate(people)
    given = {"visited_on": "2026-11-12", "met": "spoken", "income_per_month": "3.500.000"}
    return Page(people.facilitator, household(people, "follow-ups/new"), "note", given)


def deciding(people: Cast, field: str, **others: str) -> Page:
    """Whoever decides has opened the evidence and sees what to look out for."""
    nomination_id = nominate(people, S.SUBMITTED)
    open_all(people.theirs, nomination_id)
    others |= {"warnings": "disability", "confirmed": "yes"}
    return Page(people.supervisor, f"/nominations/{nomination_id}/decide", field, others)


def taking_back(people: Cast) -> Page:
    exit_id = leave(people.office, people.household.id)
    address = household(people, f"exit/{exit_id}/reverse")
    return Page(people.colleague, address, "reason", {})


PAGES: dict[str, Callable[[Cast], Page]] = {
    "observation": lambda people: Page(
        people.facilitator,
        household(people, "economics/observations/new"),
        "note",
        {"observed_on": "2026-11-01", "income_per_month": "2.500.000"},
    ),
    "business": lambda people: Page(
        people.facilitator,
        household(people, "economics/enterprises/new"),
        "name",
        {"kind": "food", "since_on": "2024-03"},
    ),
    "support": lambda people: Page(
        people.facilitator,
        household(people, "economics/support/new"),
        "note",
        {"received_on": "2026-11-01", "provider": "Baznas"},
    ),
    "who gave support": lambda people: Page(
        people.facilitator,
        household(people, "economics/support/new"),
        "provider",
        {"received_on": "2026-11-01", "note": "Mesin jahit"},
    ),
    "visit": visit,
    "statement": lambda people: Page(
        people.facilitator,
        of_nomination(people, S.DRAFT, "statement"),
        "asked_by",
        {"on": "2026-11-12", "given": "signature"},
    ),
    "nomination": lambda people: Page(
        people.facilitator, of_nomination(people, S.DRAFT, "note"), "note", {}
    ),
    "withdrawal": lambda people: Page(
        people.facilitator, of_nomination(people, S.SUBMITTED, "withdraw"), "reason", {}
    ),
    "decision": lambda people: deciding(
        people, "reason", step="return", answer="Kakaknya tinggal serumah dan merawat."
    ),
    "answer to the warnings": lambda people: deciding(
        people, "answer", step="approve", reason="Usahanya tetap jalan, utangnya lunas."
    ),
    "outcome": lambda people: Page(
        people.administrator,
        of_nomination(people, S.FORWARDED, "outcome"),
        "reason",
        {"outcome": "refuse", "confirmed": "yes"},
    ),
    "reversal": lambda people: Page(
        people.colleague, of_nomination(people, S.ESTABLISHED, "reverse"), "reason", {}
    ),
    "exit": lambda people: Page(
        people.supervisor,
        household(people, "exit"),
        "reason",
        {"kind": "duplicate", "stage": "2026-4", "on": "2026-11-02", "confirmed": "yes"},
    ),
    "exit taken back": taking_back,
    "export": lambda people: Page(
        people.administrator,
        "/rosters/export",
        "reason",
        {"numbers": "full", "format": "csv", "region": "71.71"},
    ),
}


#: Only then the page asks for an answer.
WITH_A_WARNING = {"decision", "answer to the warnings"}


@pytest.mark.parametrize("name", PAGES)
def test_a_number_is_refused_where_it_was_typed_and_the_rest_is_kept(
    name: str, client: FlaskClient, db_session: Session
) -> None:
    page = PAGES[name](cast(disability=int(name in WITH_A_WARNING)))
    sign_in(client, page.user)
    answer = client.post(page.address, data={**page.others, page.field: TYPED})
    assert answer.status_code == 422
    assert told_at(answer.text) == {f"{page.field}-error"}
    for typed in (TYPED, *page.others.values()):
        assert typed in answer.text or typed == "yes"
    assert NUMBER not in everything()


def test_a_note_of_the_sheet_is_refused_at_its_family(
    client: FlaskClient, db_session: Session
) -> None:
    group = arrange()
    browser = signed_in(client, group)
    marks = {f"p{number}": "sick" for number in range(1, 6)}
    answer = press(
        browser,
        form_of(browser.get(new(group))),
        "check",
        lesson="1",
        n2=TYPED,
        n3="Demam",
        **marks,
    )
    assert answer.status_code == 422
    assert told_at(answer.text) == {"e2"}
    kept = form_of(answer).fields
    assert (kept["n2"], kept["n3"], kept["p5"], kept["lesson"]) == (TYPED, "Demam", "sick", "1")
    assert NUMBER not in everything()


def test_the_reason_for_calling_off_is_refused_at_its_field(
    client: FlaskClient, db_session: Session
) -> None:
    group: Arranged = arrange()
    save(group, everybody(group))
    browser = signed_in(client, group)
    answer = send(browser, form_of(browser.get(form_page(group))), reason=TYPED)
    assert answer.status_code == 422
    assert told_at(answer.text) == {"reason-error"}
    assert TYPED in answer.text
    assert NUMBER not in everything()


def told_at(page: str) -> set[str]:
    """Ids of what stands at fields and says it."""
    errors = re.findall(r'<p class="field-error" id="([^"]+)">(.*?)</p>', page, re.DOTALL)
    return {name for name, said in errors if TOLD in said}
