"""What was begun on a phone and not saved says of which day it is, and gives way to what stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.outbox import Handset, today
from tests.browser.pocket import drafted, picture, sent, store_of, taken_along, wait_until
from tests.browser.registers import choose_lesson, save_sheet, sheet_of
from tests.meetings.conftest import Arranged

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

BEGUN = "sudah Anda mulai sebelumnya dan belum disimpan"

#: As a phone keeps it that has not heard that the register was saved.
KEEP = """async ([owner, group, fields]) => {
  const db = await new Promise((resolve) => {
    const request = indexedDB.open("pkh-caseload");
    request.onsuccess = () => resolve(request.result);
  });
  const tx = db.transaction("drafts", "readwrite");
  tx.objectStore("drafts").put({ owner, group, fields });
  await new Promise((resolve) => { tx.oncomplete = resolve; });
  db.close();
}"""


@pytest.fixture
def page(phone: Handset, melati: Arranged) -> Page:
    page = taken_along(phone, melati)
    page.context.set_offline(True)
    page.goto(sheet_of(melati))
    page.locator(".mark").first.wait_for()
    return page


def yesterday() -> str:
    return (today() - timedelta(days=1)).isoformat()


def test_a_register_begun_on_another_day_names_it_and_can_be_begun_anew(
    page: Page, melati: Arranged
) -> None:
    page.locator("#held_on").fill(yesterday())
    page.locator("#held_on").blur()
    page.locator("label[for=m2sick]").click()
    drafted(page, "m2sick")
    page.goto(sheet_of(melati))
    expect(page.locator("#m2sick")).to_be_checked()
    expect(page.get_by_text(BEGUN)).to_be_visible()
    picture(page, "begun-other-day")
    page.get_by_role("button", name="Mulai dari awal").click()
    expect(page.locator("#held_on")).to_have_value(today().isoformat())
    expect(page.locator(".mark input:checked")).to_have_count(0)
    assert store_of(page, "pkh-caseload", "drafts") == []


def test_todays_own_is_there_without_a_word(page: Page, melati: Arranged) -> None:
    page.locator("label[for=m2sick]").click()
    drafted(page, "m2sick")
    page.goto(sheet_of(melati))
    expect(page.locator("#m2sick")).to_be_checked()
    expect(page.get_by_text(BEGUN)).to_be_hidden()


def test_what_was_begun_of_a_day_that_stands_does_not_open_that_day(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    page.locator("#held_on").fill(yesterday())
    page.locator("#held_on").blur()
    choose_lesson(page)
    page.locator("label[for=m2sick]").click()
    drafted(page, "m2sick")
    [draft] = store_of(page, "pkh-caseload", "drafts")
    save_sheet(page)
    sent(phone, page)
    wait_until(page, "caseload", f'"held_on":"{yesterday()}","status":"sent"')
    page.context.set_offline(True)
    page.evaluate(KEEP, [draft["owner"], draft["group"], draft["fields"]])
    page.goto(sheet_of(melati))
    expect(page.locator("#held_on")).to_have_value(today().isoformat())
    expect(page.locator(".mark input:checked")).to_have_count(0)
