"""A family that leaves otherwise: the form with its question, its refusal and what stands on the
family's page, on a phone and on a laptop. What is sent stays in a database of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from casework.core import clock
from tests.browser.serving import as_served, served
from tests.browser.visitor import PHONE, Visitor
from tests.factories.exits import WHY, WRONG, leave
from tests.factories.graduation import cast, nominate
from tests.fixtures.application import close

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NAME = "Maria Magdalena Kristina Wowiling-Tumbelaka"


@dataclass(frozen=True)
class Village:
    supervisor: str
    colleague: str
    family: uuid.UUID
    left: uuid.UUID
    nominated: uuid.UUID


@pytest.fixture(scope="module")
def exits_app(chromium: Browser, installed_on_sqlite: Callable[[str], Flask]) -> Iterator[Flask]:
    app = as_served(installed_on_sqlite("exits"))
    yield app
    close(app)


@pytest.fixture
def village(exits_app: Flask) -> Village:
    with exits_app.app_context():
        people = cast(caretaker_name=NAME)
        left, nominated = cast(caretaker_name=NAME), cast(caretaker_name=NAME)
        leave(people.theirs, left.household.id)
        nominate(nominated)
        return Village(
            people.supervisor.username,
            people.colleague.username,
            people.household.id,
            left.household.id,
            nominated.household.id,
        )


@pytest.fixture
def person(chromium: Browser, exits_app: Flask) -> Iterator[Visitor]:
    with served(exits_app) as address:
        context = chromium.new_context(
            base_url=address, viewport=PHONE, locale="id-ID", reduced_motion="reduce"
        )
        visitor = Visitor(context.new_page(), address, exits_app)
        yield visitor
        context.close()
    assert not visitor.complaints, "\n".join(visitor.complaints)


def test_an_exit_is_recorded_on_a_phone(person: Visitor, village: Village) -> None:
    person.sign_in(village.supervisor)
    page = person.page
    person.open(f"/households/{village.family}")
    person.follow(page.get_by_role("link", name="Catat keluarga ini keluar"))
    person.check("exit")
    page.locator("input[name=kind][value=forced]").check(force=True)
    today = clock.today("Asia/Makassar").isoformat()
    page.locator("textarea[name=reason]").fill("dipaksa")
    page.locator("input[name=on]").fill(today)
    person.follow(page.get_by_role("button", name="Lanjutkan"))
    expect(page.locator("main")).to_contain_text("Tulis nomor surat.")
    person.check("exit-refused")
    page.locator("select[name=stage]").select_option(index=2)
    page.locator("textarea[name=reason]").fill(WHY)
    page.locator("input[name=letter]").fill("460/SP3/12/KEL-MOLAS/2026")
    person.follow(page.get_by_role("button", name="Lanjutkan"))
    person.check("exit-question")
    person.follow(page.get_by_role("button", name="Ya, catat"))
    expect(page.locator("main")).to_contain_text("Tercatat: keluarga")
    expect(page.locator("main")).to_contain_text("460/SP3/12/KEL-MOLAS/2026")
    person.check("exit-done")


def test_a_nomination_under_way_stands_in_the_way(person: Visitor, village: Village) -> None:
    person.sign_in(village.supervisor)
    person.open(f"/households/{village.nominated}/exit")
    expect(person.page.locator("main")).to_contain_text("Usulan keluarga ini masih berjalan.")
    person.check("exit-nominated")


def test_a_mistake_is_taken_back_by_an_administrator(person: Visitor, village: Village) -> None:
    person.sign_in(village.colleague)
    page = person.page
    person.open(f"/households/{village.left}")
    person.check("exit-on-page")
    person.follow(page.get_by_role("link", name="Tarik kembali catatan ini"))
    person.check("exit-reverse")
    page.locator("textarea[name=reason]").fill(WRONG)
    person.follow(page.get_by_role("button", name="Ya, tarik kembali"))
    expect(page.locator("main")).to_contain_text("Ditarik kembali: keluarga")
    person.check("exit-taken-back")
